//! One store used with several servers.

use super::stage::{DAY, Setting, Stage, TYPES};
use super::stored_positions::{make_early, owns_early};
use crate::server::Variant;
use crate::world::{Chance, seeds};
use futures_util::future::join;
use humansync::http::Abort;

/// A second server.
pub const TRIAL: &str = "https://sandbox.example";

/// Two servers with records, and one disk.
fn two(seed: u64, types: &[&'static str]) -> (Stage, Stage) {
    let mut chance = Chance::new(seed, "servers");
    let setting = Setting { types: types.to_vec(), ..Setting::default() };
    let first = Stage::new(seed, Variant { cap: 500, ..Variant::drawn(&mut chance) }, setting);
    first.set(|setting| setting.since = Some(first.seconds() - 41 * DAY));
    let second = first.beside(TRIAL, Variant { cap: 500, ..Variant::drawn(&mut chance) });
    first.fill(20, 40);
    second.fill(30, 40);
    (first, second)
}

#[test]
fn each_server_delivers_its_own_records() {
    for seed in seeds(40) {
        let (api, trial) = two(seed, &TYPES);
        for stage in [&trial, &api, &trial, &api] {
            stage.sync().unwrap();
            stage.assert_equal();
            stage.pass(1_000_000);
            stage.fill(3, 0);
        }
        // Each server's position goes on: nothing comes twice, which the table checks.
        trial.assert_equal_at_last();
        api.assert_equal_at_last();
    }
}

#[test]
fn positions_of_an_early_version_belong_to_the_next_server_and_to_no_other() {
    for seed in seeds(40) {
        let (first, second) = two(seed, &TYPES);
        first.sync().unwrap();
        make_early(&first.disk, first.server.origin());
        first.pass(1_000_000);
        first.fill(3, 0);
        // Nothing comes twice, which the table checks.
        first.sync().unwrap();
        first.assert_equal();
        assert_eq!(owns_early(&first.disk, first.server.origin()), Some(true));
        second.sync().unwrap();
        second.assert_equal();
        second.pass(1_000_000);
        first.assert_equal_at_last();
        second.assert_equal_at_last();
    }
}

#[test]
fn positions_of_an_early_version_get_one_owner_even_if_programs_die_or_race() {
    for step in 1..120 {
        let (first, second) = two(step, &["weights"]);
        first.sync().unwrap();
        make_early(&first.disk, first.server.origin());
        first.table.begin_anew();
        first.table.may_forget();
        // The positions may go to either server, and claim too much for the second one.
        second.set(|setting| setting.may_go_back = true);
        let program = first.program();
        let process = program.process.clone();
        first.world.interrupt(first.world.steps() + step, move || process.kill());
        let one = first.sync_by(&program, &Abort::new());
        let other = second.sync_by(&second.program(), &Abort::new());
        let (_, ended) = first.world.run(join(one, other));
        first.world.interrupt(u64::MAX, || ());
        ended.unwrap().unwrap();
        first.table.trouble();
        for stage in [&first, &second, &first] {
            stage.sync().unwrap();
        }
        let owners = [&first, &second].map(|stage| owns_early(&stage.disk, stage.server.origin()).unwrap());
        assert_ne!(owners[0], owners[1], "step {step}");
        // The server that did not get them begins at the beginning.
        first.assert_equal();
        if owners[0] {
            second.assert_equal();
        }
        first.assert_nothing_is_left();
    }
}

#[test]
fn no_server_waits_for_another_ones_run() {
    let (slow, quick) = two(1, &["weights"]);
    slow.sync().unwrap();
    make_early(&slow.disk, slow.server.origin());
    slow.fill(3, 0);
    slow.set(|setting| setting.busy = 3_600_000..=3_600_000);
    let began = slow.world.elapsed();
    let quick_ended = async {
        quick.sync_by(&quick.program(), &Abort::new()).await.unwrap().unwrap();
        quick.world.elapsed()
    };
    let (ended, quick_ended) =
        slow.world.run(join(slow.sync_by(&slow.program(), &Abort::new()), quick_ended));
    ended.unwrap().unwrap();
    assert!(slow.world.elapsed() - began > 3_600_000);
    assert!(quick_ended - began < 3_600_000);
    quick.assert_equal_at_last();
}
