//! A flag that ends futures: at every await, whatever they wait for.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Shared by the one who aborts and by those who are to stop.
#[derive(Clone, Default)]
pub struct Abort(Rc<State>);

#[derive(Default)]
struct State {
    aborted: Cell<bool>,
    next_waiter: Cell<u64>,
    waiters: RefCell<Vec<(u64, Waker)>>,
}

/// The future was ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aborted;

impl Abort {
    /// A flag that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the flag, for good, and wakes all that watch it.
    pub fn abort(&self) {
        if !self.0.aborted.replace(true) {
            let waiters = std::mem::take(&mut *self.0.waiters.borrow_mut());
            for (_, waker) in waiters {
                waker.wake();
            }
        }
    }

    /// Whether the flag is set.
    pub fn is_aborted(&self) -> bool {
        self.0.aborted.get()
    }

    /// Runs `future` until it ends or the flag is set; in the second case it is dropped where it stands.
    pub async fn guard<F: Future>(&self, future: F) -> Result<F::Output, Aborted> {
        let waiter = Waiter::new(self.clone());
        let mut future = pin!(future);
        std::future::poll_fn(move |context| {
            if waiter.abort.is_aborted() {
                return Poll::Ready(Err(Aborted));
            }
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            // The future itself may have set the flag.
            if waiter.abort.is_aborted() {
                return Poll::Ready(Err(Aborted));
            }
            waiter.watch(context.waker());
            Poll::Pending
        })
        .await
    }
}

struct Waiter {
    id: u64,
    abort: Abort,
}

impl Waiter {
    fn new(abort: Abort) -> Self {
        let id = abort.0.next_waiter.get();
        abort.0.next_waiter.set(id.wrapping_add(1));
        Self { id, abort }
    }

    fn watch(&self, waker: &Waker) {
        let mut waiters = self.abort.0.waiters.borrow_mut();
        match waiters.iter_mut().find(|(id, _)| *id == self.id) {
            Some((_, known)) => known.clone_from(waker),
            None => waiters.push((self.id, waker.clone())),
        }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.abort.0.waiters.borrow_mut().retain(|(id, _)| *id != self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_executor::block_on;
    use futures_util::{future, poll};

    #[test]
    fn a_future_that_ends_is_left_alone() {
        assert_eq!(block_on(Abort::new().guard(future::ready(7))), Ok(7));
    }

    #[test]
    fn an_aborted_flag_ends_a_future_before_it_starts() {
        let abort = Abort::new();
        abort.abort();
        assert_eq!(block_on(abort.guard(future::ready(7))), Err(Aborted));
    }

    #[test]
    fn a_waiting_future_is_dropped_at_once() {
        block_on(async {
            let abort = Abort::new();
            let inside = Rc::new(());
            let held = inside.clone();
            let mut guarded = pin!(abort.guard(async move {
                let _held = held;
                future::pending::<()>().await;
            }));
            assert!(poll!(guarded.as_mut()).is_pending());
            abort.abort();
            assert_eq!(guarded.as_mut().await, Err(Aborted));
            assert_eq!(abort.0.waiters.borrow().len(), 0);
        });
    }

    #[test]
    fn watchers_that_end_leave_nothing_behind() {
        block_on(async {
            let abort = Abort::new();
            for _ in 0..10 {
                let mut guarded = Box::pin(abort.guard(future::pending::<()>()));
                assert!(poll!(guarded.as_mut()).is_pending());
            }
            assert_eq!(abort.0.waiters.borrow().len(), 0);
        });
    }
}
