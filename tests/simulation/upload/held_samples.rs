//! Samples that are too few for a batch are held for the next upload.

use super::oracle::{assert_none_twice, fewest};
use super::samples::{SampleSupply, TestSample, ndjson};
use super::stage::{Stage, StageOptions};
use crate::world::{Chance, seeds};

/// Ten weekly uploads; some samples of earlier weeks come late. Each week's source has `all` samples so far, or only
/// the new ones.
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
        // Held samples that are also in the source are duplicates.
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
    // Samples that are still held go with the next upload.
    let few = supply.some(3 + chance.index(40));
    samples.extend(few.iter().cloned());
    let report = stage.upload(&few).unwrap();
    assert_eq!(stage.inbox.arrivals().len() + report.held as usize, samples.len());
    assert_none_twice(&stage);
}

#[test]
fn a_growing_source_is_sent_once() {
    seeds(200).for_each(|seed| year(seed, true));
}

#[test]
fn samples_that_are_too_few_in_one_week_are_sent_in_the_next() {
    seeds(200).for_each(|seed| year(seed, false));
}

#[test]
fn held_samples_are_not_lost_if_their_batch_fails() {
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
        // These are sent together with the two held ones, and fail.
        let failed = stage.upload(&second).unwrap_or_else(|stopped| *stopped.report);
        assert_eq!((failed.carried, failed.sent + failed.failed + failed.unknown), (2, 5));
        // If the content was refused, the three are tried without the two, provided they follow each other.
        assert!(failed.sent == 0 || bad == Verdict::Refused(400) && failed.sent == 3);
        // No source has the two any more: only the store does.
        let report = stage.upload(&third).unwrap();
        assert_eq!(report.carried, 2);
        if bad == Verdict::Refused(500) && hold {
            assert_eq!((report.sent, report.unknown), (5, 2));
            // Without hold, they are sent again.
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
fn held_samples_survive_any_number_of_refusals_and_hold_up_no_others() {
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
                // Samples between the two that are too few for a batch fail with them.
                assert!(report.failed <= 6 || status == 413, "{report:?}");
                uploads += 1;
                assert!(uploads < 12, "the two do not get through");
            }
            assert_none_twice(&stage);
        }
    }
}
