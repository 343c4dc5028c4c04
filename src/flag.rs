//! A flag that is raised once, and whoever waits for it: the one piece that every wait of the engines is made of.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Shared by the one who raises it and by those who wait.
#[derive(Clone, Default)]
pub struct Flag(Rc<State>);

#[derive(Default)]
struct State {
    raised: Cell<bool>,
    next_waiter: Cell<u64>,
    waiters: RefCell<Vec<(u64, Waker)>>,
}

impl Flag {
    /// Raises it, for good, and wakes all that wait.
    pub fn raise(&self) {
        if !self.0.raised.replace(true) {
            let waiters = std::mem::take(&mut *self.0.waiters.borrow_mut());
            for (_, waker) in waiters {
                waker.wake();
            }
        }
    }

    /// Whether it is up.
    pub fn is_raised(&self) -> bool {
        self.0.raised.get()
    }

    /// Waits until it is up.
    pub fn raised(&self) -> impl Future<Output = ()> + 'static {
        let waiter = self.watch();
        std::future::poll_fn(move |context| waiter.poll(context))
    }

    /// Whether the two are one.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Someone who waits; forgotten when dropped.
    pub(crate) fn watch(&self) -> Waiter {
        let id = self.0.next_waiter.get();
        self.0.next_waiter.set(id.wrapping_add(1));
        Waiter { id, flag: self.clone() }
    }
}

/// A place among those that are woken.
pub(crate) struct Waiter {
    id: u64,
    flag: Flag,
}

impl Waiter {
    /// Ready when the flag is up; else the task is woken when it goes up.
    pub fn poll(&self, context: &Context<'_>) -> Poll<()> {
        if self.flag.is_raised() {
            return Poll::Ready(());
        }
        let mut waiters = self.flag.0.waiters.borrow_mut();
        match waiters.iter_mut().find(|(id, _)| *id == self.id) {
            Some((_, known)) => known.clone_from(context.waker()),
            None => waiters.push((self.id, context.waker().clone())),
        }
        Poll::Pending
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.flag.0.waiters.borrow_mut().retain(|(id, _)| *id != self.id);
    }
}

/// A value that will be there later, for one who waits.
pub struct Later<T> {
    value: RefCell<Option<T>>,
    there: Flag,
}

impl<T> Default for Later<T> {
    fn default() -> Self {
        Self { value: RefCell::new(None), there: Flag::default() }
    }
}

impl<T> Later<T> {
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
            let flag = Flag::default();
            let mut first = Box::pin(flag.raised());
            let mut second = Box::pin(flag.raised());
            assert!(poll!(first.as_mut()).is_pending());
            assert!(poll!(second.as_mut()).is_pending());
            flag.raise();
            first.await;
            second.await;
            flag.raised().await;
        });
    }

    #[test]
    fn those_that_give_up_leave_nothing_behind() {
        block_on(async {
            let flag = Flag::default();
            for _ in 0..10 {
                let mut waiting = Box::pin(flag.raised());
                assert!(poll!(waiting.as_mut()).is_pending());
            }
            assert_eq!(flag.0.waiters.borrow().len(), 0);
        });
    }

    #[test]
    fn a_value_is_taken_once() {
        block_on(async {
            let later = Later::default();
            later.settle(7);
            later.there().await;
            assert_eq!((later.take(), later.take()), (Some(7), None));
        });
    }
}
