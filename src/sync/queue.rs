//! A queue that tasks put results into and that one task waits on.

use crate::latch::Latch;
use std::cell::RefCell;
use std::collections::VecDeque;

/// First in, first out.
pub struct Queue<T> {
    items: RefCell<VecDeque<T>>,
    /// Raised when an item arrives.
    arrival: RefCell<Latch>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { items: RefCell::default(), arrival: RefCell::default() }
    }
}

impl<T> Queue<T> {
    /// Appends an item.
    pub fn push(&self, item: T) {
        self.items.borrow_mut().push_back(item);
        self.arrival.borrow().raise();
    }

    /// Removes the oldest item, and waits for one if there is none.
    pub async fn pop(&self) -> T {
        loop {
            let item = self.items.borrow_mut().pop_front();
            if let Some(item) = item {
                return item;
            }
            let arrival = Latch::default();
            self.arrival.replace(arrival.clone());
            arrival.raised().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use futures_executor::block_on;
    use futures_util::poll;

    #[test]
    fn items_come_in_order_and_are_waited_for() {
        block_on(async {
            let queue = Queue::default();
            queue.push(1);
            queue.push(2);
            assert_eq!((queue.pop().await, queue.pop().await), (1, 2));
            let mut third = Box::pin(queue.pop());
            assert!(poll!(third.as_mut()).is_pending());
            queue.push(3);
            assert_eq!(third.await, 3);
        });
    }
}
