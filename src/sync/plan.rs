//! A plan: the closed windows that are not read yet, as work that can be done anywhere and in any order.
//!
//! Closed means that the server's clock has passed them by a minute, so that nothing is updated in them any more. How
//! many records a window has is asked for with a query for a single one.

use super::app::App;
use super::coverage::Coverage;
use super::division::Division;
use super::mark_slots::MarkCapacity;
use super::run_context::{RunContext, SyncOptions};
use super::sync_type::SyncType;
use super::type_sync::CLOSED_AFTER;
use super::window::{SHARED_SECONDS, Window, rfc3339};
use crate::api::{BatchType, QueryInit};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::Abort;
use crate::pages::{ListTransport, Walk};
use serde::{Serialize, Serializer};

/// How far clocks may differ without a warning, in seconds: as in runs by default.
const OVERLAP: i64 = 300;

/// What is planned. Times are in seconds since the epoch.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// Where the first window begins.
    pub since: i64,
    /// Where the last window ends at the latest. Default: a minute before the server's clock, which is never exceeded.
    pub until: Option<i64>,
    /// The first second of each interval that is read already, and the first second after it.
    pub covered: Vec<(i64, i64)>,
    /// The most records in one window.
    pub window_records: u64,
}

/// One window, as work to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedWindow {
    /// The name of its type.
    #[serde(rename = "type")]
    pub name: &'static str,
    /// Its first second.
    #[serde(serialize_with = "as_text")]
    pub since: i64,
    /// The first second after it.
    #[serde(serialize_with = "as_text")]
    pub before: i64,
    /// The total of the query for it, which may have the second before it as well; `None` if it is not known.
    #[serde(serialize_with = "humansync_ingest::as_double")]
    pub expected: Option<u64>,
}

fn as_text<S: Serializer>(seconds: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339(*seconds))
}

impl<T: ListTransport, C: Clock> App<T, C> {
    /// The closed windows of a type that are not covered, in the order of time. Nothing that is not covered lies between
    /// two of them. Errors: those of [`Client::call`](crate::http::Client::call).
    pub async fn plan(
        &self,
        batch_type: BatchType,
        options: PlanOptions,
        abort: Abort,
    ) -> Result<Vec<PlannedWindow>, Error> {
        let sync_type = self.sync_type(batch_type);
        let context = self.context(options.window_records, abort);
        // A window that is planned too late is planned the next time; one too early would lose records.
        context.clock(&sync_type).await?;
        let closed = context.ceiling().saturating_sub(CLOSED_AFTER);
        let end = options.until.map_or(closed, |until| until.min(closed));
        let covered = Coverage::of_intervals(options.covered);
        let mut division = Division::new(options.window_records, sync_type.longest_window());
        let (mut windows, mut from) = (Vec::new(), options.since);
        while let Some(window) = division.candidate(&covered, from, Some(end)) {
            let total = total(&context, &sync_type, window).await?;
            if division.accepts(window, total) {
                from = window.before;
                windows.push(PlannedWindow {
                    name: sync_type.name,
                    since: window.since.saturating_add(SHARED_SECONDS),
                    before: window.before,
                    expected: division.learn_total(window, total),
                });
            }
        }
        Ok(windows)
    }

    /// What the requests of one call share. No store has a part in it.
    pub(super) fn context(&self, window_records: u64, abort: Abort) -> RunContext<T, C> {
        let options = SyncOptions {
            types: Vec::new(),
            conditions: QueryInit::default(),
            since: None,
            until: None,
            overlap: OVERLAP,
            window_records,
            only_window: None,
            mark_capacity: MarkCapacity::default(),
        };
        RunContext::new(self.client.clone(), options, 0, abort)
    }
}

/// How many records the list of a window has, if the server says so.
async fn total<T: ListTransport, C: Clock>(
    context: &RunContext<T, C>,
    sync_type: &SyncType,
    window: Window,
) -> Result<Option<u64>, Error> {
    let list = sync_type.list(window, &context.options.conditions, None)?;
    let walk = Walk::new(context.client.clone(), list, context.abort.clone());
    let page = walk.counted(&context.tally).at_most(1).next().await?;
    Ok(page.and_then(|page| page.total_count))
}
