//! The API that takes samples: its rules, the store of what arrived, and faults on the way.

mod faults;
mod rules;
mod store;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::client::{Answer, Client};

pub const PATH: &str = "/api/v1.1/samples";

/// A good request with this body.
pub fn post(body: impl Into<Body>) -> Request<Body> {
    Request::post(PATH)
        .header("host", "sandbox.test")
        .header("authorization", "Bearer demo")
        .header("content-type", "application/json")
        .body(body.into())
        .expect("a request")
}

/// The documentation's example, so many seconds later.
pub fn sample(second: usize) -> Value {
    json!({
        "device_name": "iPhone",
        "device_version": "17.0.3",
        "start_date": format!("2023-11-01T{:02}:{:02}:{:02}.000+04:00", second / 3600, second / 60 % 60, second % 60),
        "end_date": "2023-11-01T23:59:59.999+04:00",
        "value": 14,
        "unit": "count",
    })
}

/// A good batch of steps from one second to before another.
pub fn batch(seconds: std::ops::Range<usize>) -> Value {
    json!({ "data_type": "steps", "data": seconds.map(sample).collect::<Vec<_>>() })
}

impl Client {
    pub async fn batch(&self, batch: &Value) -> Answer {
        self.send(post(batch.to_string())).await.expect("a whole answer")
    }

    pub async fn total(&self) -> Value {
        self.look("/samples").await["total"].clone()
    }

    /// What arrived, with the query of a dump.
    pub async fn arrived(&self, query: &str) -> Vec<Value> {
        let dump = self.text(&format!("/samples/dump{query}")).await;
        assert_eq!(
            (dump.status.as_u16(), dump.header("content-type")),
            (200, Some("application/x-ndjson; charset=utf-8"))
        );
        dump.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}
