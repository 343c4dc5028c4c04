//! The same source every week, a bit longer; or every week what is new.

use super::oracle::{assert_none_twice, fewest};
use super::samples::{SampleSupply, TestSample, ndjson};
use super::stage::{Stage, StageOptions};
use crate::world::{Chance, seeds};

/// A year in weeks, with samples of earlier weeks that come late; each week's source is `all` so far, or what is new.
fn year(seed: u64, all: bool) {
    let mut chance = Chance::new(seed, "weeks");
    let batch_size = chance.pick(&[3, 4, 5, 50, 1000]);
    let busy = chance.pick(&[3, 40]);
    let stage = Stage::calm(seed, StageOptions { batch_size, ..StageOptions::default() });
    let mut supply = SampleSupply::new(chance.clone(), 3, 70);
    let mut samples: Vec<TestSample> = Vec::new();
    let mut waiting = 0;
    for week in 0..10 {
        let mut new = supply.of_days(chance.index(busy), week * 7..=week * 7 + 6);
        new.extend(supply.of_days(chance.index(busy / 2), 0..=week * 7 + 6));
        let count = new.len();
        samples.extend(new.iter().cloned());
        let source = if all { &samples } else { &new };
        // What waits and is in the source as well is there twice.
        let twice = if all { waiting } else { 0 };
        let (batches, left) = fewest(waiting + count, batch_size);
        let sent = waiting + count - left;

        let program = stage.program();
        let plan = stage.world.run(program.plan(&ndjson(source))).unwrap();
        assert_eq!((plan.samples, plan.batches, plan.held), (sent as u64, batches as u64, left as u64));
        let report = stage.upload_by(&program, source).unwrap();
        assert_eq!((report.carried, report.duplicates), (waiting as u64, twice as u64));
        assert_eq!((report.sent, report.held), (sent as u64, left as u64));
        assert_eq!(report.already_sent, (source.len() - count - twice) as u64);
        assert_eq!(report.requests, batches as u64);
        waiting = left;
        assert_eq!(stage.inbox.arrivals().len() + waiting, samples.len());
        assert_none_twice(&stage);
    }
    // What still waits goes with the next ones.
    let few = supply.some(3 + chance.index(40));
    samples.extend(few.iter().cloned());
    let report = stage.upload(&few).unwrap();
    assert_eq!(stage.inbox.arrivals().len() + report.held as usize, samples.len());
    assert_none_twice(&stage);
}

#[test]
fn a_source_that_grows_is_sent_once() {
    seeds(200).for_each(|seed| year(seed, true));
}

#[test]
fn what_is_too_little_in_one_week_goes_with_the_next_one() {
    seeds(200).for_each(|seed| year(seed, false));
}

#[test]
fn what_waits_is_not_lost_when_its_batch_fails() {
    use crate::server::Verdict;
    for seed in seeds(300) {
        let mut chance = Chance::new(seed, "waiting");
        let hold = chance.happens(0.3);
        let bad = chance.pick(&[
            Verdict::Refused(400),
            Verdict::Refused(401),
            Verdict::Refused(503),
            Verdict::Refused(413),
            Verdict::Refused(500),
        ]);
        let mut seen = 0;
        let stage = Stage::new(
            seed,
            StageOptions { batch_size: 10, max_retries: 0, hold, ..StageOptions::default() },
            move |_| {
                seen += 1;
                if seen == 1 { bad } else { Verdict::Accepted }
            },
        );
        let mut supply = SampleSupply::new(chance, 2, 40);
        let (first, second, third) = (supply.some(2), supply.some(3), supply.some(5));
        assert_eq!(stage.upload(&first).unwrap().held, 2);
        // These go with the two that waited, and fail.
        let failed = stage.upload(&second).unwrap_or_else(|stopped| *stopped.report);
        assert_eq!((failed.carried, failed.sent + failed.failed + failed.unknown), (2, 5));
        // Where the content was refused, the three are tried without the two, if they lie together.
        assert!(failed.sent == 0 || bad == Verdict::Refused(400) && failed.sent == 3);
        // The source is not there any more: the two are the library's to keep.
        let report = stage.upload(&third).unwrap();
        assert_eq!(report.carried, 2);
        if bad == Verdict::Refused(500) && hold {
            assert_eq!((report.sent, report.unknown), (5, 2));
            // Whoever decides to send them again all the same can do so.
            let resent = stage.upload_by(&stage.program_with(false), &second).unwrap();
            assert_eq!((resent.carried, resent.sent), (2, 5));
        } else {
            assert_eq!(report.sent, 7);
        }
        if failed.sent == 0 && report.unknown == 0 {
            let arrived = stage.inbox.arrivals().len() as u64;
            assert_eq!(arrived + stage.upload(&second).unwrap().sent, 10);
        }
    }
}

#[test]
fn what_waits_outlives_any_number_of_refusals_and_keeps_nothing_else_back() {
    use crate::server::Verdict;
    for status in [400, 422, 413] {
        for seed in seeds(20) {
            let mut chance = Chance::new(seed, "gateway");
            let mut bad = 2 + chance.index(4);
            let options =
                StageOptions { batch_size: 50, concurrency: 1, pieces: 1, ..StageOptions::default() };
            let mut supply = SampleSupply::new(chance, 2, 40);
            let first = supply.some(2);
            let held: Vec<_> = first.iter().map(|sample| sample.fact()).collect();
            let stage = Stage::new(seed, options, move |parcel| {
                let has_held = parcel.facts.iter().any(|fact| held.contains(fact));
                bad -= usize::from(has_held && bad > 0);
                if has_held && bad > 0 { Verdict::Refused(status) } else { Verdict::Accepted }
            });
            assert_eq!(stage.upload(&first).unwrap().held, 2);
            let mut samples = Vec::new();
            let mut uploads = 0;
            while stage.inbox.arrivals().len() < 2 + samples.len() || samples.is_empty() {
                samples.extend(supply.some(20));
                let report = stage.upload(&samples).unwrap();
                assert!(report.carried > 0 || uploads > 0);
                // Runs between the two that are too short for a batch fail with them.
                assert!(report.failed <= 6 || status == 413, "{report:?}");
                uploads += 1;
                assert!(uploads < 12, "the two do not get through");
            }
            assert_none_twice(&stage);
        }
    }
}
