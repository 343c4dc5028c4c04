//! Runs that keep one person's lists in sync.

use super::stage::{DAY, Setting, Stage};
use crate::server::{AppChurn, Variant};
use crate::world::{Census, Chance, Conditions, FailurePoint, Verb, seeds, worlds};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// Lists with ids and dates, of which one is medical, and one without.
const LISTS: [&str; 4] = ["weight", "activities/summaries", "medical/allergies", "genetic/traits"];

fn stage(seed: u64, variant: Variant, count: u64) -> Stage {
    stage_without_dates(None, seed, variant, count)
}

/// The same, where the records of one list have no `updatedAt`.
fn stage_without_dates(undated: Option<&'static str>, seed: u64, variant: Variant, count: u64) -> Stage {
    stage_with_disk(Setting::default().disk, undated, seed, variant, count)
}

/// The same with a disk that takes so many milliseconds.
fn stage_with_disk(
    disk: RangeInclusive<u64>,
    undated: Option<&'static str>,
    seed: u64,
    variant: Variant,
    count: u64,
) -> Stage {
    // A list that turns out to ignore updates begins again.
    let setting = Setting { types: LISTS.to_vec(), any_order: true, undated, disk, ..Setting::default() };
    let stage = Stage::new(seed, Variant { of_one_person: true, ids_of_persons: false, ..variant }, setting);
    stage.fill(count, 3000);
    stage
}

#[test]
fn a_first_run_reads_everything_and_the_next_one_what_changed() {
    for cap in [3, 500] {
        let stage = stage(1, Variant::plain(cap), 40);
        let report = stage.sync().unwrap();
        stage.assert_equal();
        assert_eq!(report.records, 160);
        stage.pass(200_000);
        let again = stage.sync().unwrap();
        assert_eq!(again.records, 0);
        for name in LISTS {
            let (name, nameless) = (name, name.starts_with("genetic"));
            stage.server.add(name, stage.server.now(), |row| if nameless { row.nameless() } else { row });
        }
        stage.pass(200_000);
        assert_eq!(stage.sync().unwrap().records, 4);
        stage.assert_equal_at_last();
    }
}

#[test]
fn a_run_without_news_takes_one_request_for_each_list_that_knows_updates() {
    let stage = stage(1, Variant::plain(500), 40);
    stage.sync().unwrap();
    stage.pass(200_000);
    let before = stage.network.log().len();
    let requests = stage.sync().unwrap().requests;
    let urls: Vec<String> =
        stage.network.log()[before..].iter().map(|exchange| exchange.request.url.clone()).collect();
    // One more shows that the list of traits, which have no ids, ends where it did.
    assert_eq!(requests, 5, "{urls:#?}");
    assert!(stage.warnings.borrow().is_empty(), "{:?}", stage.warnings.borrow());
}

#[test]
fn a_beginning_before_1970_is_the_beginning_of_everything() {
    let stage = stage(1, Variant::plain(500), 40);
    stage.set(|setting| (setting.types, setting.since) = (vec!["weight"], Some(-DAY)));
    assert_eq!(stage.sync().unwrap().records, 40);
    stage.pass(200_000);
    assert_eq!(stage.sync().unwrap().requests, 1);
}

#[test]
fn lists_that_ignore_updates_are_read_whole_and_a_state_comes_once() {
    for cap in [7, 500] {
        let stage = stage(2, Variant { ignores_updates: true, ..Variant::plain(cap) }, 60);
        assert_eq!(stage.sync().unwrap().records, 240);
        assert_eq!(stage.warnings.take(), ["updates-ignored"]);
        assert_eq!(stage.sync().unwrap().records, 0);
        let mut churn = AppChurn::drawn(Chance::new(2, "churn"), u64::MAX, 0);
        for _ in 0..6 {
            stage.server.turn(&mut churn, 9);
            stage.pass(1_000_000);
            let report = stage.sync().unwrap();
            assert!(report.records <= 30, "{} records", report.records);
            stage.assert_equal();
        }
        assert!(stage.warnings.borrow().is_empty(), "it is warned of once: {:?}", stage.warnings.borrow());
        stage.assert_equal_at_last();
    }
}

#[test]
fn a_list_that_begins_to_ignore_updates_is_read_whole_from_then_on() {
    for seed in seeds(20) {
        let stage = stage(seed, Variant::plain(7), 60);
        stage.sync().unwrap();
        stage.server.vary(|variant| variant.ignores_updates = true);
        // Nothing shows which records were delivered.
        stage.table.may_forget();
        for _ in 0..3 {
            stage.pass(4_000_000);
            let mut churn = AppChurn::drawn(Chance::new(seed, "churn"), u64::MAX, 0);
            stage.server.turn(&mut churn, 9);
            stage.sync().unwrap();
            stage.assert_equal();
        }
        stage.assert_equal_at_last();
    }
}

#[test]
fn a_record_without_an_id_that_returns_to_an_earlier_content_comes_again() {
    let stage = stage(6, Variant::plain(500), 0);
    stage.set(|setting| setting.types = vec!["genetic/traits"]);
    stage.server.add("genetic/traits", stage.server.now(), |row| row.nameless());
    let states = [0, 1, 0, 2, 1];
    for version in states {
        stage.server.set_version("genetic/traits", version);
        stage.pass(1000);
        assert_eq!(stage.sync().unwrap().records, 1, "state {version}");
        assert_eq!(stage.sync().unwrap().records, 0, "state {version}");
    }
}

#[test]
fn a_record_that_returns_to_an_earlier_content_after_a_crash_comes_again() {
    // Records with an id, and records without.
    for name in ["weight", "genetic/traits"] {
        for steps in 1..120 {
            let stage = stage_without_dates(Some("weight"), 6, Variant::plain(500), 2);
            stage.set(|setting| setting.types = vec![name]);
            stage.sync().unwrap();
            stage.server.set_version(name, 1);
            // The consumer may have it in this state when its program dies, or not.
            stage.sync_and_die(steps);
            stage.server.set_version(name, 0);
            stage.assert_equal_at_last();
        }
    }
}

#[test]
fn records_that_another_run_did_not_want_do_not_come_again() {
    let stage = stage(7, Variant { ignores_updates: true, ..Variant::plain(500) }, 20);
    stage.set(|setting| setting.types = vec!["weight"]);
    assert_eq!(stage.sync().unwrap().records, 20);
    stage.set(|setting| setting.since = Some(stage.seconds() - 500 * DAY));
    assert_eq!(stage.sync().unwrap().records, 0);
    stage.set(|setting| setting.since = None);
    assert_eq!(stage.sync().unwrap().records, 0);
}

#[test]
fn the_states_of_a_list_that_is_read_whole_stay_few_however_often_they_change() {
    let stage = stage(3, Variant { ignores_updates: true, ..Variant::plain(500) }, 30);
    stage.set(|setting| {
        setting.types = vec!["weight"];
        setting.mark_capacity.marks_per_slot = 10;
    });
    stage.sync().unwrap();
    for _ in 0..40 {
        let mut churn = AppChurn::away(Chance::new(3, "churn"), u64::MAX);
        stage.server.turn(&mut churn, 20);
        stage.pass(100_000);
        stage.sync().unwrap();
        stage.assert_equal();
        let slots = stage.disk.keys().iter().filter(|key| key.contains("/seen/")).count();
        assert!(slots <= 9, "{slots} slots for 30 records");
    }
    let before = stage.table.len_of("weight");
    assert_eq!((stage.sync().unwrap().records, before), (0, 30));
    // All slots that were replaced are deleted by now.
    stage.disk.fail(|operation| {
        assert!(operation.verb != Verb::Delete, "{} is deleted again", operation.key);
        None
    });
    stage.sync().unwrap();
}

#[test]
fn a_program_that_dies_leaves_no_states_behind_that_are_of_no_use() {
    for (steps, rounds) in (1..60).flat_map(|steps| (1..5).map(move |rounds| (steps, rounds))) {
        let stage = stage(3, Variant { ignores_updates: true, ..Variant::plain(500) }, 30);
        stage.set(|setting| {
            setting.types = vec!["weight"];
            setting.mark_capacity.marks_per_slot = 10;
        });
        for _ in 0..rounds {
            stage.sync().unwrap();
            stage.server.set_version("weight", stage.seconds().unsigned_abs());
        }
        // One of these runs writes all states anew, and deletes those before them.
        stage.sync_and_die(steps);
        for version in 0..4 {
            stage.server.set_version("weight", version);
            stage.sync().unwrap();
        }
        stage.assert_equal_at_last();
        // They are one range of numbers, without others of an earlier one.
        let keys = stage.disk.keys();
        let slots: BTreeSet<u64> =
            keys.iter().filter_map(|key| key.split_once("/seen/")?.1.parse().ok()).collect();
        let (first, last) = (slots.first().unwrap(), slots.last().unwrap());
        assert_eq!(last - first + 1, slots.len() as u64, "{slots:?} after {steps} steps");
    }
}

#[test]
fn odd_worlds_of_one_person() {
    worlds("person", 150, world);
}

/// A world in which programs die, the network cuts, lists may ignore updates, and positions are in a store or with the
/// consumer.
fn world(seed: u64, census: &Census) {
    let mut chance = Chance::new(seed, "one person");
    let cuts = chance.pick(&[0.0, 0.0, 0.05]);
    let ignores_updates = chance.happens(0.5);
    let drawn = Variant {
        cap: chance.pick(&[3, 20, 500]),
        tick: chance.pick(&[1, 1000, 60_000]),
        ..Variant::drawn(&mut chance)
    };
    let most = chance.pick(&[3, 40]);
    let count = chance.within(0..=most);
    let undated = Chance::new(seed, "no dates").pick(&[None, Some("weight"), Some("medical/allergies")]);
    let mut storing = Chance::new(seed, "storing");
    let disk = storing.pick(&[0..=8, 0..=8, 0..=300, 0..=5000]);
    let variant = Variant { ignores_updates, ..drawn };
    let stage = stage_with_disk(disk, undated, seed, variant, count);
    stage.set(|setting| {
        setting.commits = storing.pick(&[0.0, 0.0, 0.3]);
        setting.conditions = Conditions { cut_before: cuts, cut_after: cuts, ..Conditions::uneven() };
        setting.has_checkpoints = chance.happens(0.3);
        setting.window_records = chance.pick(&[50_000, 10, 3]);
        setting.mark_capacity.marks_per_slot = chance.pick(&[3072, 5]);
        setting.since = chance.happens(0.3).then(|| stage.seconds() - 3001 * DAY);
        setting.max_retries = 20;
    });
    let setting = stage.setting.borrow().clone();
    for (happens, kind) in [
        (ignores_updates, "lists that ignore updates"),
        (undated.is_some(), "records with an id and without a date"),
        (setting.has_checkpoints, "a consumer with checkpoints"),
        (setting.window_records < 50_000, "windows of few records"),
        (setting.since.is_some(), "a beginning given"),
        (cuts > 0.0, "a network that cuts"),
    ] {
        if happens {
            census.count(kind);
        }
    }
    // A walk that gives up, as its list never stands still, is made again by the next run.
    stage.table.may_forget();
    let tick = stage.server.tick();
    let mut begins_to_ignore = chance.happens(0.1);
    for _ in 0..chance.within(1..=8) {
        stage.server.set_churn(Some(AppChurn::drawn(chance.clone(), 10, 290_000).ticking(tick)));
        census.count("a program that dies");
        stage.sync_and_die(chance.within(1..=300));
        if storing.happens(0.15) {
            census.count("a consumer that leaves");
            stage.set(|setting| setting.leaves_after = Some(storing.within(1..=15)));
            let _ = stage.sync();
            stage.set(|setting| setting.leaves_after = None);
        }
        if chance.happens(0.5) {
            stage.server.turn(&mut AppChurn::to_and_fro(chance.clone(), u64::MAX).ticking(tick), 12);
        }
        stage.pass(chance.pick(&[0, 300, 20_000, 40_000_000]));
        if std::mem::take(&mut begins_to_ignore) {
            census.count("a server that begins to ignore updates");
            stage.server.vary(|variant| variant.ignores_updates = true);
        }
    }
    stage.server.set_churn(None);
    stage.assert_equal_at_last();
}

#[test]
fn a_store_that_cannot_be_written_stops_a_list_that_is_read_whole() {
    let stage = stage(5, Variant { ignores_updates: true, ..Variant::plain(7) }, 20);
    stage.disk.fail(|operation| (operation.verb == Verb::Set).then_some(FailurePoint::Before));
    assert!(stage.sync().is_err());
    assert!(LISTS.iter().map(|name| stage.table.len_of(name)).sum::<usize>() <= 7);
}
