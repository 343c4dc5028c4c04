//! `/_sandbox/notifications` and `/_sandbox/notify`, with which tests say where notifications go, and send some.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, middleware};
use serde::Deserialize;
use serde_json::json;

use super::target::Target;
use super::{Batch, Event};
use crate::answer::{Refusal, json as answer};
use crate::control::parsed;
use crate::headers;
use crate::sandbox::Sandbox;

type Shared = State<Arc<Sandbox>>;

/// The most notifications that one request sends.
const MOST: u32 = 10_000;

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/_sandbox/notifications", get(overview).post(aim))
        .route("/_sandbox/notify", post(notify))
        .layer(middleware::from_fn(headers::control))
}

async fn overview(State(sandbox): Shared) -> Response {
    shown(&sandbox)
}

fn shown(sandbox: &Sandbox) -> Response {
    let notifications = sandbox.notifications();
    let counts = &notifications.counts;
    answer(&json!({
        "url": notifications.target.as_ref().map(|target| target.url().to_string()),
        "sent": counts.sent.load(Ordering::SeqCst),
        "answered": counts.answered.load(Ordering::SeqCst),
        "dropped": counts.dropped.load(Ordering::SeqCst),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Aim {
    url: Option<String>,
    secret: Option<String>,
}

/// Says where notifications go from now on; with `"url":null`, that none is sent.
async fn aim(State(sandbox): Shared, body: String) -> Result<Response, Refusal> {
    let target = match parsed(&body)? {
        Aim { url: Some(url), secret: Some(secret) } => {
            Some(Target::new(&url, &secret).map_err(Refusal::bad_request)?)
        }
        Aim { url: None, secret: None } => None,
        Aim { .. } => {
            return Err(Refusal::bad_request("url and secret are expected, or {\"url\":null} to send none"));
        }
    };
    sandbox.notifications().target = target;
    Ok(shown(&sandbox))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Notify {
    human_id: Option<String>,
    times: Option<NonZeroU32>,
    #[serde(default)]
    event: Event,
}

/// Sends notifications although nothing changed, and answers when each is answered or dropped.
async fn notify(State(sandbox): Shared, body: String) -> Result<Response, Refusal> {
    let Notify { human_id, times, event } = parsed(&body)?;
    let times = times.map_or(1, NonZeroU32::get);
    if times > MOST {
        return Err(Refusal::bad_request(format!("times is {times}; at most {MOST} are sent at a time")));
    }
    let person = sandbox.dataset().human_id();
    let human_id = human_id.unwrap_or_else(|| person.clone());
    if human_id != person && sandbox.app_data().user_named(&human_id).is_none() {
        return Err(Refusal::not_found(format!(
            "{human_id:?} is neither the person, {person:?}, nor a user of the app"
        )));
    }
    let people = vec![human_id; times as usize];
    let batch = Batch::of(&sandbox, people, event).ok_or_else(|| {
        Refusal::bad_request(
            "there is nowhere to send it; POST url and secret to /_sandbox/notifications first",
        )
    })?;
    Ok(answer(&json!(batch.send().await)))
}
