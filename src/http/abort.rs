//! Ends futures early, at any `await`, whatever they wait for.

use crate::latch::Latch;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;

/// A signal that is shared by whoever may abort and the futures that stop then.
#[derive(Clone, Default)]
pub struct Abort(Latch);

/// A future was ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aborted;

impl Abort {
    /// A signal that is not aborted.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends all futures under its guard, now and later.
    pub fn abort(&self) {
        self.0.raise();
    }

    /// Whether it was aborted.
    pub fn is_aborted(&self) -> bool {
        self.0.is_raised()
    }

    /// Runs `future` until it ends or this is aborted; then the future is dropped where it stands.
    pub async fn guard<F: Future>(&self, future: F) -> Result<F::Output, Aborted> {
        let waiter = self.0.watch();
        let mut future = pin!(future);
        std::future::poll_fn(move |context| {
            if waiter.poll(context).is_ready() {
                return Poll::Ready(Err(Aborted));
            }
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            // The future itself may have aborted.
            if waiter.poll(context).is_ready() { Poll::Ready(Err(Aborted)) } else { Poll::Pending }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use futures_executor::block_on;
    use futures_util::{future, poll};
    use std::rc::Rc;

    #[test]
    fn a_future_that_ends_is_left_alone() {
        assert_eq!(block_on(Abort::new().guard(future::ready(7))), Ok(7));
    }

    #[test]
    fn what_is_aborted_already_does_not_start() {
        let abort = Abort::new();
        abort.abort();
        assert_eq!(block_on(abort.guard(async { panic!("it started") })), Err::<(), _>(Aborted));
    }

    #[test]
    fn a_waiting_future_is_dropped_at_once() {
        block_on(async {
            let abort = Abort::new();
            let inside = Rc::new(());
            let held = inside.clone();
            let mut guarded = Box::pin(abort.guard(async move {
                let _held = held;
                future::pending::<()>().await;
            }));
            assert!(poll!(guarded.as_mut()).is_pending());
            abort.abort();
            assert_eq!(guarded.as_mut().await, Err(Aborted));
            drop(guarded);
            assert_eq!(Rc::strong_count(&inside), 1);
        });
    }

    #[test]
    fn a_future_that_aborts_itself_ends() {
        let abort = Abort::new();
        let own = abort.clone();
        let outcome = block_on(abort.guard(async move {
            own.abort();
            future::pending::<()>().await;
        }));
        assert_eq!(outcome, Err(Aborted));
    }
}
