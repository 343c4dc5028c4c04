//! Something that was begun ahead of its turn.

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
