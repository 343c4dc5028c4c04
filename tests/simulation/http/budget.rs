//! How much a client retries in all: an outage is not answered with a storm.

use super::asking::{Stage, ask, fails, fine};
use crate::setup::Setup;
use futures_util::future::join_all;
use humansync::http::Abort;
use std::cell::Cell;
use std::rc::Rc;

#[test]
fn two_hundred_calls_that_all_fail_make_four_hundred_requests_at_most() {
    let one_by_one = Stage::new(&Setup::default(), |_: &_| fails(503));
    for _ in 0..200 {
        assert!(one_by_one.ask().is_err());
    }
    assert!((200..=400).contains(&one_by_one.network.requests()), "{}", one_by_one.network.requests());

    let together = Stage::new(&Setup::default(), |_: &_| fails(503));
    let calls = (0..200).map(|_| {
        let client = together.client.clone();
        async move { assert!(ask(&client, &Abort::new()).await.is_err()) }
    });
    together.world.run(join_all(calls));
    assert!((200..=400).contains(&together.network.requests()), "{}", together.network.requests());
}

#[test]
fn the_first_calls_of_an_outage_are_retried_in_full() {
    let stage = Stage::new(&Setup::default(), |_: &_| fails(503));
    for calls in 1..=10 {
        assert!(stage.ask().is_err());
        assert_eq!(stage.network.requests(), calls * 5);
    }
}

#[test]
fn when_the_outage_is_over_retries_come_back_with_successes() {
    let down = Rc::new(Cell::new(true));
    let seen = down.clone();
    let stage = Stage::new(&Setup::default(), move |_: &_| if seen.get() { fails(503) } else { fine() });
    for _ in 0..200 {
        assert!(stage.ask().is_err());
    }
    let requests = stage.network.requests();
    assert!(stage.ask().is_err());
    assert_eq!(stage.network.requests(), requests + 1, "nothing is left of the budget");
    down.set(false);
    for _ in 0..4 {
        assert!(stage.ask().is_ok());
    }
    down.set(true);
    let requests = stage.network.requests();
    assert!(stage.ask().is_err());
    assert_eq!(stage.network.requests(), requests + 5, "four successes are worth four retries");
}
