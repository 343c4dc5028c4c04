//! The bound on a client's retries, over all of its calls.

use std::cell::Cell;

/// Tokens of a full [`Budget`]: retries that may be made before any request succeeds.
pub const CAPACITY: u32 = 100;

/// One client's retry budget: a token bucket, shared by all of its requests.
///
/// A retry takes a token, a success gives one back, never above [`CAPACITY`]. So a client makes at most 100 retries
/// more than it has successes, apart from those that made a page smaller and then succeeded: an outage is not answered
/// with a storm, and a single failure among many successes is always retried. No clock is needed.
///
/// ```
/// use humansync::http::retry::Budget;
/// let budget = Budget::default();
/// assert!(budget.try_take());
/// budget.give_back();
/// ```
#[derive(Debug)]
pub struct Budget {
    tokens: Cell<u32>,
}

impl Budget {
    /// Takes a token for one retry; `false` if none is left, which makes the failure final.
    #[must_use]
    pub fn try_take(&self) -> bool {
        let left = self.tokens.get().checked_sub(1);
        self.tokens.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Notes one success.
    pub fn give_back(&self) {
        self.tokens.set(self.tokens.get().saturating_add(1).min(CAPACITY));
    }
}

impl Default for Budget {
    /// A full one.
    fn default() -> Self {
        Self { tokens: Cell::new(CAPACITY) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    #[test]
    fn two_hundred_calls_that_all_fail_make_at_most_four_hundred_requests() {
        let budget = Budget::default();
        let mut requests = 0;
        for _call in 0..200 {
            requests += 1;
            for _retry in 0..4 {
                if !budget.try_take() {
                    break;
                }
                requests += 1;
            }
        }
        assert!(requests <= 400, "{requests}");
        assert_eq!(requests, 300);
    }

    #[test]
    fn an_empty_budget_gives_as_many_retries_as_there_were_successes_since() {
        let budget = Budget::default();
        while budget.try_take() {}
        budget.give_back();
        budget.give_back();
        assert!(budget.try_take());
        assert!(budget.try_take());
        assert!(!budget.try_take());
    }

    #[test]
    fn successes_do_not_save_up_for_a_storm() {
        let budget = Budget::default();
        for _ in 0..10_000 {
            budget.give_back();
        }
        let retries = (0..10_000).filter(|_| budget.try_take()).count();
        assert_eq!(retries, 100);
    }

    proptest! {
        #[test]
        fn retries_are_at_most_a_hundred_more_than_successes(
            events in proptest::collection::vec(prop::bool::weighted(0.8), 0..1000),
        ) {
            let budget = Budget::default();
            let (mut retries, mut successes) = (0, 0);
            for wants_retry in events {
                if wants_retry {
                    retries += u32::from(budget.try_take());
                } else {
                    successes += 1;
                    budget.give_back();
                }
                prop_assert!(retries <= 100 + successes);
                prop_assert!(budget.tokens.get() <= CAPACITY);
            }
        }
    }
}
