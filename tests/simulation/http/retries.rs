//! Which failures are tried again, how often, and after how long.

use super::asking::{Stage, api_error, fails, fine, script};
use crate::setup::Setup;
use crate::world::{Outcome, seeds};
use humansync::error::Error;

/// Everything else is final.
const RETRIED: [u16; 7] = [408, 425, 429, 500, 502, 503, 504];

#[test]
fn exactly_the_statuses_that_may_get_better_are_tried_again() {
    for status in (400..=599).chain([100, 199, 304, 600, 999]) {
        let stage = Stage::new(&Setup::default(), script([fails(status)]));
        let ended = stage.ask();
        let is_retried = RETRIED.contains(&status);
        assert_eq!(ended.is_ok(), is_retried, "{status}");
        assert_eq!(stage.network.requests(), 1 + usize::from(is_retried), "{status}");
        if !is_retried {
            assert_eq!(api_error(ended).status, status);
        }
    }
}

#[test]
fn every_success_is_a_success_and_no_other_status_is() {
    for status in 200..=299 {
        let stage = Stage::new(&Setup::default(), script([fails(status)]));
        assert!(stage.ask().is_ok(), "{status}");
        assert_eq!(stage.network.requests(), 1);
    }
}

#[test]
fn a_failure_is_tried_four_times_more_by_default() {
    for status in RETRIED {
        let stage = Stage::new(&Setup::default(), move |_: &_| fails(status));
        assert_eq!(api_error(stage.ask()).status, status);
        assert_eq!(stage.network.requests(), 5, "{status}");
        stage.assert_nothing_is_left();
    }
}

#[test]
fn the_option_says_how_often() {
    for max_retries in [0, 1, 7] {
        let stage = Stage::new(&Setup { max_retries, ..Setup::default() }, |_: &_| fails(500));
        assert_eq!(api_error(stage.ask()).status, 500);
        assert_eq!(stage.network.requests(), 1 + max_retries as usize);
    }
}

#[test]
fn the_librarys_own_waits_keep_within_what_the_client_sits_out() {
    for max_retry_delay in [0, 10] {
        let setup = Setup { max_retry_delay, ..Setup::default() };
        let stage = Stage::new(&setup, script([fails(503), fails(503), fails(503), fails(503)]));
        assert!(stage.ask().is_ok());
        assert_eq!(stage.network.requests(), 5);
    }
}

#[test]
fn broken_connections_are_tried_again_and_the_error_says_whether_the_request_was_sent() {
    for sent in [true, false] {
        let stage = Stage::new(&Setup::default(), script([Outcome::Cut { sent }, Outcome::Cut { sent }]));
        assert!(stage.ask().is_ok());
        assert_eq!(stage.network.requests(), 3);

        let stage = Stage::new(&Setup::default(), move |_: &_| Outcome::Cut { sent });
        match stage.ask() {
            Err(Error::Connection(error)) => {
                assert_eq!((error.sent, error.timeout), (sent, None));
                assert_eq!((error.method, &*error.path), ("GET", "/v1/human/profile"));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(stage.network.requests(), 5);
    }
}

#[test]
fn waits_are_full_jitter_below_a_bound_that_doubles() {
    let mut longest = [0_u64; 4];
    let mut shortest = [u64::MAX; 4];
    for seed in 0..400 {
        let stage = Stage::of_seed(seed, &Setup::default(), |_: &_| fails(503));
        assert!(stage.ask().is_err());
        for (index, pair) in stage.sent().windows(2).enumerate() {
            // 10 ms there and back are not the wait.
            let wait = pair[1] - pair[0] - 10;
            let bound = 500 << index;
            assert!(wait < bound, "seed {seed}: {wait} ms before retry {index}");
            longest[index] = longest[index].max(wait);
            shortest[index] = shortest[index].min(wait);
        }
    }
    for (index, bound) in [500_u64, 1000, 2000, 4000].into_iter().enumerate() {
        assert!(longest[index] > bound * 9 / 10, "the longest wait {index} is {} ms", longest[index]);
        assert!(shortest[index] < bound / 10, "the shortest wait {index} is {} ms", shortest[index]);
    }
}

#[test]
fn a_long_walk_of_calls_gets_through_when_a_third_of_them_fails() {
    for seed in seeds(20) {
        let world = crate::world::World::new(seed);
        let mut chance = world.chance_for("failures");
        let server = move |_: &_| if chance.happens(0.3) { fails(503) } else { fine() };
        let stage = Stage::of_seed(seed, &Setup { max_retries: 12, ..Setup::default() }, server);
        for call in 0..1000 {
            assert!(stage.ask().is_ok(), "call {call}");
        }
    }
}
