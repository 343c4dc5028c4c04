//! `/_sandbox/app…` and `/_sandbox/clock`, with which tests change and inspect the app's data and the clock.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::{Refusal, json as answer};
use crate::app_data::batch_type::BatchType;
use crate::app_data::change::Change;
use crate::app_data::{human_id, records};
use crate::calendar::{parse_rfc3339, rfc3339};
use crate::control::parsed;
use crate::headers;
use crate::sandbox::Sandbox;

type Shared = State<Arc<Sandbox>>;

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/_sandbox/app", get(overview))
        .route("/_sandbox/app/dump/{*batch_type}", get(dump))
        .route("/_sandbox/app/mutate", post(mutate))
        .route("/_sandbox/clock", post(clock))
        .layer(middleware::from_fn(headers::control))
}

async fn overview(State(sandbox): Shared) -> Response {
    let now = sandbox.dataset().now();
    let log = json!(*sandbox.app_log());
    let mut app = sandbox.app_data();
    let lists: Map<String, Value> = BatchType::ALL
        .into_iter()
        .map(|batch_type| (batch_type.name().to_owned(), json!(app.count(batch_type))))
        .collect();
    let mut overview = json!({
        "now": rfc3339(now * 1000),
        "clientId": sandbox.settings.client_id,
        "users": app.users().len(),
        "lists": lists,
    });
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
        let mut app = sandbox.app_data();
        (app.entries(batch_type).to_vec(), app.seed())
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

/// The most records of a type that one request may change.
const MOST: usize = 1_000_000;

#[derive(Deserialize)]
struct Mutation {
    #[serde(rename = "type")]
    batch_type: Option<String>,
    #[serde(flatten)]
    change: Map<String, Value>,
}

async fn mutate(State(sandbox): Shared, body: String) -> Result<Response, Refusal> {
    let mutation: Mutation = parsed(&body)?;
    let types = match &mutation.batch_type {
        Some(name) => vec![named(name)?],
        None => BatchType::ALL.to_vec(),
    };
    let change: Change = serde_json::from_value(Value::Object(mutation.change))
        .map_err(|error| Refusal::bad_request(error.to_string()))?;
    if change.size() > MOST {
        return Err(Refusal::bad_request(format!(
            "more than {MOST} records of a type are to be changed; change them in parts"
        )));
    }
    let now = sandbox.dataset().now();
    let mut app = sandbox.app_data();
    let changed: Map<String, Value> = types
        .into_iter()
        .map(|batch_type| (batch_type.name().to_owned(), json!(app.change(batch_type, change, now))))
        .collect();
    Ok(answer(&Value::Object(changed)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Clock {
    now: Option<String>,
    advance_seconds: Option<u32>,
}

async fn clock(State(sandbox): Shared, body: String) -> Result<Response, Refusal> {
    let clock: Clock = parsed(&body)?;
    let mut dataset = sandbox.dataset();
    let now = match clock {
        Clock { now: Some(now), advance_seconds: None } => {
            parse_rfc3339(&now).map_err(Refusal::bad_request)?
        }
        Clock { now: None, advance_seconds: Some(seconds) } => dataset.now() + i64::from(seconds),
        Clock { .. } => {
            return Err(Refusal::bad_request("either now or advanceSeconds is expected, and not both"));
        }
    };
    dataset.set_now(now);
    Ok(answer(&json!({ "now": rfc3339(now * 1000) })))
}

fn named(name: &str) -> Result<BatchType, Refusal> {
    BatchType::named(name).ok_or_else(|| {
        Refusal::not_found(format!("{name:?} is no type of the app; there are {}", BatchType::names()))
    })
}
