//! Positions that are ahead of the server's clock.

use super::stage::{DAY, Setting, Stage, TYPES};
use super::stored_positions::own_prefix;
use crate::server::{AppChurn, Variant};
use crate::world::seeds;
use humansync::store::{ByteWriter, ValueKind, seal};

#[test]
fn a_server_clock_that_is_set_back_is_warned_of_and_no_later_update_is_lost() {
    for seed in seeds(80) {
        let setting = Setting { may_go_back: true, ..Setting::default() };
        let (stage, mut chance) = Stage::drawn(seed, 40, setting);
        stage.sync().unwrap();
        let back = chance.pick(&[600, 7200, 90_000, 10 * DAY]) * 1000;
        stage.server.set_clock(-back);
        let before = stage.positions();
        // Until it is certain which clock is right, records may come again.
        stage.table.may_forget();
        assert!(stage.warnings.borrow().is_empty());
        stage.table.trouble();
        // The run that discovers the mistake reads updates within the overlap.
        for age in [0, 1, 5000, 200_000] {
            stage.server.add("weights", stage.server.now() - age, |row| row);
        }
        stage.sync().unwrap();
        stage.assert_equal();
        let warnings = stage.warnings.take();
        assert!(warnings.contains(&"position-ahead"), "{warnings:?}");
        // What is delivered stays delivered.
        let after = stage.positions();
        assert!(
            before.iter().all(|(name, kept)| after[name].delivered == kept.delivered),
            "{before:?}, {after:?}"
        );
        // From now on.
        let mut tide = AppChurn::drawn(chance.clone(), u64::MAX, 200_000);
        for _ in 0..3 {
            stage.pass(chance.pick(&[0, 1000, 500_000]));
            stage.server.turn(&mut tide, 10);
            stage.sync().unwrap();
        }
        stage.assert_equal_at_last();
        assert!(!stage.warnings.borrow().contains(&"position-ahead"), "{:?}", stage.warnings);
    }
}

#[test]
fn a_first_run_by_a_clock_far_ahead_hides_nothing_from_later_runs() {
    for seed in seeds(80) {
        let setting = Setting { may_go_back: true, any_order: true, ..Setting::default() };
        let (stage, mut chance) = Stage::drawn(seed, 30, setting);
        stage.set(|setting| setting.since = None);
        stage.table.may_forget();
        let (began, ahead) = (stage.seconds(), chance.pick(&[32, 40, 400, 75 * 365]) * DAY * 1000);
        let is_hidden = chance.happens(0.3);
        stage.server.vary(|variant| variant.dates = !is_hidden);
        let set = |off: i64| {
            stage.server.set_clock(off);
            if is_hidden {
                stage.world.jump(if off > 0 { off } else { -ahead });
            }
        };
        set(ahead);
        let died = chance.happens(0.3) && !stage.sync_and_die(chance.within(1..=100));
        if !died {
            stage.sync().unwrap();
        }
        set(0);
        stage.warnings.take();
        for round in 0..3 {
            let before = stage.network.requests();
            stage.sync().unwrap();
            let pages = 3 * (60 / stage.server.cap().min(60) + 4);
            assert!(stage.network.requests() - before <= 3 * pages, "{}", stage.network.requests() - before);
            for name in TYPES {
                for row in stage.server.visible(name) {
                    let is_due = row.updated >= (began - 31 * DAY + 140) * 1000;
                    let is_known = !is_hidden || row.updated < (stage.seconds() - 140) * 1000;
                    assert!(!is_due || !is_known || stage.table.has(name, &row), "{name}: {row:?}");
                }
            }
            let warnings = stage.warnings.take();
            assert!(round > 0 || died || warnings.contains(&"position-ahead"), "{warnings:?}");
            assert!(round == 0 || !warnings.contains(&"position-ahead"), "{warnings:?}");
            stage.pass(chance.pick(&[200_000, 5_000_000]));
            stage.server.add("weights", stage.server.now(), |row| row);
        }
    }
}

/// A stage whose positions are a year ahead: the server's clock was. It is right again.
fn stage_with_positions_ahead(seed: u64) -> (Stage, crate::world::Chance) {
    let setting =
        Setting { types: vec!["weights"], may_go_back: true, any_order: true, ..Setting::default() };
    let (stage, chance) = Stage::drawn(seed, 30, setting);
    stage.table.may_forget();
    stage.server.set_clock(365 * DAY * 1000);
    stage.sync().unwrap();
    stage.server.set_clock(0);
    (stage, chance)
}

#[test]
fn updates_after_a_mistake_was_found_are_read_whenever_the_program_dies() {
    let mut died = 0;
    for steps in 1..90 {
        let (stage, _) = stage_with_positions_ahead(steps);
        stage.server.add("weights", stage.server.now(), |row| row);
        let latest =
            |stage: &Stage| stage.server.visible("weights").into_iter().max_by_key(|row| row.serial).unwrap();
        let before = latest(&stage);
        stage.pass(1000);
        // If it delivers this record, it has found the mistake, and begun to read by the present clock.
        stage.sync_and_die(steps);
        let has_found = stage.table.has("weights", &before);
        stage.server.add("weights", stage.server.now(), |row| row);
        let after = latest(&stage);
        // By now this is before the overlap.
        stage.pass(3_600_000);
        stage.sync().unwrap();
        if has_found {
            died += 1;
            assert!(stage.table.has("weights", &after), "{after:?} did not come, {steps} steps");
        }
    }
    assert!(died > 10, "{died}");
}

#[test]
fn a_walk_that_proves_nothing_does_not_move_what_is_read_by_the_present_clock() {
    let mut proved_nothing = 0;
    for seed in seeds(60) {
        let (stage, _) = stage_with_positions_ahead(seed);
        stage.server.vary(|variant| (variant.cap, variant.totals) = (2, true));
        stage.sync().unwrap();
        for _ in 0..20 {
            stage.pass(200_000);
            stage.server.add("weights", stage.server.now(), |row| row);
        }
        stage.server.vary(|variant| variant.shuffled_before = i64::MAX);
        stage.sync().unwrap();
        stage.server.vary(|variant| variant.shuffled_before = i64::MIN);
        // The next run goes on from here, less the overlap and a minute.
        let frontier = stage.positions()["weights"].frontier.unwrap();
        for row in stage.server.visible("weights") {
            let is_known = stage.table.has("weights", &row);
            let is_read_again = row.updated >= (frontier - 361) * 1000;
            proved_nothing += u64::from(!is_known);
            assert!(is_known || is_read_again, "{row:?} did not come, and runs go on from {frontier}");
        }
        stage.assert_equal_at_last();
    }
    assert!(proved_nothing > 0);
}

#[test]
fn what_the_first_windows_did_not_prove_is_read_by_later_runs_without_a_beginning() {
    let mut unproven = 0;
    for seed in seeds(120) {
        let setting =
            Setting { types: vec!["weights"], any_order: true, window_records: 12, ..Setting::default() };
        let stage = Stage::new(seed, Variant { totals: true, ..Variant::plain(2) }, setting);
        stage.fill(60, 25);
        stage.table.may_forget();
        stage.set(|setting| setting.since = Some(stage.seconds() - 26 * DAY));
        let since = stage.setting.borrow().since.unwrap();
        stage.server.vary(|variant| variant.shuffled_before = since + 5 * DAY);
        stage.sync_and_die(stage.world.chance_for("death").within(100..=3000));
        stage.server.vary(|variant| variant.shuffled_before = i64::MIN);
        stage.set(|setting| setting.since = None);
        match stage.positions().get("weights").and_then(|kept| Some((kept.delivered.first()?.0, kept.open))) {
            Some((start, _)) if start > since + 1 => unproven += 1,
            Some(_) => {}
            None => continue,
        }
        stage.assert_equal_at_last();
    }
    assert!(unproven > 0);
}

#[test]
fn a_position_that_no_clock_can_have_left_does_not_stop_later_runs() {
    let last = 253_402_300_740;
    for from_now in [false, true] {
        let stage = Stage::with_host_clock_off_by(0);
        stage.set(|setting| (setting.since, setting.may_go_back, setting.any_order) = (None, true, true));
        let now = stage.seconds();
        let mut position = ByteWriter::default();
        position.count(1);
        position.signed(if from_now { now - 31 * DAY } else { last - 31 * DAY });
        position.signed(last);
        position.raw(&[0; 1 + 8 + 8 + 1 + 8 + 1 + 8]);
        let key = format!("{}weights/position", own_prefix(stage.server.origin()));
        let mut value = seal(ValueKind::Position, &position.finish());
        // As the second version of the format has it.
        value[3] = 2;
        stage.disk.put(&key, value);
        for round in 0..3 {
            let before = stage.network.requests();
            stage.sync().unwrap();
            assert!(stage.network.requests() - before <= 40, "{}", stage.network.requests() - before);
            let warned = stage.warnings.take();
            assert_eq!(warned, if round == 0 { vec!["position-ahead"] } else { vec![] });
            // What the position says to be delivered stays so.
            let from = if from_now { now } else { now - 31 * DAY + 1 };
            let rows = stage.server.visible("weights").into_iter().filter(|row| row.updated >= from * 1000);
            rows.for_each(|row| assert!(stage.table.has("weights", &row), "{row:?}"));
            stage.pass(4_000_000);
            stage.server.add("weights", stage.server.now() - 10_000, |row| row);
        }
    }
}

#[test]
fn a_position_left_far_ahead_by_a_wrong_clock_stays_and_stops_nothing() {
    let stage = Stage::with_host_clock_off_by(0);
    stage.set(|setting| setting.any_order = true);
    // A server whose clock was in 2099 for a while.
    stage.server.set_clock(75 * 365 * DAY * 1000);
    stage.set(|setting| setting.since = Some(stage.seconds() - DAY));
    stage.sync().unwrap();
    let far = stage.positions()["weights"].end().unwrap();
    stage.server.set_clock(0);
    stage.set(|setting| setting.since = Some(stage.seconds() - 201 * DAY));
    for _ in 0..4 {
        stage.sync().unwrap();
        stage.assert_equal();
        assert!(stage.positions()["weights"].end().unwrap() >= far);
        stage.pass(86_400_000);
        stage.server.add("weights", stage.server.now() - 50_000_000, |row| row);
        stage.server.add("weights", stage.server.now(), |row| row);
        let before = stage.network.requests();
        stage.sync().unwrap();
        assert!(stage.network.requests() - before <= 70, "{}", stage.network.requests() - before);
        stage.assert_equal();
    }
}
