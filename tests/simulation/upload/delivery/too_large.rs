//! The endpoint answers 413 to batches above some size.

use crate::server::{Fact, Verdict};
use crate::upload::oracle::assert_none_twice;
use crate::upload::samples::{SampleSupply, TestSample, facts};
use crate::upload::stage::{Stage, StageOptions};
use crate::world::{Chance, KnownOutcome, seeds};
use std::collections::BTreeSet;

fn stage(seed: u64) -> (Stage, Vec<TestSample>, usize) {
    let mut chance = Chance::new(seed, "sizes");
    let limit = chance.pick(&[300, 700, 1500, 4000, 15_000]) + chance.index(500);
    let options = StageOptions {
        batch_size: chance.pick(&[3, 5, 6, 7, 11, 64, 1000]),
        concurrency: chance.pick(&[1, 2, 6]),
        ..StageOptions::default()
    };
    let stage = Stage::new(seed, options, move |parcel| {
        if parcel.size > limit { Verdict::Refused(413) } else { Verdict::Accepted }
    });
    // Device names of very different lengths, so that batches of equal counts differ in size.
    let lengths: Vec<u64> = (0..4).map(|_| chance.pick(&[5, 20, 100, 600])).collect();
    let devices = lengths
        .iter()
        .zip(b'a'..)
        .map(|(&length, letter)| String::from_utf8(vec![letter; length as usize]).unwrap());
    let samples = SampleSupply::of(chance.clone(), devices.collect(), 40).some(3 + chance.index(300));
    (stage, samples, limit)
}

#[test]
fn batches_that_are_too_large_are_halved_and_only_the_smallest_fail() {
    let (mut smaller, mut failing) = (0, 0);
    for seed in seeds(400) {
        let (stage, samples, limit) = stage(seed);
        let report = stage.upload(&samples).unwrap();
        let arrived: BTreeSet<Fact> = stage.inbox.arrivals().into_keys().collect();
        assert_none_twice(&stage);
        assert_eq!(arrived.len() as u64, report.sent);
        assert_eq!(report.sent + report.failed + report.held, samples.len() as u64);
        assert_eq!((report.unknown, report.retries), (0, 0));
        assert!(report.failures.iter().all(|failure| failure.status == 413 && failure.count <= 5));

        // Only samples in batches that could not be halved have failed.
        let refused = stage.inbox.parcels().into_iter().filter(|parcel| !parcel.verdict.accepts());
        let last: BTreeSet<Fact> =
            refused.filter(|parcel| parcel.facts.len() <= 5).flat_map(|it| it.facts).collect();
        assert_eq!(last.len() as u64, report.failed);
        assert!(last.is_disjoint(&arrived) && last.is_subset(&facts(&samples)));
        failing += report.failures.len();
        smaller += stage.inbox.parcels().iter().filter(|parcel| parcel.size > limit).count();

        // A second upload tries these again, and sends nothing else.
        let again = stage.upload(&samples).unwrap();
        assert_eq!(again.sent + again.failed + again.held, report.failed + report.held);
        assert_none_twice(&stage);
    }
    let alone = std::env::var("HUMANSYNC_SEED").is_ok();
    assert!(alone || smaller > 1000 && failing > 100, "{smaller} were too large, {failing} failed");
}

#[test]
fn no_body_as_large_as_a_refused_one_is_sent() {
    for seed in seeds(400) {
        let (stage, samples, _) = stage(seed);
        stage.upload(&samples).unwrap();
        let letters = stage.post.letters();
        let counts: Vec<usize> = crate::upload::oracle::contents(&stage).iter().map(Vec::len).collect();
        for (letter, count) in letters.iter().zip(counts) {
            // A batch that was being recorded when the refusal came is still sent.
            let decided = letter.sent.saturating_sub(stage.longest_write());
            let known = letters.iter().filter(
                |other| matches!(other.known, Some((at, KnownOutcome::Answered(413))) if at < decided),
            );
            let smallest = known.map(|other| other.content.len()).min().unwrap_or(usize::MAX);
            // A batch that cannot be halved is tried all the same.
            assert!(
                letter.content.len() < smallest || count < 6,
                "{} bytes after {smallest}",
                letter.content.len()
            );
        }
    }
}

#[test]
fn the_number_of_refusals_is_bounded_by_sizes_and_lanes() {
    for seed in seeds(50) {
        let limit = 10_000 + Chance::new(seed, "limit").index(50_000);
        let stage = Stage::new(seed, StageOptions::default(), move |parcel| {
            if parcel.size > limit { Verdict::Refused(413) } else { Verdict::Accepted }
        });
        let samples = SampleSupply::new(stage.world.chance_for("samples"), 3, 300).some(12_000);
        let report = stage.upload(&samples).unwrap();
        assert_eq!((report.sent, report.failed), (12_000, 0));
        let parcels = stage.inbox.parcels();
        let refused = parcels.iter().filter(|parcel| !parcel.verdict.accepts()).count();
        assert_eq!(report.requests, parcels.len() as u64);
        // A thousand samples have about 120 kB. Each lane may be refused once for each size, and now and then a batch
        // is slightly smaller than one that was refused, and still too large.
        let sizes = (160_000 / limit).ilog2() + 2;
        assert!(refused <= sizes as usize * 8, "{refused} refused at a limit of {limit}");
    }
}
