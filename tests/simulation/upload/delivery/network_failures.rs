//! TransportError connections, delays, refusals and silence: which batches are sent again, and which are not.

use crate::server::{Fact, Parcel, Verdict};
use crate::upload::oracle::{
    acknowledged, assert_arrived, assert_none_twice, assert_nothing_acknowledged_is_sent_again, in_doubt,
};
use crate::upload::samples::{SampleSupply, TestSample, facts};
use crate::upload::stage::{Stage, StageOptions};
use crate::world::{Chance, Conditions, seeds};
use std::collections::BTreeSet;

/// An endpoint that fails in any way, this often.
fn moody(mut chance: Chance, badness: f64) -> impl FnMut(&Parcel) -> Verdict {
    move |_| {
        if !chance.happens(badness) {
            return Verdict::Accepted;
        }
        let status = chance.pick(&[500, 502, 504]);
        match chance.within(0..=7) {
            0 => Verdict::Refused(503),
            1 => Verdict::Refused(429),
            2 => Verdict::Deferred(429, 2),
            3 => Verdict::Deferred(503, 1),
            4 => Verdict::Refused(status),
            5 => Verdict::AcceptedUnder(status),
            6 => Verdict::Unanswered { accepted: chance.happens(0.5) },
            _ => Verdict::Refused(408),
        }
    }
}

fn stage(seed: u64, hold: bool) -> (Stage, Vec<TestSample>) {
    let mut chance = Chance::new(seed, "weather");
    let cuts = chance.pick(&[0.0, 0.05, 0.2]);
    let badness = chance.pick(&[0.0, 0.1, 0.4]);
    let options = StageOptions {
        batch_size: chance.pick(&[5, 12, 40]),
        hold,
        concurrency: chance.pick(&[1, 3, 6]),
        max_retries: chance.pick(&[0, 1, 4]),
        conditions: Conditions { cut_before: cuts, cut_after: cuts, ..Conditions::uneven() },
        lingering: chance.pick(&[0.0, 0.5]),
        ..StageOptions::default()
    };
    let stage = Stage::new(seed, options, moody(chance.clone(), badness));
    let count = chance.pick(&[60, 120, 300]);
    let samples = SampleSupply::new(chance, 3, 40).some(count);
    (stage, samples)
}

#[test]
fn with_resend_everything_arrives_and_only_what_was_not_answered_arrives_twice() {
    let mut twice = 0;
    for seed in seeds(400) {
        let (stage, samples) = stage(seed, false);
        let report = stage.upload_until_done(&samples, 500);
        assert_eq!((report.held, report.unknown, report.failed), (0, 0, 0));
        stage.world.settle();
        assert_arrived(&stage, &samples);
        assert_nothing_acknowledged_is_sent_again(&stage, |_| false);
        assert_eq!(acknowledged(&stage), facts(&samples));
        twice += stage.inbox.arrivals().values().filter(|letters| letters.len() > 1).count();
        assert_eq!(stage.upload_until_done(&samples, 1).requests, 0);
    }
    assert!(
        twice > 1000 || std::env::var("HUMANSYNC_SEED").is_ok(),
        "{twice} twice: this weather was too good"
    );
}

#[test]
fn with_hold_nothing_arrives_twice_and_what_was_not_answered_is_unknown() {
    let mut unknown = 0;
    for seed in seeds(400) {
        let (stage, samples) = stage(seed, true);
        let mut ended = false;
        for _ in 0..100 {
            let outcome = stage.upload(&samples);
            ended = outcome.is_ok();
            let report = outcome.unwrap_or_else(|stopped| *stopped.report);
            let doubtful = in_doubt(&stage);
            assert_eq!(report.unknown, doubtful.len() as u64);
            if ended {
                let settled: BTreeSet<Fact> = acknowledged(&stage).union(&doubtful).cloned().collect();
                assert_eq!((settled.len() as u64 + report.held, report.failed), (samples.len() as u64, 0));
                unknown += report.unknown;
                break;
            }
        }
        assert!(ended, "a hundred uploads, and none came to its end");
        assert_none_twice(&stage);

        // Without hold, the unknown samples are sent again, and nothing else.
        for _ in 0..500 {
            let program = stage.program_with(false);
            if stage.upload_by(&program, &samples).is_ok_and(|report| report.held == 0) {
                break;
            }
        }
        assert_arrived(&stage, &samples);
        assert_nothing_acknowledged_is_sent_again(&stage, |_| false);
    }
    assert!(
        unknown > 1000 || std::env::var("HUMANSYNC_SEED").is_ok(),
        "{unknown} unknown: this weather was too good"
    );
}

#[test]
fn a_refused_batch_fails_alone_and_the_next_upload_tries_it_again() {
    for seed in seeds(200) {
        let mut chance = Chance::new(seed, "refusals");
        let refused = chance.within(0..=9) as usize;
        let status = chance.pick(&[400, 403, 404, 409, 422]);
        let mut seen = 0;
        let stage = Stage::new(seed, StageOptions { batch_size: 10, ..StageOptions::default() }, move |_| {
            seen += 1;
            if seen - 1 == refused { Verdict::Refused(status) } else { Verdict::Accepted }
        });
        let samples = SampleSupply::new(chance, 3, 40).some(100);
        let report = stage.upload(&samples).unwrap();
        assert_eq!((report.sent, report.failed, report.requests), (90, 10, 10));
        let [failure] = &report.failures[..] else { panic!("{:?}", report.failures) };
        assert_eq!((failure.status, failure.count), (status, 10));
        let parcels = stage.inbox.parcels();
        let its_facts = &parcels.iter().find(|parcel| !parcel.verdict.accepts()).unwrap().facts;
        let first = samples.iter().position(|sample| its_facts.contains(&sample.fact()));
        assert_eq!(failure.first, first.unwrap() as u64);
        let again = stage.upload(&samples).unwrap();
        assert_eq!((again.sent, again.already_sent), (10, 90));
        crate::upload::oracle::assert_arrived_once(&stage, &samples);
    }
}

#[test]
fn a_refused_token_ends_the_upload_and_nothing_is_lost() {
    for seed in seeds(100) {
        let mut chance = Chance::new(seed, "token");
        let from = chance.within(0..=9);
        let mut seen = 0;
        let stage = Stage::new(seed, StageOptions { batch_size: 10, ..StageOptions::default() }, move |_| {
            seen += 1;
            let refused = seen > from && seen < 20;
            if refused { Verdict::Refused(401) } else { Verdict::Accepted }
        });
        let samples = SampleSupply::new(chance, 3, 40).some(100);
        let stopped = stage.upload(&samples).unwrap_err();
        assert!(matches!(&stopped.error, humansync::error::Error::Api(error) if error.status == 401));
        assert_eq!(stopped.report.sent, from * 10);
        assert_eq!(stopped.report.failed, 100 - from * 10);
        while stage.upload(&samples).is_err() {}
        crate::upload::oracle::assert_arrived_once(&stage, &samples);
    }
}
