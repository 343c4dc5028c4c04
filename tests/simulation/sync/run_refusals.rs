//! Types that fail, and keys that the server refuses.

use super::stage::{DAY, Setting, Stage};
use crate::server::{Document, Variant, ok, status};
use crate::world::{Outcome, seeds};
use humansync::error::Error;
use std::cell::Cell;
use std::rc::Rc;

fn stage(seed: u64, concurrency: usize) -> Stage {
    let types = vec!["weights", "sleeps", "heights", "food/meals", "bmis"];
    let setting = Setting { types, concurrency, max_retries: 1, ..Setting::default() };
    let stage = Stage::new(seed, Variant::plain(5), setting);
    stage.fill(17, 50);
    stage.set(|setting| setting.since = Some(stage.seconds() - 51 * DAY));
    stage
}

#[test]
fn the_other_types_are_finished_if_one_fails() {
    for seed in seeds(60) {
        let mut chance = crate::world::Chance::new(seed, "refusals");
        let stage = stage(seed, chance.pick(&[1, 2, 6]));
        let (failing, kind) = (chance.pick(&["weights", "heights", "bmis"]), chance.within(0..=3));
        // Sometimes later than with its first request.
        let fine = Rc::new(Cell::new(chance.within(0..=2)));
        stage.server.set_judge(move |name| {
            if name != failing {
                return None;
            }
            fine.set(fine.get().checked_sub(1).unwrap_or(u64::MAX));
            if fine.get() < u64::MAX {
                return None;
            }
            fine.set(0);
            Some(match kind {
                0 => Outcome::Reply(status(403)),
                1 => Outcome::Reply(ok(Document::Object("no list".to_owned()))),
                2 => Outcome::Cut { sent: true },
                _ => Outcome::Reply(status(500)),
            })
        });
        let error = stage.sync().unwrap_err();
        match kind {
            0 => assert!(matches!(&error, Error::Api(error) if error.status == 403)),
            1 => assert!(matches!(&error, Error::Protocol(_))),
            2 => assert!(matches!(&error, Error::Connection(_))),
            _ => assert!(matches!(&error, Error::Api(error) if error.status == 500)),
        }
        stage.assert_nothing_is_left();
        let others: Vec<&str> = ["weights", "sleeps", "heights", "food/meals", "bmis"]
            .into_iter()
            .filter(|name| *name != failing)
            .collect();
        stage.table.assert_equal(&stage.server, &others);
        stage.server.clear_judge();
        stage.assert_equal_at_last();
    }
}

#[test]
fn a_refused_key_ends_the_run_at_once() {
    for seed in seeds(40) {
        let stage = stage(seed, 2);
        let fine = Rc::new(Cell::new(stage.world.chance_for("fine").within(0..=6)));
        stage.server.set_judge(move |_| {
            let left = fine.get();
            fine.set(left.saturating_sub(1));
            (left == 0).then(|| Outcome::Reply(status(401)))
        });
        let error = stage.sync().unwrap_err();
        assert!(matches!(&error, Error::Api(error) if error.status == 401));
        let refused = stage.network.log().iter().filter(|exchange| exchange.seen).count();
        // Requests of the other lane may have been in flight.
        assert!(refused <= 6 + 3, "{refused} requests");
        stage.assert_nothing_is_left();
        stage.server.clear_judge();
        stage.assert_equal_at_last();
    }
}
