//! `/_sandbox/person…`, with which tests change and inspect one person's lists.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use serde_json::{Map, Value, json};

use crate::answer::{Refusal, json as answer};
use crate::app_data::change::Changed;
use crate::calendar::rfc3339;
use crate::catalogue::DataType;
use crate::control::{Mutation, named};
use crate::headers;
use crate::notifications;
use crate::sandbox::Sandbox;

type Shared = State<Arc<Sandbox>>;

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/_sandbox/person", get(overview))
        .route("/_sandbox/person/dump/{*data_type}", get(dump))
        .route("/_sandbox/person/mutate", post(mutate))
        .layer(middleware::from_fn(headers::control))
}

/// The size, the latest update and the checksum of each list.
async fn overview(State(sandbox): Shared) -> Response {
    let mut dataset = sandbox.dataset();
    let lists: Map<String, Value> = DataType::all()
        .map(|data_type| {
            let rows = dataset.rows(data_type);
            let latest = rows.iter().map(|row| row.updated).max();
            let mut list = json!({ "records": rows.len(), "latestUpdate": latest.map(rfc3339) });
            if data_type != DataType::GeneticTrait {
                let sum = rows.iter().fold(0, |sum: u32, row| sum.wrapping_add(row.checksum()));
                list["checksum"] = json!(sum);
            }
            (data_type.name().to_owned(), list)
        })
        .collect();
    answer(&json!({
        "now": rfc3339(dataset.now() * 1000),
        "humanId": dataset.human_id(),
        "lists": lists,
    }))
}

/// Every record in the API's form, one in a line, independent of query options and paging. The lines are sorted by id,
/// those of traits by name, so that two dumps can be compared.
async fn dump(State(sandbox): Shared, Path(name): Path<String>) -> Result<Response, Refusal> {
    let data_type = named(&name)?;
    let mut records = {
        let mut dataset = sandbox.dataset();
        let rows = dataset.rows(data_type).to_vec();
        dataset.records(data_type, &rows, false)
    };
    let field = if data_type == DataType::GeneticTrait { "trait" } else { "id" };
    records.sort_by(|one, other| one[field].as_str().cmp(&other[field].as_str()));
    let text: String = records.iter().map(|record| format!("{record}\n")).collect();
    let lines = HeaderValue::from_static("application/x-ndjson");
    Ok(([(header::CONTENT_TYPE, lines)], text).into_response())
}

async fn mutate(State(sandbox): Shared, body: String) -> Result<Response, Refusal> {
    let Mutation { type_name, change } = Mutation::read(&body)?;
    let types = match &type_name {
        Some(name) => vec![named(name)?],
        None => DataType::all().collect(),
    };
    let mut dataset = sandbox.dataset();
    let changed: Vec<(DataType, Changed)> =
        types.into_iter().map(|data_type| (data_type, dataset.mutate(data_type, change))).collect();
    let human_id = dataset.human_id();
    drop(dataset);
    if changed.iter().any(|(_, changed)| *changed != Changed::default()) {
        notifications::changed(&sandbox, vec![human_id]);
    }
    let changed: Map<String, Value> = changed
        .into_iter()
        .map(|(data_type, changed)| (data_type.name().to_owned(), json!(changed)))
        .collect();
    Ok(answer(&Value::Object(changed)))
}
