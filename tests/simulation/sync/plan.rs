//! Plans of windows, judged by the server's own records and clock.

use super::stage::{DAY, Setting, Stage};
use crate::server::{OddDate, OddDates, Variant, status};
use crate::world::{Chance, Conditions, Outcome, seeds};
use humansync::api::BatchType;
use humansync::error::Error;
use humansync::http::Abort;
use humansync::sync::{PlanOptions, PlannedWindow};

const NAME: &str = "weights";

fn plan(stage: &Stage, options: PlanOptions) -> Result<Vec<PlannedWindow>, Error> {
    let app = stage.program().app;
    let weights = BatchType::from_name(NAME).unwrap();
    stage.world.run(app.plan(weights, options, Abort::new()))
}

fn stage(seed: u64, days: i64) -> (Stage, Chance) {
    Stage::drawn(seed, days, Setting { types: vec![NAME], ..Setting::default() })
}

fn all_since(since: i64) -> PlanOptions {
    PlanOptions { since, until: None, covered: Vec::new(), window_records: 50_000 }
}

#[test]
fn every_second_that_is_over_is_in_one_window_or_covered() {
    for seed in seeds(200) {
        let (stage, mut chance) = stage(seed, 100);
        let since = stage.seconds() - 101 * DAY;
        let covered: Vec<_> = (0..chance.within(0..=12))
            .map(|_| {
                let begin = since + chance.within(0..=(102 * DAY) as u64) as i64;
                (begin, begin + chance.within(1..=(20 * DAY) as u64) as i64)
            })
            .collect();
        let until = chance.pick(&[None, Some(stage.seconds() + DAY), Some(stage.seconds() - 40 * DAY)]);
        let window_records = chance.pick(&[3, 20, 1000]);
        let options = PlanOptions { since, until, covered: covered.clone(), window_records };
        let before = stage.seconds();
        let windows = plan(&stage, options).unwrap();
        let is_covered = |second| covered.iter().any(|(begin, end)| (*begin..*end).contains(&second));
        let mut end = since;
        for window in &windows {
            assert!(end <= window.since && window.since < window.before);
            // Covered time begins and ends with a covered second.
            assert!(end == window.since || is_covered(end) && is_covered(window.since - 1));
            assert!(covered.iter().all(|(begin, end)| window.before <= *begin || *end <= window.since));
            end = window.before;
        }
        let closed = before - 60;
        let last = until.map_or(closed, |until| until.min(closed));
        // The clock is known to the second, and answers take time.
        assert!((last - 3..=last).contains(&end) || is_covered(end), "{end} {last}");
        assert!(end <= last || windows.is_empty());

        for row in stage.server.visible(NAME) {
            let second = row.updated.div_euclid(1000);
            let of_it =
                windows.iter().filter(|window| (window.since..window.before).contains(&second)).count();
            let is_due = (since..end).contains(&second) && !is_covered(second);
            assert_eq!(of_it, usize::from(is_due), "{row:?}");
        }
        for window in &windows {
            let own = |row: &crate::server::Row| {
                (window.since..window.before).contains(&row.updated.div_euclid(1000))
            };
            let records = stage.server.visible(NAME).into_iter().filter(own).count() as u64;
            if let Some(expected) = window.expected {
                assert!(records <= expected, "{records} {expected}");
                assert!(expected <= window_records || window.before - window.since < 11);
            }
        }
        assert!(stage.server.asked().iter().all(|asked| asked.limit == 1));
        stage.assert_nothing_is_left();
    }
}

#[test]
fn without_totals_windows_are_long_and_nothing_is_expected() {
    let stage = Stage::new(1, Variant { totals: false, ..Variant::plain(3) }, Setting::default());
    stage.fill(200, 90);
    let options = PlanOptions { window_records: 1, ..all_since(stage.seconds() - 90 * DAY) };
    let windows = plan(&stage, options).unwrap();
    assert_eq!(windows.len(), 3);
    assert!(windows.iter().all(|window| window.expected.is_none()));
}

#[test]
fn a_plan_costs_about_one_request_for_each_window() {
    let stage = Stage::new(1, Variant::plain(3), Setting { types: vec![NAME], ..Setting::default() });
    stage.fill(5000, 90);
    let options = PlanOptions { window_records: 100, ..all_since(stage.seconds() - 90 * DAY) };
    let windows = plan(&stage, options).unwrap();
    assert!((50..=110).contains(&windows.len()), "{}", windows.len());
    assert!(stage.network.requests() <= windows.len() * 5 / 4 + 20, "{}", stage.network.requests());
    let expected: u64 = windows.iter().filter_map(|window| window.expected).sum();
    assert!((4900..5200).contains(&expected), "{expected}");
}

#[test]
fn the_end_is_a_minute_before_the_servers_clock_whatever_this_machine_thinks() {
    for off in [-75 * 365 * DAY, -3 * DAY, -3600, -90, 0, 90, 3600, 3 * DAY, 75 * 365 * DAY] {
        for odd in [None, Some(OddDate::At(4_084_000_000_000)), Some(OddDate::Off(20 * 60_000))] {
            let stage = Stage::with_host_clock_off_by(off);
            stage.server.set_odd_dates(odd.map(|date| OddDates { first: 0, every: None, date }));
            let windows = plan(&stage, all_since(stage.seconds() - 200 * DAY)).unwrap();
            let end = windows.last().unwrap().before;
            assert!(end <= stage.seconds() - 60, "{off} {odd:?}: {end}");
            // Two clocks that differ by less than a day may both be right, and the earlier one counts.
            let least = stage.seconds() - 70 - if off.abs() < DAY { off.abs() } else { 0 };
            assert!(end >= least, "{off} {odd:?}: {end}");
        }
    }
}

#[test]
fn nothing_is_planned_where_nothing_is_over() {
    let (stage, _) = stage(3, 10);
    for since in [stage.seconds() - 50, stage.seconds() + DAY] {
        assert_eq!(plan(&stage, all_since(since)).unwrap(), []);
    }
    let since = stage.seconds() - DAY;
    assert_eq!(plan(&stage, PlanOptions { until: Some(since), ..all_since(since) }).unwrap(), []);
}

#[test]
fn totals_are_asked_for_again_if_the_connection_breaks() {
    for seed in seeds(20) {
        let conditions = Conditions { cut_before: 0.1, cut_after: 0.1, ..Conditions::uneven() };
        let setting = Setting { types: vec![NAME], conditions, max_retries: 20, ..Setting::default() };
        let broken = Stage::new(seed, Variant::plain(3), setting);
        broken.fill(100, 50);
        let options = PlanOptions { window_records: 7, ..all_since(broken.seconds() - 50 * DAY) };
        let windows = plan(&broken, options).unwrap();
        assert!(windows.windows(2).all(|pair| pair[0].before == pair[1].since));
        assert!(windows.iter().all(|window| window.expected.is_some()));
    }
}

#[test]
fn a_refusal_and_a_signal_end_it() {
    let (stage, _) = stage(5, 10);
    stage.server.set_judge(|_| Some(Outcome::Reply(status(403))));
    let error = plan(&stage, all_since(stage.seconds() - 9 * DAY)).unwrap_err();
    assert!(matches!(&error, Error::Api(error) if error.status == 403), "{error:?}");
    stage.server.clear_judge();
    let (app, abort) = (stage.program().app, Abort::new());
    let weights = BatchType::from_name(NAME).unwrap();
    let flag = abort.clone();
    stage.world.interrupt(stage.world.steps() + 4, move || flag.abort());
    let ended = stage.world.run(app.plan(weights, all_since(stage.seconds() - 9 * DAY), abort));
    assert!(matches!(ended, Err(Error::Aborted)), "{ended:?}");
    stage.assert_nothing_is_left();
}
