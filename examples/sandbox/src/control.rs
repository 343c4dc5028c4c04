//! `/_sandbox/…`, with which tests turn on faults, change the data, and read the log. No token is needed. The endpoints
//! for samples are in `samples`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, middleware};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::answer::{Refusal, json as answer};
use crate::app_data;
use crate::calendar::rfc3339;
use crate::catalogue::DataType;
use crate::data::change::Change;
use crate::headers;
use crate::notifications;
use crate::sandbox::Sandbox;

type Shared = State<Arc<Sandbox>>;

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/_sandbox", get(overview))
        .route("/_sandbox/faults", get(faults).post(update_faults))
        .route("/_sandbox/reset", post(reset))
        .route("/_sandbox/log", get(log))
        .route("/_sandbox/mutate", post(mutate))
        .route("/_sandbox/dump/{*data_type}", get(dump))
        .layer(middleware::from_fn(headers::control))
}

async fn overview(State(sandbox): Shared) -> Response {
    let samples = sandbox.samples().total();
    let mut dataset = sandbox.dataset();
    let lists: serde_json::Map<String, Value> = DataType::all()
        .map(|data_type| (data_type.name().to_owned(), json!(dataset.rows(data_type).len())))
        .collect();
    answer(&json!({
        "now": rfc3339(dataset.now() * 1000),
        "seed": sandbox.settings.seed,
        "lists": lists,
        "samples": samples,
        "endpoints": [
            "GET /_sandbox/faults", "POST /_sandbox/faults", "POST /_sandbox/reset", "GET /_sandbox/log",
            "POST /_sandbox/mutate", "GET /_sandbox/dump/{type}",
            "GET /_sandbox/person", "POST /_sandbox/person/mutate", "GET /_sandbox/person/dump/{type}",
            "GET /_sandbox/app", "POST /_sandbox/app/mutate", "GET /_sandbox/app/dump/{type}",
            "GET /_sandbox/app/checksum/{type}?updated_since=&updated_before=", "POST /_sandbox/clock",
            "GET /_sandbox/notifications", "POST /_sandbox/notifications", "POST /_sandbox/notify",
            "GET /_sandbox/samples", "DELETE /_sandbox/samples", "GET /_sandbox/samples/dump?type=&device=",
        ],
    }))
}

async fn faults(State(sandbox): Shared) -> Result<Response, Refusal> {
    shown(&sandbox)
}

async fn update_faults(State(sandbox): Shared, body: String) -> Result<Response, Refusal> {
    let update = parsed(&body)?;
    {
        let mut faults = sandbox.faults_mut();
        *faults = faults.updated(&update).map_err(Refusal::bad_request)?;
    }
    shown(&sandbox)
}

fn shown(sandbox: &Sandbox) -> Result<Response, Refusal> {
    let faults = serde_json::to_value(sandbox.faults())
        .map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(answer(&faults))
}

async fn reset(State(sandbox): Shared) -> StatusCode {
    sandbox.reset();
    StatusCode::NO_CONTENT
}

async fn log(State(sandbox): Shared) -> Response {
    answer(&sandbox.recorder.report())
}

#[derive(Deserialize)]
struct ListMutation {
    #[serde(rename = "type")]
    data_type: String,
    #[serde(flatten)]
    change: serde_json::Map<String, Value>,
}

async fn mutate(State(sandbox): Shared, body: String) -> Result<Response, Refusal> {
    let mutation: ListMutation = parsed(&body)?;
    let data_type = named(&mutation.data_type)?;
    let change: Change = serde_json::from_value(Value::Object(mutation.change))
        .map_err(|error| Refusal::bad_request(error.to_string()))?;
    if change.insert_front.max(change.insert_anywhere) > 100_000 {
        return Err(Refusal::bad_request(
            "more than 100000 records are to be inserted; insert them in parts",
        ));
    }
    let (changed, human_id) = {
        let mut dataset = sandbox.dataset();
        (dataset.change(data_type, change), dataset.human_id())
    };
    if !(changed.inserted.is_empty() && changed.removed.is_empty() && changed.touched.is_empty()) {
        notifications::changed(&sandbox, vec![human_id]);
    }
    Ok(answer(&json!(changed)))
}

/// The content of a list in its order, independent of query options and paging, as an oracle for tests.
async fn dump(State(sandbox): Shared, Path(name): Path<String>) -> Result<Response, Refusal> {
    let data_type = named(&name)?;
    let mut dataset = sandbox.dataset();
    let rows = dataset.rows(data_type).to_vec();
    let list = |part: fn(&crate::data::row::Row) -> Value| rows.iter().map(part).collect::<Vec<_>>();
    let mut dump = json!({ "type": data_type.name(), "total": rows.len() });
    match data_type {
        DataType::GeneticTrait => {
            let records = dataset.records(data_type, &rows, false);
            dump["traits"] = records.into_iter().map(|mut record| record["trait"].take()).collect();
        }
        _ => dump["ids"] = json!(list(|row| json!(row.id()))),
    }
    dump["updatedAt"] = json!(list(|row| json!(rfc3339(row.updated))));
    Ok(answer(&dump))
}

/// Parses a body of any Content-Type, because `curl -d` does not send that of JSON.
pub fn parsed<T: DeserializeOwned>(body: &str) -> Result<T, Refusal> {
    serde_json::from_str(body)
        .map_err(|error| Refusal::bad_request(format!("the body is not what is expected: {error}")))
}

/// The list with this name.
///
/// Errors: 404 if there is none.
pub fn named(name: &str) -> Result<DataType, Refusal> {
    DataType::named(name)
        .ok_or_else(|| Refusal::not_found(format!("{name:?} is no list; there are {}", DataType::names())))
}

/// The most records of a type that one request may change.
pub const MOST: usize = 1_000_000;

/// The body of a request that changes the data of an app or of a person.
pub struct Mutation {
    /// All types if there is none.
    pub type_name: Option<String>,
    pub change: app_data::change::Change,
}

impl Mutation {
    /// Errors: 400 for a body that is not understood, or would change too many records.
    pub fn read(body: &str) -> Result<Self, Refusal> {
        #[derive(Deserialize)]
        struct Typed {
            #[serde(rename = "type")]
            type_name: Option<String>,
            #[serde(flatten)]
            change: serde_json::Map<String, Value>,
        }
        let Typed { type_name, change } = parsed(body)?;
        let change: app_data::change::Change = serde_json::from_value(Value::Object(change))
            .map_err(|error| Refusal::bad_request(error.to_string()))?;
        if change.size() > MOST {
            return Err(Refusal::bad_request(format!(
                "more than {MOST} records of a type are to be changed; change them in parts"
            )));
        }
        Ok(Self { type_name, change })
    }
}
