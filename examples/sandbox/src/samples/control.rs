//! `/_sandbox/samples`: the samples that arrived, as counts or one by one. No token is needed.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::answer::{Refusal, json};
use crate::headers;
use crate::samples::rules::DataType;
use crate::samples::store::{Batch, Kind, Record};
use crate::sandbox::Sandbox;

type Shared = State<Arc<Sandbox>>;

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/_sandbox/samples", get(report).delete(forget))
        .route("/_sandbox/samples/dump", get(dump))
        .layer(middleware::from_fn(headers::control))
}

async fn report(State(sandbox): Shared) -> Response {
    json(&sandbox.samples().report())
}

async fn forget(State(sandbox): Shared) -> StatusCode {
    *sandbox.samples() = Default::default();
    StatusCode::NO_CONTENT
}

/// The filter for samples.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(rename = "type")]
    data_type: Option<DataType>,
    device: Option<String>,
}

/// Streams the samples as lines, a batch at a time, because they may be too many to be in memory twice.
async fn dump(State(sandbox): Shared, uri: Uri) -> Result<Response, Refusal> {
    let Query(wanted) = Query::<Wanted>::try_from_uri(&uri).map_err(|error| {
        Refusal::bad_request(format!("type (steps or bpm) and device can be given: {error}"))
    })?;
    let batches = sandbox.samples().batches();
    let pieces = batches
        .into_iter()
        .filter(move |batch| wanted.data_type.is_none_or(|data_type| data_type == batch.data_type))
        .map(move |batch| lines(&batch, wanted.device.as_deref()))
        .filter(|lines| !lines.is_empty())
        .map(Ok::<_, Infallible>);
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson; charset=utf-8")];
    Ok((headers, Body::from_stream(stream::iter(pieces))).into_response())
}

#[derive(Serialize)]
struct Line<'a> {
    batch: usize,
    #[serde(rename = "type")]
    data_type: DataType,
    repeat: bool,
    sample: Fields<'a>,
}

/// A sample as it was sent.
#[derive(Serialize)]
struct Fields<'a> {
    device_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_version: Option<&'a str>,
    start_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<String>,
    unit: &'static str,
    value: Option<Number>,
}

fn lines(batch: &Batch, device: Option<&str>) -> Vec<u8> {
    let mut lines = Vec::new();
    for (kind, record) in batch.samples() {
        if device.is_some_and(|device| device != kind.device_name) {
            continue;
        }
        let line = Line {
            batch: batch.number,
            data_type: batch.data_type,
            repeat: record.repeat,
            sample: fields(kind, record),
        };
        // Writing these types to a Vec cannot fail.
        if serde_json::to_writer(&mut lines, &line).is_ok() {
            lines.push(b'\n');
        }
    }
    lines
}

fn fields<'a>(kind: &'a Kind, record: &Record) -> Fields<'a> {
    Fields {
        device_name: &kind.device_name,
        device_version: kind.device_version.as_deref(),
        start_date: record.start.to_string(),
        end_date: record.end.map(|end| end.to_string()),
        unit: kind.unit.name(),
        value: number(record.value),
    }
}

/// A number, as an integer if it is whole, because that is most likely how it was sent.
fn number(value: f64) -> Option<Number> {
    /// Above this, a float may not be the exact 64-bit integer.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value.fract() == 0.0 && value < EXACT {
        true => Some(Number::from(value as u64)),
        false => Number::from_f64(value),
    }
}
