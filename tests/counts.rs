//! Every count that goes out to JavaScript is written as a double (`humansync_ingest::as_double`): serde-wasm-bindgen
//! refuses larger integers than 2^53, and one refused count takes its whole report, plan or event along. (The counts of a page are written as
//! doubles in `src/bindings/records.rs`.)
//!
//! Each type is here with all of its fields, so that a new field cannot be left out: give every count the value `MOST`.

#![allow(clippy::unwrap_used)]
#![cfg(not(target_arch = "wasm32"))]

use humansync::http::{Event, Reason, Warning};
use humansync::sync::{SyncProgress, SyncReport, TypeReport};
use humansync::upload::{DevicePlan, UploadFailure, UploadPlan, UploadProgress, UploadReport, Watermark};
use humansync_ingest::{Instant, Rejection, RejectionCode};
use serde::Serialize;
use serde_json::Value;

const MOST: u64 = u64::MAX;
const LARGEST_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// The places in `value` with an integer that serde-wasm-bindgen refuses.
fn refused(place: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Number(number) => {
            let is_refused = number.as_u64().is_some_and(|number| number > LARGEST_SAFE_INTEGER);
            if is_refused { vec![place.to_owned()] } else { Vec::new() }
        }
        Value::Array(values) => {
            values.iter().flat_map(|value| refused(&format!("{place}[]"), value)).collect()
        }
        Value::Object(members) => {
            members.iter().flat_map(|(name, value)| refused(&format!("{place}.{name}"), value)).collect()
        }
        _ => Vec::new(),
    }
}

fn assert_doubles(name: &str, value: &impl Serialize) {
    assert_eq!(refused(name, &serde_json::to_value(value).unwrap()), Vec::<String>::new());
}

fn rejection() -> Rejection {
    Rejection {
        index: MOST,
        line: Some(MOST),
        path: String::new(),
        code: RejectionCode::Syntax,
        message: String::new(),
    }
}

fn watermark() -> Watermark {
    Watermark { device: String::new(), until: None, samples: MOST }
}

#[test]
fn an_integer_that_is_refused_is_found_in_any_place() {
    let value =
        serde_json::json!({ "a": [{ "b": MOST }, { "b": 5, "c": MOST }, 1e300], "d": LARGEST_SAFE_INTEGER });
    assert_eq!(refused("x", &value), ["x.a[].b", "x.a[].c"]);
}

#[test]
fn counts_of_uploads_are_doubles() {
    let start = Instant::from_unix_seconds(0).unwrap();
    let report = UploadReport {
        read: MOST,
        carried: MOST,
        sent: MOST,
        resent: MOST,
        already_sent: MOST,
        duplicates: MOST,
        rejected_count: MOST,
        rejected: vec![rejection()],
        held: MOST,
        unknown: MOST,
        failed: MOST,
        failures: vec![UploadFailure { status: 500, message: "", first: MOST, count: MOST }],
        batches: MOST,
        requests: MOST,
        retries: MOST,
        bytes_sent: MOST,
        watermarks: vec![watermark()],
        warnings: vec![&Warning { code: "", message: "" }],
    };
    assert_doubles("report", &report);
    let plan = UploadPlan {
        samples: MOST,
        batches: MOST,
        already_sent: MOST,
        duplicates: MOST,
        held: MOST,
        rejected_count: MOST,
        rejected: vec![rejection()],
        first: Some(start),
        last: Some(start),
        devices: Vec::new(),
        by_device: vec![DevicePlan { device: String::new(), samples: MOST, first: start, last: start }],
    };
    assert_doubles("plan", &plan);
    let progress = UploadProgress {
        read: MOST,
        rejected: MOST,
        already_sent: MOST,
        sent: MOST,
        total: Some(MOST),
        batches_done: MOST,
        batches: Some(MOST),
        bytes_read: MOST,
        bytes_total: Some(MOST),
    };
    assert_doubles("progress", &progress);
}

#[test]
fn counts_of_a_sync_are_doubles() {
    let name = "weights";
    let of_type = TypeReport { name, records: MOST, until: Some(0), pages: MOST };
    let report = SyncReport { records: MOST, requests: MOST, retries: MOST, types: vec![of_type] };
    assert_doubles("report", &report);
    let progress =
        SyncProgress { name, records: MOST, expected: Some(MOST), windows_done: MOST, windows: MOST };
    assert_doubles("progress", &progress);
}

#[test]
fn counts_of_events_are_doubles() {
    let (id, attempt) = (u32::MAX, u32::MAX);
    for event in [
        Event::Request { id, method: "GET", path: "/".into(), attempt },
        Event::Response { id, status: u16::MAX, duration: MOST, request_id: None },
        Event::Retry { id, attempt, delay: MOST, reason: Reason::Timeout },
        Event::Warning(&Warning { code: "", message: "" }),
        Event::count_short(MOST, MOST),
    ] {
        assert_doubles("event", &event);
    }
}
