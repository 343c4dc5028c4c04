//! Notifications: an app is told that a person's data changed, or that a person connected a source, by a signed `POST` to
//! a URL of its own. It answers 200 within three seconds, or the notification is dropped: none is repeated.

mod control;
mod delivery;
mod target;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::calendar::rfc3339;
use crate::draw::{Draw, purpose};
use crate::sandbox::Sandbox;
use delivery::{Notification, signature};
use target::Target;

pub use control::routes as control;

/// How many notifications are on their way at the same time.
const AT_ONCE: usize = 16;

/// Where notifications go, and how many went.
#[derive(Debug, Default)]
pub struct Notifications {
    target: Option<Target>,
    counts: Arc<Counts>,
}

/// The notifications since the start or the last reset.
#[derive(Debug, Default)]
struct Counts {
    sent: AtomicU64,
    /// With 200, in time.
    answered: AtomicU64,
    dropped: AtomicU64,
}

/// What a notification tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Event {
    #[default]
    DataChanged,
    SourceConnected,
}

/// The result of sending some notifications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Sent {
    sent: u64,
    answered: u64,
    dropped: u64,
}

/// Notifies the app, if it asked for that, that the data of these people changed. Returns at once.
pub fn changed(sandbox: &Arc<Sandbox>, people: Vec<String>) {
    let Some(batch) = Batch::of(sandbox, people, Event::DataChanged) else { return };
    tokio::spawn(batch.send());
}

/// Notifications that are ready to be sent.
struct Batch {
    target: Target,
    counts: Arc<Counts>,
    notifications: Vec<Notification>,
}

impl Batch {
    /// One notification for each of these people, who may be named more than once; `None` if there is nowhere to send
    /// them.
    fn of(sandbox: &Sandbox, people: Vec<String>, event: Event) -> Option<Self> {
        let now = sandbox.dataset().clock.milliseconds();
        let (target, counts) = {
            let notifications = sandbox.notifications();
            (notifications.target.clone()?, Arc::clone(&notifications.counts))
        };
        let notifications = people
            .into_iter()
            .map(|human_id| {
                let number = counts.sent.fetch_add(1, Ordering::SeqCst);
                let payload = json!({
                    "event": event,
                    "clientId": sandbox.settings.client_id,
                    "humanId": human_id,
                    "createdAt": rfc3339(now),
                })
                .to_string();
                let timestamp = now.div_euclid(1000).to_string();
                let mut draw = Draw::new(sandbox.settings.seed, &[purpose("notification"), number]);
                let nonce = format!("{:016x}{:016x}", draw.bits(), draw.bits());
                let signature = signature(target.secret(), &payload, &timestamp, &nonce);
                Notification { payload, timestamp, nonce, signature }
            })
            .collect();
        Some(Self { target, counts, notifications })
    }

    /// Sends them, and waits until each is answered or dropped.
    async fn send(self) -> Sent {
        let Self { target, counts, notifications } = self;
        let outcomes = stream::iter(notifications)
            .map(|notification| delivery::deliver(&target, notification))
            .buffer_unordered(AT_ONCE);
        outcomes
            .fold(Sent::default(), |sent, answered| {
                let count = if answered { &counts.answered } else { &counts.dropped };
                count.fetch_add(1, Ordering::SeqCst);
                let answered = u64::from(answered);
                std::future::ready(Sent {
                    sent: sent.sent + 1,
                    answered: sent.answered + answered,
                    dropped: sent.dropped + 1 - answered,
                })
            })
            .await
    }
}
