//! The bound on requests in flight, over everything that a client does.

use crate::latch::Latch;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// As many lanes as there may be requests in flight; first come, first served.
#[derive(Clone)]
pub struct Lanes(Rc<State>);

struct State {
    free: Cell<usize>,
    waiting: RefCell<VecDeque<Latch>>,
}

/// The right to have one request in flight. Dropping it hands it to the next.
pub struct Lane(Rc<State>);

/// A place in the queue. If the lane arrives after the waiter has given up, it is handed on.
struct Place {
    state: Rc<State>,
    turn: Latch,
    taken: bool,
}

impl Lanes {
    /// `count` free lanes.
    pub fn new(count: usize) -> Self {
        Self(Rc::new(State { free: Cell::new(count), waiting: RefCell::default() }))
    }

    /// Waits for a lane.
    pub async fn enter(&self) -> Lane {
        if let Some(left) = self.0.free.get().checked_sub(1) {
            self.0.free.set(left);
        } else {
            let mut place = Place { state: self.0.clone(), turn: Latch::default(), taken: false };
            self.0.waiting.borrow_mut().push_back(place.turn.clone());
            place.turn.raised().await;
            place.taken = true;
        }
        Lane(self.0.clone())
    }
}

impl State {
    /// Hands a lane to the first in the queue, or keeps it for whoever comes next.
    fn pass_on(&self) {
        let next = self.waiting.borrow_mut().pop_front();
        match next {
            Some(turn) => turn.raise(),
            None => self.free.set(self.free.get().saturating_add(1)),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.taken {
            return;
        }
        if self.turn.is_raised() {
            self.state.pass_on();
        } else {
            self.state.waiting.borrow_mut().retain(|turn| !turn.is(&self.turn));
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.0.pass_on();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use futures_executor::block_on;
    use futures_util::poll;

    #[test]
    fn no_more_are_let_in_than_there_are_lanes() {
        block_on(async {
            let lanes = Lanes::new(2);
            let first = lanes.enter().await;
            let _second = lanes.enter().await;
            let mut third = Box::pin(lanes.enter());
            assert!(poll!(third.as_mut()).is_pending());
            drop(first);
            assert!(poll!(third.as_mut()).is_ready());
        });
    }

    #[test]
    fn a_waiter_that_gave_up_is_passed_over() {
        block_on(async {
            let lanes = Lanes::new(1);
            let first = lanes.enter().await;
            let mut second = Box::pin(lanes.enter());
            let mut third = Box::pin(lanes.enter());
            assert!(poll!(second.as_mut()).is_pending());
            assert!(poll!(third.as_mut()).is_pending());
            drop(second);
            drop(first);
            let third = third.await;
            drop(third);
            assert_eq!(lanes.0.free.get(), 1);
        });
    }

    #[test]
    fn a_waiter_that_gives_up_with_the_lane_in_hand_passes_it_on() {
        block_on(async {
            let lanes = Lanes::new(1);
            let first = lanes.enter().await;
            let mut second = Box::pin(lanes.enter());
            assert!(poll!(second.as_mut()).is_pending());
            drop(first);
            drop(second);
            assert_eq!(lanes.0.free.get(), 1);
        });
    }
}
