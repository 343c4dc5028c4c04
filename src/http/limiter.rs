//! The port for a bound on requests that clients share, also in other processes.

use crate::error::Error;
use futures_util::future::LocalBoxFuture;

/// Says when a request may be sent. A client's own lanes and pauses hold besides.
pub trait Limiter {
    /// Waits for a lane of all that share it. Dropping the future gives up the wait. Errors end the call.
    fn enter(&self) -> LocalBoxFuture<'static, Result<SharedLane, Error>>;

    /// Tells it that the server wants no requests until `until`, in milliseconds since the epoch.
    fn pause(&self, until: i64) -> LocalBoxFuture<'static, Result<(), Error>>;
}

/// A lane of all that share a limiter. Dropping it gives it back.
pub struct SharedLane(Option<Box<dyn FnOnce()>>);

impl SharedLane {
    /// A lane that `leave` gives back.
    pub fn new(leave: impl FnOnce() + 'static) -> Self {
        Self(Some(Box::new(leave)))
    }
}

impl Drop for SharedLane {
    fn drop(&mut self) {
        if let Some(leave) = self.0.take() {
            leave();
        }
    }
}
