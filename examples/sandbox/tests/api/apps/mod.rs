//! The side for apps: who may ask, windows and pages over all users, and what the control endpoints change and tell.

mod changes;
mod churn;
mod clock;
mod gate;
mod looks;
mod pages;
mod records;
mod streams;
mod users;
mod windows;

use axum::body::Body;
use axum::http::{Method, Request};
use humansync_sandbox::{AppSize, Settings};
use serde_json::{Value, json};

use crate::client::{Answer, Client};

pub const TYPES: [&str; 16] = [
    "activities",
    "activities/summaries",
    "sleeps",
    "sleeps/summaries",
    "locations",
    "heart_rates",
    "heart_rate/summaries",
    "bmis",
    "body_fats",
    "heights",
    "weights",
    "blood_pressures",
    "blood_glucoses",
    "blood_oxygens",
    "food/meals",
    "genetic_traits",
];

/// `printf demo-app-key: | base64`
pub const KEY: &str = "Basic ZGVtby1hcHAta2V5Og==";
pub const USERS: &str = "/v1/apps/demo-app/users";

/// A good request for something of the app's.
pub fn asked(method: Method, path: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("host", "sandbox.test")
        .header("authorization", KEY)
        .header("accept", "application/json")
        .body(Body::empty())
        .expect("a request")
}

/// A sandbox with fifty users and about 20 000 records of a hundred days. It is noon of 2025-06-30.
pub fn small() -> Client {
    let app_size = AppSize { users: 50, days: 100, records: 20_000 };
    Client::with(Settings { app_size, ..Settings::default() })
}

impl Client {
    /// `GET` under the app's users.
    pub async fn of_all(&self, path: &str) -> Answer {
        self.send(asked(Method::GET, &format!("{USERS}{path}"))).await.expect("a whole answer")
    }

    /// Every record of a type, as the sandbox holds them.
    pub async fn held(&self, batch_type: &str) -> Vec<Value> {
        let dump = self.text(&format!("/app/dump/{batch_type}")).await;
        assert_eq!((dump.status.as_u16(), dump.header("content-type")), (200, Some("application/x-ndjson")));
        dump.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    pub async fn mutated(&self, change: Value) -> Value {
        let answer = self.post("/app/mutate", &change).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    /// Sets the clock; gives what it shows.
    pub async fn clock(&self, change: Value) -> String {
        let answer = self.post("/clock", &change).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        text(&answer.json(), "now").to_owned()
    }
}

pub fn text<'a>(record: &'a Value, field: &str) -> &'a str {
    record[field].as_str().unwrap_or_else(|| panic!("{field} of {record}"))
}

/// What tells records apart: the id; the person and the trait where there is none.
pub fn name(record: &Value) -> String {
    match record.get("id") {
        Some(id) => id.as_str().expect("a text").to_owned(),
        None => format!("{} {}", text(record, "humanId"), text(record, "trait")),
    }
}

pub fn did(inserted: usize, updated: usize, removed: usize) -> Value {
    json!({ "inserted": inserted, "updated": updated, "removed": removed })
}
