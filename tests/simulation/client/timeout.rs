//! The longest time for one attempt, body included.

use super::asking::{Stage, ask, script};
use crate::server::{Document, ok};
use crate::setup::Setup;
use crate::world::{Fate, Outcome};
use futures_util::future::join_all;
use humansync::error::Error;
use humansync::http::Abort;

fn late(milliseconds: u64) -> Outcome {
    Outcome::Late(milliseconds, ok(Document::Blank))
}

#[test]
fn an_answer_within_the_time_is_taken_and_one_behind_it_is_not() {
    let setup = Setup { timeout: 1_000, max_retries: 0, ..Setup::default() };
    // 10 ms are the way there and back.
    let stage = Stage::new(&setup, script([late(980)]));
    assert!(stage.ask().is_ok());
    let stage = Stage::new(&setup, script([late(1_000)]));
    match stage.ask() {
        Err(Error::Connection(error)) => assert_eq!((error.timeout, error.sent), (Some(1_000), true)),
        other => panic!("{other:?}"),
    }
    assert_eq!(stage.world.elapsed(), 1_000);
    assert_eq!(stage.network.log()[0].fate, Fate::Cancelled);
    stage.assert_nothing_is_left();
}

#[test]
fn silence_is_tried_again_each_attempt_with_its_own_time() {
    let stage = Stage::new(&Setup::default(), |_: &_| Outcome::Silence);
    assert!(matches!(stage.ask(), Err(Error::Connection(_))));
    let sent = stage.sent();
    assert_eq!(sent.len(), 5);
    for (index, pair) in sent.windows(2).enumerate() {
        let between = pair[1] - pair[0];
        assert!((30_000..30_000 + (500 << index)).contains(&between), "{between} ms");
    }
    assert!(stage.network.log().iter().all(|exchange| exchange.fate == Fate::Cancelled));
    stage.assert_nothing_is_left();
}

#[test]
fn waiting_for_a_lane_does_not_count() {
    let setup = Setup { timeout: 1_000, max_retries: 0, concurrency: 1, ..Setup::default() };
    let stage = Stage::new(&setup, |_: &_| late(900));
    let calls = (0..5).map(|_| {
        let client = stage.client.clone();
        async move { ask(&client, &Abort::new()).await.is_ok() }
    });
    let ended = stage.world.run(join_all(calls));
    assert_eq!(ended, [true; 5]);
}
