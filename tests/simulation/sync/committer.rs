//! When positions are stored, and when not.

use super::stage::Stage;
use crate::world::{FailurePoint, Verb, seeds};
use futures_util::future::join;
use humansync::error::Error;
use humansync::http::Abort;
use std::cell::Cell;

#[test]
fn a_run_stops_after_its_first_delta_if_the_store_cannot_write() {
    let stage = Stage::of_few_records(1);
    stage.disk.fail(|operation| (operation.verb == Verb::Set).then_some(FailurePoint::Before));
    assert!(matches!(stage.sync(), Err(Error::Store(_))));
    let came = stage.table.len_of("weights") + stage.table.len_of("food/meals");
    assert!(came <= 3, "{came} records came though nothing was kept");
}

#[test]
fn the_lock_is_not_released_while_a_position_is_written() {
    for seed in seeds(40) {
        let stage = Stage::of_few_records(seed);
        stage.set(|setting| setting.types = vec!["weights"]);
        let mut run = stage.run_of(&stage.program(), &Abort::new());
        stage.world.run(async {
            let delta = run.next().await.unwrap().unwrap();
            let committer = run.committer();
            let ending = async {
                run.end().await.unwrap();
                assert!(stage.positions().contains_key("weights"), "it was still being written");
            };
            let (kept, ()) = join(committer.commit(delta.number), ending).await;
            kept.unwrap();
            stage.table.take("weights", &delta.records.0, &stage.server);
            // A second commit does nothing, and there is no third delta to commit.
            committer.commit(delta.number).await.unwrap();
            assert!(matches!(committer.commit(delta.number + 1).await, Err(Error::Store(_))));
        });
        // A stored delta does not come again: the table checks that.
        stage.assert_equal_at_last();
    }
}

#[test]
fn a_commit_that_fails_while_the_next_delta_is_asked_for_is_made_again() {
    let mut caught = 0;
    for seed in seeds(40) {
        let stage = Stage::of_few_records(seed);
        stage.set(|setting| setting.types = vec!["weights"]);
        let mut run = stage.run_of(&stage.program(), &Abort::new());
        let first_set_fails = Cell::new(true);
        stage.world.run(async {
            let committer = run.committer();
            while let Some(delta) = run.next().await.unwrap() {
                stage.table.take("weights", &delta.records.0, &stage.server);
                if !first_set_fails.replace(false) {
                    continue;
                }
                let failures = Cell::new(1);
                stage.disk.fail(move |operation| {
                    let fails = operation.verb == Verb::Set && failures.replace(0) == 1;
                    fails.then_some(FailurePoint::Before)
                });
                // The consumer does not wait for its commit, and asks for the next delta.
                let (committed, next) = join(committer.commit(delta.number), run.next()).await;
                assert!(matches!(committed, Err(Error::Store(_))));
                let Some(next) = next.unwrap() else { break };
                caught += 1;
                stage.table.take("weights", &next.records.0, &stage.server);
                committer.commit(delta.number).await.unwrap();
                committer.commit(next.number).await.unwrap();
            }
        });
        // A stored delta does not come again: the table checks that.
        stage.assert_equal_at_last();
    }
    assert!(caught > 0, "no run had a second delta");
}
