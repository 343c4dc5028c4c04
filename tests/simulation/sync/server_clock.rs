//! Clocks that are wrong or hidden.

use super::stage::{DAY, Setting, Stage};
use crate::server::{AppChurn, OddDate, OddDates};
use crate::world::seeds;
use humansync::clock::Clock;

#[test]
fn a_hidden_clock_is_warned_of_and_the_run_ends_a_minute_early() {
    for seed in seeds(60) {
        let (stage, mut chance) = Stage::drawn(seed, 40, Setting::default());
        stage.server.vary(|variant| variant.dates = false);
        // Within the minute that a run leaves.
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
fn dates_in_the_year_9999_are_ignored() {
    for every in [1, 2, 3] {
        let stage = Stage::with_host_clock_off_by(0);
        stage.set(|setting| setting.since = None);
        let date = OddDate::At(253_402_214_400_000);
        stage.server.set_odd_dates(Some(OddDates { first: 0, every: Some(every), date }));
        for _ in 0..2 {
            let report = stage.sync().unwrap();
            assert!(report.requests <= 40, "{} requests", report.requests);
            let until = report.types[0].until.unwrap();
            assert!((stage.seconds() - 80..=stage.seconds()).contains(&until), "{until}");
            let warnings = stage.warnings.take();
            // If the first answer has no date, a warning says so.
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
fn one_odd_date_neither_skips_records_nor_stops_the_position_nor_costs_requests() {
    let plain = {
        let stage = Stage::with_host_clock_off_by(0);
        stage.sync().unwrap().requests
    };
    for date in
        [OddDate::At(0), OddDate::At(4_084_000_000_000), OddDate::Off(1_200_000), OddDate::Off(-1_200_000)]
    {
        for first in [0, 1, 20, 35] {
            for host in [0, 7200, -7200, 400 * DAY] {
                let stage = Stage::with_host_clock_off_by(host);
                stage.server.set_odd_dates(Some(OddDates { first, every: None, date }));
                let began = stage.seconds();
                let report = stage.sync().unwrap();
                stage.assert_equal();
                assert!(
                    report.requests <= plain + 4,
                    "{date:?}: {} requests, {plain} without it",
                    report.requests
                );
                // Up to the clock when the last window was begun.
                let known = |at: i64| if host == -7200 { at + host } else { at };
                let (least, most) = (known(began) - 1, known(stage.seconds()));
                let until = report.types[0].until.unwrap();
                assert!(
                    (least..=most).contains(&until),
                    "{date:?}, {first}, {host}: {until}, {least} to {most}"
                );
                assert!(stage.warnings.borrow().contains(&"clock-differs"), "{date:?}, {first}, {host}");
                // The next run has all later changes.
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
fn clocks_that_differ_by_more_than_the_overlap_are_warned_of() {
    for (host, overlap, is_told) in
        [(290, 300, false), (320, 300, true), (-320, 300, true), (320, 3600, false)]
    {
        let stage = Stage::with_host_clock_off_by(host);
        stage.set(|setting| setting.overlap = overlap);
        stage.sync().unwrap();
        assert_eq!(!stage.warnings.borrow().is_empty(), is_told, "{host}, {overlap}");
        let (server, own) = (stage.seconds(), stage.world.now().div_euclid(1000));
        // The earlier clock counts.
        let end = stage.positions()["weights"].end().unwrap();
        assert!(end <= server.min(own) && end >= server.min(own) - 30, "{end}: {server}, {own}");
        stage.assert_equal_at_last();
    }
}
