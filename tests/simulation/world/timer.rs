//! Timers and sleeps in virtual time.

use super::World;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// When a timer rings, and how many timers were set before it: timers of one moment ring in the order in which they
/// were set.
pub type Due = (u64, u64);

/// A timer, as the world keeps it.
#[derive(Default)]
pub struct Timer {
    /// Whether it is not a timer of a program, but an arrival.
    pub is_arrival: bool,
    rang: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Timer {
    /// A timer that has not rung.
    pub fn new(is_arrival: bool) -> Self {
        Self { is_arrival, ..Self::default() }
    }

    /// Ends the sleep.
    pub fn ring(&self) {
        self.rang.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// Ends when its timer rings. Dropping it removes the timer from the world.
pub struct Sleep {
    world: World,
    due: Due,
    timer: Rc<Timer>,
}

impl Sleep {
    /// A sleep until `timer` rings, which is already set.
    pub fn new(world: World, due: Due, timer: Rc<Timer>) -> Self {
        Self { world, due, timer }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.timer.rang.get() {
            return Poll::Ready(());
        }
        self.timer.waker.replace(Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.world.forget(self.due);
    }
}
