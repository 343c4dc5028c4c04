//! A latch: it is raised once, for good, and wakes everyone who waits for it. Every wait of the engines is made of it.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A latch, shared by whoever raises it and by those who wait.
#[derive(Clone, Default)]
pub struct Latch(Rc<State>);

#[derive(Default)]
struct State {
    raised: Cell<bool>,
    next_waiter: Cell<u64>,
    waiters: RefCell<Vec<(u64, Waker)>>,
}

impl Latch {
    /// Raises it and wakes all who wait.
    pub fn raise(&self) {
        if !self.0.raised.replace(true) {
            let waiters = std::mem::take(&mut *self.0.waiters.borrow_mut());
            for (_, waker) in waiters {
                waker.wake();
            }
        }
    }

    /// Whether it was raised.
    pub fn is_raised(&self) -> bool {
        self.0.raised.get()
    }

    /// Waits until it is raised.
    pub fn raised(&self) -> impl Future<Output = ()> + 'static {
        let waiter = self.watch();
        std::future::poll_fn(move |context| waiter.poll(context))
    }

    /// Whether both are the same latch.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// A waiter, which is forgotten when it is dropped.
    pub(crate) fn watch(&self) -> Waiter {
        let id = self.0.next_waiter.get();
        self.0.next_waiter.set(id.wrapping_add(1));
        Waiter { id, latch: self.clone() }
    }
}

/// One who waits for a latch.
pub(crate) struct Waiter {
    id: u64,
    latch: Latch,
}

impl Waiter {
    /// Ready once the latch is raised; until then the task is woken when that happens.
    pub fn poll(&self, context: &Context<'_>) -> Poll<()> {
        if self.latch.is_raised() {
            return Poll::Ready(());
        }
        let mut waiters = self.latch.0.waiters.borrow_mut();
        match waiters.iter_mut().find(|(id, _)| *id == self.id) {
            Some((_, known)) => known.clone_from(context.waker()),
            None => waiters.push((self.id, context.waker().clone())),
        }
        Poll::Pending
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.latch.0.waiters.borrow_mut().retain(|(id, _)| *id != self.id);
    }
}

/// A value that will be there later, for one who waits.
pub struct OneShot<T> {
    value: RefCell<Option<T>>,
    there: Latch,
}

impl<T> Default for OneShot<T> {
    fn default() -> Self {
        Self { value: RefCell::new(None), there: Latch::default() }
    }
}

impl<T> OneShot<T> {
    /// Gives the value.
    pub fn settle(&self, value: T) {
        *self.value.borrow_mut() = Some(value);
        self.there.raise();
    }

    /// Waits until it is there.
    pub fn there(&self) -> impl Future<Output = ()> + 'static {
        self.there.raised()
    }

    /// Takes the value, if it is there and was not taken before.
    pub fn take(&self) -> Option<T> {
        self.value.borrow_mut().take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use futures_executor::block_on;
    use futures_util::poll;

    #[test]
    fn all_that_wait_are_woken() {
        block_on(async {
            let latch = Latch::default();
            let mut first = Box::pin(latch.raised());
            let mut second = Box::pin(latch.raised());
            assert!(poll!(first.as_mut()).is_pending());
            assert!(poll!(second.as_mut()).is_pending());
            latch.raise();
            first.await;
            second.await;
            latch.raised().await;
        });
    }

    #[test]
    fn those_that_give_up_leave_nothing_behind() {
        block_on(async {
            let latch = Latch::default();
            for _ in 0..10 {
                let mut waiting = Box::pin(latch.raised());
                assert!(poll!(waiting.as_mut()).is_pending());
            }
            assert_eq!(latch.0.waiters.borrow().len(), 0);
        });
    }

    #[test]
    fn a_value_is_taken_once() {
        block_on(async {
            let later = OneShot::default();
            later.settle(7);
            later.there().await;
            assert_eq!((later.take(), later.take()), (Some(7), None));
        });
    }
}
