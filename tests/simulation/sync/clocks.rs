//! Clocks that are wrong, hidden or set back, and what may be set of where a run begins and ends.

use super::position::own_prefix;
use super::stage::{DAY, Setting, Stage, TYPES};
use crate::server::{AppChurn, OddDate, OddDates, Variant};
use crate::world::{Chance, Conditions, seeds};
use humansync::clock::Clock;
use humansync::store::{Kind, Writer, seal};

/// A stage with records of so many days, in any kind of server.
fn stage(seed: u64, days: i64, setting: Setting) -> (Stage, Chance) {
    let mut chance = Chance::new(seed, "clocks");
    let variant = Variant { cap: chance.pick(&[5, 20, 500]), ..Variant::drawn(&mut chance) };
    let stage = Stage::new(seed, variant, setting);
    stage.fill(60, days);
    stage.set(|setting| setting.since = Some(stage.seconds() - (days + 1) * DAY));
    (stage, chance)
}

fn tide(chance: &Chance) -> AppChurn {
    AppChurn::drawn(chance.clone(), u64::MAX, 200_000)
}

#[test]
fn after_an_outage_of_a_hundred_days_it_goes_on() {
    for seed in seeds(60) {
        let (stage, chance) = stage(seed, 40, Setting::default());
        stage.sync().unwrap();
        let mut tide = tide(&chance);
        for _ in 0..20 {
            stage.pass(5 * 86_400_000);
            stage.server.turn(&mut tide, 5);
        }
        stage.sync().unwrap();
        stage.assert_equal_at_last();
    }
}

#[test]
fn the_overlap_may_change_between_runs() {
    for seed in seeds(60) {
        let (stage, mut chance) = stage(seed, 40, Setting::default());
        let mut tide = AppChurn::drawn(chance.clone(), u64::MAX, 0);
        for _ in 0..8 {
            let overlap = chance.pick(&[0, 1, 300, 3600, 80_000, 20 * DAY, 60 * DAY]);
            stage.set(|setting| setting.overlap = overlap);
            if overlap > DAY {
                // What was delivered is remembered for a day, if not for longer.
                stage.table.trouble();
            }
            stage.sync().unwrap();
            stage.server.turn(&mut tide, 6);
            stage.pass(chance.pick(&[0, 700, 100_000]));
        }
        stage.set(|setting| setting.overlap = 300);
        stage.assert_equal_at_last();
    }
}

#[test]
fn a_later_run_may_begin_earlier() {
    for seed in seeds(80) {
        // A span that a run has left is finished first.
        let setting = Setting { any_order: true, ..Setting::default() };
        let (stage, mut chance) = stage(seed, 200, setting);
        let mut tide = tide(&chance);
        let now = stage.seconds();
        for _ in 0..5 {
            let days = chance.within(1..=150) as i64;
            stage.set(|setting| setting.since = Some(now - days * DAY - 1));
            stage.sync().unwrap();
            if chance.happens(0.5) {
                stage.sync_and_die(chance.within(1..=200));
            }
            stage.server.turn(&mut tide, 5);
            stage.pass(chance.pick(&[0, 5000, 86_400_000]));
        }
        stage.set(|setting| setting.since = Some(now - 201 * DAY));
        stage.assert_equal_at_last();
        let before = stage.network.requests();
        stage.sync().unwrap();
        assert!(stage.network.requests() - before <= 3 * 20, "what is delivered was read once more");
    }
}

#[test]
fn a_run_with_an_end_gives_what_was_updated_before_it() {
    for seed in seeds(60) {
        let (stage, mut chance) = stage(seed, 100, Setting::default());
        let end = stage.seconds() - chance.within(0..=99) as i64 * DAY;
        stage.set(|setting| setting.until = Some(end));
        let report = stage.sync().unwrap();
        for name in TYPES {
            let rows = stage.server.visible(name);
            let due = rows.iter().filter(|row| row.updated < end * 1000).count();
            let most = rows.iter().filter(|row| row.updated < (end + 1) * 1000).count();
            let came = stage.table.len_of(name);
            assert!((due..=most).contains(&came), "{name}: {came}, and {due} to {most} are due");
        }
        assert!(report.types.iter().all(|of| of.until == Some(end)), "{:?}, {end}", report.types);
        stage.set(|setting| setting.until = None);
        stage.assert_equal_at_last();
    }
}

#[test]
fn an_end_holds_for_a_span_that_an_earlier_run_has_left() {
    for seed in seeds(60) {
        let (stage, mut chance) = stage(seed, 100, Setting::default());
        stage.sync_and_die(chance.within(20..=200));
        let end = stage.seconds() - chance.within(20..=90) as i64 * DAY;
        let late = |name: &str| {
            let rows = stage.server.visible(name).into_iter().filter(|row| row.updated >= (end + 1) * 1000);
            rows.filter(|row| stage.table.has(name, row)).count()
        };
        let before = TYPES.map(late);
        stage.set(|setting| setting.until = Some(end));
        stage.sync().unwrap();
        assert_eq!(TYPES.map(late), before, "what was updated behind the end was delivered");
        stage.set(|setting| setting.until = None);
        stage.assert_equal_at_last();
    }
}

#[test]
fn a_beginning_in_the_future_is_waited_for() {
    for seed in seeds(40) {
        let (stage, chance) = stage(seed, 10, Setting::default());
        let since = stage.seconds() + 3600;
        stage.set(|setting| setting.since = Some(since));
        stage.sync().unwrap();
        stage.pass(3 * 3_600_000);
        let mut tide = tide(&chance);
        stage.server.turn(&mut tide, 30);
        stage.sync().unwrap();
        for name in TYPES {
            for row in stage.server.visible(name) {
                assert_eq!(row.updated >= since * 1000, stage.table.has(name, &row), "{row:?}");
            }
        }
    }
}

#[test]
fn without_a_beginning_it_is_31_days_ago_by_the_servers_clock() {
    for seed in seeds(40) {
        let (stage, mut chance) = stage(seed, 60, Setting::default());
        let off = chance.pick(&[-40, -3, 0, 5, 400]) * DAY * 1000;
        stage.world.jump(off);
        stage.set(|setting| setting.since = None);
        let began = stage.server.now();
        stage.sync().unwrap();
        for name in TYPES {
            for row in stage.server.visible(name) {
                let age = began - row.updated;
                if age < (31 * DAY - 1) * 1000 {
                    assert!(stage.table.has(name, &row), "{row:?}");
                } else if age > (31 * DAY + 3) * 1000 {
                    assert!(!stage.table.has(name, &row), "{row:?}");
                }
            }
        }
        assert_eq!(*stage.warnings.borrow(), if off == 0 { vec![] } else { vec!["clock-differs"] });
        // Later runs begin where the last one ended, and not 31 days ago.
        let before = stage.network.requests();
        let alone = |asked: &crate::server::AnsweredQuery| asked.limit == 1;
        let asked = stage.server.asked().iter().filter(|asked| alone(asked)).count();
        assert!(asked <= 4, "the clock was asked for {asked} times");
        stage.sync().unwrap();
        assert!(stage.network.requests() - before <= 6);
    }
}

#[test]
fn a_server_that_is_set_back_is_told_of_and_nothing_from_then_on_is_lost() {
    for seed in seeds(80) {
        let setting = Setting { may_go_back: true, ..Setting::default() };
        let (stage, mut chance) = stage(seed, 40, setting);
        stage.sync().unwrap();
        let back = chance.pick(&[600, 7200, 90_000, 10 * DAY]) * 1000;
        stage.server.set_clock(-back);
        let before = stage.positions();
        // As long as it is not certain which clock is right, what came comes again.
        stage.table.may_forget();
        assert!(stage.warnings.borrow().is_empty());
        stage.table.trouble();
        // What is within the overlap is read by the very run that finds it out.
        for age in [0, 1, 5000, 200_000] {
            stage.server.add("weights", stage.server.now() - age, |row| row);
        }
        stage.sync().unwrap();
        stage.assert_equal();
        let warnings = stage.warnings.take();
        assert!(warnings.contains(&"position-ahead"), "{warnings:?}");
        // What is delivered stays so.
        let after = stage.positions();
        assert!(
            before.iter().all(|(name, kept)| after[name].delivered == kept.delivered),
            "{before:?}, {after:?}"
        );
        // From here on.
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
fn a_hidden_clock_is_told_of_and_a_minute_is_left() {
    for seed in seeds(60) {
        let (stage, mut chance) = stage(seed, 40, Setting::default());
        stage.server.vary(|variant| variant.dates = false);
        // Not more than what is left.
        stage.world.jump(chance.pick(&[-59_000, 0, 59_000]));
        let mut tide = AppChurn::drawn(chance.clone(), u64::MAX, 100_000);
        for _ in 0..4 {
            let report = stage.sync().unwrap();
            assert_eq!(stage.warnings.take(), ["clock-hidden"]);
            let now = stage.seconds();
            for of in report.types {
                let until = of.until.unwrap();
                assert!(until <= now, "{until} is ahead of {now}");
            }
            stage.server.turn(&mut tide, 8);
            stage.pass(chance.pick(&[100, 60_000, 90_000]));
        }
        stage.assert_equal_at_last();
    }
}

#[test]
fn a_first_run_by_a_clock_far_ahead_hides_nothing_from_later_ones() {
    for seed in seeds(80) {
        let setting = Setting { may_go_back: true, any_order: true, ..Setting::default() };
        let (stage, mut chance) = stage(seed, 30, setting);
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

#[test]
fn dates_in_the_year_9999_are_none() {
    for every in [1, 2, 3] {
        let stage = odd_stage(0);
        stage.set(|setting| setting.since = None);
        let date = OddDate::At(253_402_214_400_000);
        stage.server.set_odd_dates(Some(OddDates { first: 0, every: Some(every), date }));
        for _ in 0..2 {
            let report = stage.sync().unwrap();
            assert!(report.requests <= 40, "{} requests", report.requests);
            let until = report.types[0].until.unwrap();
            assert!((stage.seconds() - 80..=stage.seconds()).contains(&until), "{until}");
            let warnings = stage.warnings.take();
            // Where the first answer has none, that is told.
            assert!(warnings == ["clock-hidden"] || every > 1 && warnings.is_empty(), "{warnings:?}");
            stage.pass(400_000);
            stage.server.add("weights", stage.server.now(), |row| row);
        }
        stage.server.set_odd_dates(None);
        stage.sync().unwrap();
        let due = stage
            .server
            .visible("weights")
            .into_iter()
            .filter(|row| row.updated > stage.server.now() - 30 * DAY * 1000);
        due.for_each(|row| assert!(stage.table.has("weights", &row), "{row:?}"));
    }
}

#[test]
fn a_position_that_no_clock_can_have_left_is_no_dead_end() {
    let last = 253_402_300_740;
    for from_now in [false, true] {
        let stage = odd_stage(0);
        stage.set(|setting| (setting.since, setting.may_go_back, setting.any_order) = (None, true, true));
        let now = stage.seconds();
        let mut position = Writer::default();
        position.count(1);
        position.signed(if from_now { now - 31 * DAY } else { last - 31 * DAY });
        position.signed(last);
        position.raw(&[0; 1 + 8 + 8 + 1 + 8 + 1 + 8]);
        let key = format!("{}weights/position", own_prefix(stage.server.origin()));
        stage.disk.put(&key, seal(Kind::Position, &position.finish()));
        for round in 0..3 {
            let before = stage.network.requests();
            stage.sync().unwrap();
            assert!(stage.network.requests() - before <= 40, "{}", stage.network.requests() - before);
            let warned = stage.warnings.take();
            assert_eq!(warned, if round == 0 { vec!["position-ahead"] } else { vec![] });
            // What is said to be delivered up to then stays so.
            let from = if from_now { now } else { now - 31 * DAY + 1 };
            let rows = stage.server.visible("weights").into_iter().filter(|row| row.updated >= from * 1000);
            rows.for_each(|row| assert!(stage.table.has("weights", &row), "{row:?}"));
            stage.pass(4_000_000);
            stage.server.add("weights", stage.server.now() - 10_000, |row| row);
        }
    }
}

/// A stage of one type with many records, and a machine whose clock is off by so many seconds.
fn odd_stage(host: i64) -> Stage {
    let setting =
        Setting { types: vec!["weights"], conditions: Conditions::steady(10), ..Setting::default() };
    let stage = Stage::new(1, Variant::plain(50), setting);
    stage.fill(2000, 200);
    stage.set(|setting| setting.since = Some(stage.seconds() - 201 * DAY));
    stage.world.jump(host * 1000);
    stage.table.may_forget();
    stage
}

#[test]
fn one_odd_date_neither_skips_anything_nor_stops_the_position_nor_makes_requests() {
    let plain = {
        let stage = odd_stage(0);
        stage.sync().unwrap().requests
    };
    for date in
        [OddDate::At(0), OddDate::At(4_084_000_000_000), OddDate::Off(1_200_000), OddDate::Off(-1_200_000)]
    {
        for first in [0, 1, 20, 35] {
            for host in [0, 7200, -7200, 400 * DAY] {
                let stage = odd_stage(host);
                stage.server.set_odd_dates(Some(OddDates { first, every: None, date }));
                let began = stage.seconds();
                let report = stage.sync().unwrap();
                stage.assert_equal();
                assert!(
                    report.requests <= plain + 4,
                    "{date:?}: {} requests, {plain} without it",
                    report.requests
                );
                let known = if host == -7200 { began + host } else { began };
                let until = report.types[0].until.unwrap();
                assert!((known - 1..=known).contains(&until), "{date:?}, {first}, {host}: {until}, {known}");
                assert!(stage.warnings.borrow().contains(&"clock-differs"), "{date:?}, {first}, {host}");
                // What changes from then on is there with the next run.
                for age in [-1000, 30_000, 600_000] {
                    stage.pass(if age < 0 { 900_000 } else { 0 });
                    stage.server.add("weights", stage.server.now() - age.max(0), |row| row);
                }
                stage.sync().unwrap();
                stage.assert_equal_at_last();
            }
        }
    }
}

#[test]
fn clocks_that_differ_are_told_of_where_they_differ_by_more_than_the_overlap() {
    for (host, overlap, is_told) in
        [(290, 300, false), (320, 300, true), (-320, 300, true), (320, 3600, false)]
    {
        let stage = odd_stage(host);
        stage.set(|setting| setting.overlap = overlap);
        stage.sync().unwrap();
        assert_eq!(!stage.warnings.borrow().is_empty(), is_told, "{host}, {overlap}");
        let (server, own) = (stage.seconds(), stage.world.now().div_euclid(1000));
        // The earlier one counts.
        let end = stage.positions()["weights"].end().unwrap();
        assert!(end <= server.min(own) && end >= server.min(own) - 30, "{end}: {server}, {own}");
        stage.assert_equal_at_last();
    }
}

#[test]
fn a_position_that_an_odd_clock_has_left_far_ahead_stops_nothing_and_stays() {
    let stage = odd_stage(0);
    stage.set(|setting| setting.any_order = true);
    // A server that was in 2099 for a while.
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
