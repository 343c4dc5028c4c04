//! What a run costs: requests, and pages held in memory.

use super::stage::{DAY, Setting, Stage};
use crate::server::Variant;
use crate::world::{Conditions, seeds};
use humansync::api::BatchType;

#[test]
fn no_page_is_requested_twice_if_nothing_changes() {
    for (count, days, concurrency) in
        [(0, 10, 1), (100, 100, 1), (100, 100, 6), (2000, 365, 6), (4000, 365, 1)]
    {
        let setting = Setting { concurrency, types: vec!["weights", "sleeps"], ..Setting::default() };
        let stage = Stage::new(count, Variant::plain(50), setting);
        stage.fill(count, days);
        stage.set(|setting| setting.since = Some(stage.seconds() - (days + 1) * DAY));
        let report = stage.sync().unwrap();
        let windows = (days as u64 + 1).div_ceil(30) + 1;
        // Pages overlap by a record, and begin anew in each window.
        let most = 2 * (count / 49 + 2 * windows);
        assert!(report.requests <= most, "{} requests, and {most} must do", report.requests);
        assert_eq!((report.requests, report.retries), (stage.network.requests() as u64, 0));
        let again = stage.sync().unwrap();
        assert_eq!((again.records, again.requests), (0, 2));
    }
}

#[test]
fn a_run_that_finds_nothing_new_takes_one_request_for_each_type() {
    let types: Vec<&str> = BatchType::all().map(BatchType::name).collect();
    let stage = Stage::new(1, Variant::plain(500), Setting { types, ..Setting::default() });
    stage.fill(20, 20);
    stage.set(|setting| setting.since = Some(stage.seconds() - 21 * DAY));
    stage.sync().unwrap();
    stage.pass(600_000);
    assert_eq!(stage.sync().unwrap().requests, 16);
}

#[test]
fn a_slow_consumer_slows_the_requests_down() {
    for seed in seeds(30) {
        let concurrency = stage_lanes(seed);
        let types = vec!["weights", "sleeps", "heights", "bmis", "activities", "locations", "body_fats"];
        let setting = Setting {
            concurrency,
            types: types.clone(),
            busy: 100_000..=100_000,
            conditions: Conditions::steady(10),
            ..Setting::default()
        };
        let stage = Stage::new(seed, Variant::plain(5), setting);
        stage.fill(200, 20);
        stage.set(|setting| setting.since = Some(stage.seconds() - 21 * DAY));
        stage.sync().unwrap();
        // The consumer keeps each page for 200 s. Pages that have arrived and that it is not done with are held.
        let began = stage.network.log()[0].sent;
        let log = stage.network.log();
        let under_way = concurrency.min(types.len());
        // The first page of a window that is divided is not held.
        let divided = types.len();
        for moment in (0..60).map(|number| began + 100_000 + number * 200_000) {
            let came = log.iter().filter(|exchange| exchange.sent < moment).count();
            let done = ((moment - began) / 200_000) as usize;
            assert!(
                came <= done + 2 * concurrency + under_way + divided,
                "{came} pages came, and the consumer is done with {done}"
            );
        }
    }
}

fn stage_lanes(seed: u64) -> usize {
    [1, 2, 6][seed as usize % 3]
}
