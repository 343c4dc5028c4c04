//! Pages that are requested ahead of their turn.

use super::seam::Candidate;
use super::{ListTransport, Walk};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::Abort;
use crate::latch::OneShot;
use futures_util::FutureExt;
use std::future::Future;
use std::rc::Rc;

/// Work that was begun ahead of its turn. Dropping it cancels it.
pub struct Prefetch<O> {
    outcome: Rc<OneShot<Result<O, Error>>>,
    stop: Abort,
}

impl<O: 'static> Prefetch<O> {
    /// Runs `work` in a task of its own, so that it makes progress while nobody waits for it.
    pub fn start<F>(work: F, clock: &impl Clock) -> Self
    where
        F: Future<Output = Result<O, Error>> + 'static,
    {
        let prefetch = Self { outcome: Rc::default(), stop: Abort::new() };
        let (place, stop) = (prefetch.outcome.clone(), prefetch.stop.clone());
        let task = async move {
            if let Ok(outcome) = stop.guard(work).await {
                place.settle(outcome);
            }
        };
        clock.spawn(task.boxed_local());
        prefetch
    }

    /// Waits for the outcome.
    pub async fn outcome(self) -> Result<O, Error> {
        self.outcome.there().await;
        // Nothing else takes the outcome, so it is there.
        self.outcome.take().unwrap_or(Err(Error::Closed))
    }
}

impl<O> Drop for Prefetch<O> {
    fn drop(&mut self) {
        self.stop.abort();
    }
}

impl<T: ListTransport, C: Clock> Walk<T, C> {
    /// The next page in order, prefetched or not, while more are prefetched after it.
    pub(super) async fn next_candidate(&mut self) -> Result<Candidate<T::Records>, Error> {
        if let Some(error) = self.refusal.take() {
            return Err(Error::Protocol(error));
        }
        self.prefetch();
        let (page, in_turn) = match self.prefetched.pop_front() {
            Some(prefetch) => (prefetch.outcome().await?, false),
            None => (self.fetch(self.overlapping_start(self.end), self.page_size.asked()).await?, true),
        };
        Ok(Candidate { page, since: self.pages_joined, in_turn })
    }

    /// Requests pages ahead, as far as the total shows that there are any and the number of records on each is known.
    fn prefetch(&mut self) {
        let Some(total) = self.latest_total else { return };
        if self.request.is_opaque() || !self.page_size.is_steady() || self.pass.is_front_only() {
            return;
        }
        if self.prefetched.is_empty() {
            self.planned_end = self.end;
        }
        let most = self.max_prefetch.get().max(1);
        let size = self.page_size.asked();
        while self.prefetched.len() < most && self.planned_end < total && !self.has_prefetched_enough() {
            let start = self.overlapping_start(self.planned_end);
            let fetching = self.fetch(start, size);
            self.prefetched.push_back(Prefetch::start(fetching, self.context.client.clock()));
            self.planned_end = start.saturating_add(self.page_size.expected());
        }
    }

    /// Whether the pages under way are as many as the caller wants records for.
    fn has_prefetched_enough(&self) -> bool {
        let coming = self.planned_end.saturating_sub(self.end);
        self.max_records.is_some_and(|most| self.delivered.saturating_add(coming) >= most)
    }
}
