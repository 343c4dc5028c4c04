//! Pages that are asked for ahead of their turn.

use super::seam::Loose;
use super::{Lists, Walk};
use crate::clock::Clock;
use crate::error::Error;
use crate::flag::Later;
use crate::http::Abort;
use futures_util::FutureExt;
use std::future::Future;
use std::rc::Rc;

/// Work under way. Dropping it ends it where it stands.
pub struct Ahead<O> {
    outcome: Rc<Later<Result<O, Error>>>,
    stop: Abort,
}

impl<O: 'static> Ahead<O> {
    /// Runs `work` in a task of its own, so that it goes on while nobody waits for it.
    pub fn start<F>(work: F, clock: &impl Clock) -> Self
    where
        F: Future<Output = Result<O, Error>> + 'static,
    {
        let ahead = Self { outcome: Rc::default(), stop: Abort::new() };
        let (place, stop) = (ahead.outcome.clone(), ahead.stop.clone());
        let task = async move {
            if let Ok(outcome) = stop.guard(work).await {
                place.settle(outcome);
            }
        };
        clock.spawn(task.boxed_local());
        ahead
    }

    /// Waits for it.
    pub async fn outcome(self) -> Result<O, Error> {
        self.outcome.there().await;
        // It is taken only here, and this is only once.
        self.outcome.take().unwrap_or(Err(Error::Closed))
    }
}

impl<O> Drop for Ahead<O> {
    fn drop(&mut self) {
        self.stop.abort();
    }
}

impl<T: Lists, C: Clock> Walk<T, C> {
    /// The next page in turn, with more asked for after it.
    pub(super) async fn next_planned(&mut self) -> Result<Loose<T::Records>, Error> {
        if let Some(error) = self.refusal.take() {
            return Err(Error::Protocol(error));
        }
        self.plan();
        let (page, in_turn) = match self.ahead.pop_front() {
            Some(ahead) => (ahead.outcome().await?, false),
            None => (self.fetch(self.before(self.end), self.size.asked()).await?, true),
        };
        Ok(Loose { page, since: self.joined, in_turn })
    }

    /// Asks for pages ahead, as far as it is known that there are any, and how many records each brings.
    fn plan(&mut self) {
        let Some(total) = self.total else { return };
        if self.form.is_opaque() || !self.size.is_steady() || self.pass.is_front() {
            return;
        }
        if self.ahead.is_empty() {
            self.planned = self.end;
        }
        let most = self.ahead_at_most.get().max(1);
        let size = self.size.asked();
        while self.ahead.len() < most && self.planned < total && !self.has_enough_ahead() {
            let start = self.before(self.planned);
            let fetching = self.fetch(start, size);
            self.ahead.push_back(Ahead::start(fetching, self.asking.client.clock()));
            self.planned = start.saturating_add(self.size.expected());
        }
    }

    fn has_enough_ahead(&self) -> bool {
        let coming = self.planned.saturating_sub(self.end);
        self.at_most.is_some_and(|most| self.delivered.saturating_add(coming) >= most)
    }
}
