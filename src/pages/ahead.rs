//! A page that was asked for ahead of its turn.

use super::Fetched;
use crate::clock::Clock;
use crate::error::Error;
use crate::flag::Later;
use crate::http::Abort;
use futures_util::FutureExt;
use std::future::Future;
use std::rc::Rc;

/// A page under way. Dropping it cancels the request.
pub struct Ahead<R> {
    page: Rc<Later<Result<Fetched<R>, Error>>>,
    stop: Abort,
}

impl<R: 'static> Ahead<R> {
    /// Runs `fetching` in a task of its own, so that it goes on while nobody waits for it.
    pub fn start<F>(fetching: F, clock: &impl Clock) -> Self
    where
        F: Future<Output = Result<Fetched<R>, Error>> + 'static,
    {
        let ahead = Self { page: Rc::default(), stop: Abort::new() };
        let (page, stop) = (ahead.page.clone(), ahead.stop.clone());
        let task = async move {
            if let Ok(fetched) = stop.guard(fetching).await {
                page.settle(fetched);
            }
        };
        clock.spawn(task.boxed_local());
        ahead
    }

    /// Waits for it.
    pub async fn page(self) -> Result<Fetched<R>, Error> {
        self.page.there().await;
        // It is taken only here, and this is only once.
        self.page.take().unwrap_or(Err(Error::Closed))
    }
}

impl<R> Drop for Ahead<R> {
    fn drop(&mut self) {
        self.stop.abort();
    }
}
