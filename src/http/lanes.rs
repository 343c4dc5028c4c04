//! The bound on requests in flight, over everything a client does.

use futures_channel::oneshot;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// As many lanes as requests may be in flight; first come, first served.
#[derive(Clone)]
pub struct Lanes(Rc<State>);

struct State {
    free: Cell<usize>,
    waiting: RefCell<VecDeque<oneshot::Sender<Lane>>>,
}

/// The right to have one request in flight; dropping it passes it on.
pub struct Lane(Option<Rc<State>>);

impl Lanes {
    /// `count` free lanes.
    pub fn new(count: usize) -> Self {
        Self(Rc::new(State { free: Cell::new(count), waiting: RefCell::default() }))
    }

    /// Waits for a lane.
    pub async fn enter(&self) -> Lane {
        loop {
            if let Some(left) = self.0.free.get().checked_sub(1) {
                self.0.free.set(left);
                return Lane(Some(self.0.clone()));
            }
            let (sender, receiver) = oneshot::channel();
            self.0.waiting.borrow_mut().push_back(sender);
            // The sender lives as long as the state, which `self` holds; were it gone, asking again is right.
            if let Ok(lane) = receiver.await {
                return lane;
            }
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let Some(state) = self.0.take() else { return };
        loop {
            let next = state.waiting.borrow_mut().pop_front();
            let Some(next) = next else {
                state.free.set(state.free.get().saturating_add(1));
                return;
            };
            match next.send(Lane(Some(state.clone()))) {
                Ok(()) => return,
                // Its waiter has given up: this lane must not pass itself on a second time.
                Err(mut refused) => refused.0 = None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
