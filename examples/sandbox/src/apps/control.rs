//! `/_sandbox/app…` and `/_sandbox/clock`, with which tests change and inspect the app's data and the clock.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::{Refusal, json as answer};
use crate::app_data::batch_type::BatchType;
use crate::app_data::{human_id, records};
use crate::calendar::{parse_rfc3339, rfc3339};
use crate::control::{Mutation, parsed};
use crate::headers;
use crate::human::query::ListQuery;
use crate::notifications;
use crate::sandbox::Sandbox;

type Shared = State<Arc<Sandbox>>;

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/_sandbox/app", get(overview))
        .route("/_sandbox/app/dump/{*batch_type}", get(dump))
        .route("/_sandbox/app/checksum/{*batch_type}", get(checksum))
        .route("/_sandbox/app/mutate", post(mutate))
        .route("/_sandbox/clock", post(clock))
        .layer(middleware::from_fn(headers::control))
}

async fn overview(State(sandbox): Shared) -> Response {
    let clock = sandbox.dataset().clock;
    let log = json!(*sandbox.app_log());
    let mut app = sandbox.app_data();
    let mut count = |batch_type| match app.stream(batch_type) {
        Some(stream) => json!(stream.count(clock.milliseconds())),
        None => json!(app.count(batch_type)),
    };
    let lists: Map<String, Value> = BatchType::ALL
        .map(|batch_type| (batch_type.name().to_owned(), count(batch_type)))
        .into_iter()
        .collect();
    let mut overview = json!({
        "now": rfc3339(clock.seconds() * 1000),
        "clientId": sandbox.settings.client_id,
        "users": app.users().len(),
        "lists": lists,
    });
    if let Some(stream) = app.streamed() {
        let name = stream.batch_type().name();
        let walk = sandbox.app_log().walks.get(name).copied().unwrap_or_default();
        overview["stream"] = json!({
            "type": name,
            "records": stream.count(clock.milliseconds()),
            "maxOffset": walk.max_offset,
            "maxWalkedTotal": walk.max_walked_total,
        });
    }
    if let (Value::Object(overview), Value::Object(log)) = (&mut overview, log) {
        overview.extend(log);
    }
    answer(&overview)
}

/// The number of records in a chunk of a dump, because a list may have millions.
const PIECE: usize = 1000;

/// Every record in the API's form, one in a line, independent of windows and paging. The lines are sorted by id, so
/// that two dumps can be compared.
async fn dump(State(sandbox): Shared, Path(name): Path<String>) -> Result<Response, Refusal> {
    let batch_type = named(&name)?;
    let (mut entries, seed) = {
        let now = sandbox.dataset().clock.milliseconds();
        let mut app = sandbox.app_data();
        let entries = match app.stream(batch_type) {
            Some(stream) if stream.count(now) > MOST as u64 => return Err(too_many_to_dump(batch_type)),
            Some(stream) => stream.entries(0..stream.count(now)).collect(),
            None => app.entries(batch_type).to_vec(),
        };
        (entries, app.seed())
    };
    match batch_type {
        // The keys of one person's traits are in the order of their names.
        BatchType::GeneticTraits => {
            entries.sort_by_cached_key(|entry| (human_id(seed, entry.user), entry.key))
        }
        _ => entries.sort_unstable_by_key(|entry| ((entry.created / 1000) as u32, entry.key)),
    }
    let starts = (0..entries.len()).step_by(PIECE);
    let pieces = starts.map(move |start| {
        let mut text = String::with_capacity(PIECE * 420);
        for entry in entries.iter().skip(start).take(PIECE) {
            records::write(&mut text, batch_type, entry, &human_id(seed, entry.user), false);
            text.push('\n');
        }
        Ok::<_, Infallible>(text)
    });
    let lines = HeaderValue::from_static("application/x-ndjson");
    Ok(([(header::CONTENT_TYPE, lines)], Body::from_stream(stream::iter(pieces))).into_response())
}

fn too_many_to_dump(batch_type: BatchType) -> Refusal {
    let name = batch_type.name();
    Refusal::bad_request(format!(
        "{name} is streamed, and has more than {MOST} records; compare GET /_sandbox/app/checksum/{name} instead"
    ))
}

/// The number of records in a window, and their checksum, in any order: over all of them the sum of the id's last eight
/// hex digits as a number and of the update in Unix milliseconds, modulo 2³².
async fn checksum(State(sandbox): Shared, Path(name): Path<String>, uri: Uri) -> Result<Response, Refusal> {
    let batch_type = named(&name)?;
    if batch_type == BatchType::GeneticTraits {
        return Err(Refusal::not_found("genetic_traits has no ids, from which a checksum could be made"));
    }
    let query = ListQuery::read(&uri, &BTreeSet::new())?;
    if let Some((other, _)) = query.sent.iter().find(|(name, _)| !name.starts_with("updated_")) {
        return Err(Refusal::bad_request(format!(
            "{other} is given; a checksum takes updated_since and updated_before only"
        )));
    }
    let (since, before) = query.updated();
    let (since, before) = (since.map_or(i64::MIN, |at| at * 1000), before.map_or(i64::MAX, |at| at * 1000));
    let now = sandbox.dataset().clock.milliseconds();
    let stream = sandbox.app_data().stream(batch_type);
    let (records, checksum) = match stream {
        Some(stream) => {
            let window = stream.window(since, before, now);
            let records = window.end - window.start;
            // It may take seconds.
            let sum = tokio::task::spawn_blocking(move || stream.checksum(window)).await;
            (
                records,
                sum.map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?,
            )
        }
        None => {
            let mut app = sandbox.app_data();
            let window = app.window(batch_type, since, before);
            let entries = &app.entries(batch_type)[window];
            let sum = entries.iter().fold(0, |sum: u32, entry| sum.wrapping_add(entry.checksum()));
            (entries.len() as u64, sum)
        }
    };
    Ok(answer(&json!({ "records": records, "checksum": checksum })))
}

/// The most records that are dumped of a streamed list.
const MOST: usize = 1_000_000;

async fn mutate(State(sandbox): Shared, body: String) -> Result<Response, Refusal> {
    let Mutation { type_name, change } = Mutation::read(&body)?;
    let types = match &type_name {
        Some(name) => vec![named(name)?],
        None => BatchType::ALL.to_vec(),
    };
    let now = sandbox.dataset().now();
    let mut app = sandbox.app_data();
    if let Some(batch_type) = types.iter().find(|batch_type| app.stream(**batch_type).is_some()) {
        return Err(Refusal::bad_request(format!(
            "{} is streamed, and changes by its --stream-rate only; name another type",
            batch_type.name()
        )));
    }
    let changed: Map<String, Value> = types
        .into_iter()
        .map(|batch_type| (batch_type.name().to_owned(), json!(app.change(batch_type, change, now))))
        .collect();
    let seed = app.seed();
    let changed_users = app.take_changed_users();
    drop(app);
    notifications::changed(&sandbox, changed_users.into_iter().map(|user| human_id(seed, user)).collect());
    Ok(answer(&Value::Object(changed)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Clock {
    now: Option<String>,
    advance_seconds: Option<u32>,
    running: Option<bool>,
}

async fn clock(State(sandbox): Shared, body: String) -> Result<Response, Refusal> {
    let change: Clock = parsed(&body)?;
    let mut dataset = sandbox.dataset();
    let clock = &mut dataset.clock;
    match change {
        Clock { now: Some(now), advance_seconds: None, running: None } => {
            clock.set(parse_rfc3339(&now).map_err(Refusal::bad_request)?);
        }
        Clock { now: None, advance_seconds: Some(seconds), running: None } => clock.advance(seconds),
        Clock { now: None, advance_seconds: None, running: Some(runs) } => clock.run(runs),
        Clock { .. } => {
            return Err(Refusal::bad_request(
                "either now, advanceSeconds or running is expected, and only one of them",
            ));
        }
    }
    Ok(answer(&json!({ "now": rfc3339(clock.seconds() * 1000), "running": clock.runs() })))
}

fn named(name: &str) -> Result<BatchType, Refusal> {
    BatchType::named(name).ok_or_else(|| {
        Refusal::not_found(format!("{name:?} is no type of the app; there are {}", BatchType::names()))
    })
}
