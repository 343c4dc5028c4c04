//! Which answers acknowledge a batch, and which do not.

use crate::server::{Page, Verdict};
use crate::upload::oracle::{assert_arrived, assert_none_twice, contents};
use crate::upload::samples::SampleSupply;
use crate::upload::stage::{Stage, StageOptions};
use crate::world::seeds;
use humansync::error::Error;

const STRANGE: [(Page, &str); 7] = [
    (Page::Html, "not-json"),
    (Page::Failure, "not-acknowledged"),
    (Page::Status(207), "not-acknowledged"),
    (Page::Status(201), "not-acknowledged"),
    (Page::Status(202), "not-acknowledged"),
    (Page::Status(204), "not-acknowledged"),
    (Page::Status(206), "not-acknowledged"),
];

fn stage(seed: u64, hold: bool, verdict: Verdict) -> Stage {
    let mut seen = 0;
    let options = StageOptions {
        batch_size: 5,
        concurrency: 1,
        max_retries: 0,
        hold,
        pieces: 1,
        ..StageOptions::default()
    };
    Stage::new(seed, options, move |_| {
        seen += 1;
        if seen == 2 { verdict } else { Verdict::Accepted }
    })
}

#[test]
fn an_answer_that_is_not_from_the_api_acknowledges_nothing() {
    for hold in [false, true] {
        for (page, code) in STRANGE {
            let stage = stage(0, hold, Verdict::Strange(page));
            let samples = SampleSupply::new(stage.world.chance_for("samples"), 2, 40).some(20);
            let stopped = stage.upload(&samples).unwrap_err();
            let is_expected = matches!(&stopped.error, Error::Protocol(error) if error.code == code);
            assert!(is_expected, "{page:?}: {:?}", stopped.error);
            // The batch is unknown, and no further one is sent to a server that answers like this.
            let report = stopped.report;
            assert_eq!(
                (report.sent, report.unknown, report.failed, report.requests),
                (5, 5, 10, 2),
                "{page:?}"
            );

            let report = stage.upload(&samples).unwrap();
            match hold {
                true => assert_eq!((report.sent, report.unknown, report.already_sent), (10, 5, 5)),
                false => assert_eq!((report.sent, report.unknown, report.already_sent), (15, 0, 5)),
            }
            let report = stage.upload_by(&stage.program_with(false), &samples).unwrap();
            assert_eq!(report.sent, if hold { 5 } else { 0 });
            assert_arrived(&stage, &samples);
            assert_none_twice(&stage);
        }
    }
}

#[test]
fn an_answer_that_breaks_off_or_never_ends_acknowledges_nothing() {
    for verdict in [Verdict::BrokenOff, Verdict::Unanswered { accepted: true }] {
        for seed in seeds(20) {
            let stage = stage(seed, true, verdict);
            let samples = SampleSupply::new(stage.world.chance_for("samples"), 2, 40).some(20);
            let report = stage.upload(&samples).unwrap();
            assert_eq!((report.sent, report.unknown), (15, 5));
            assert_eq!(stage.upload(&samples).unwrap().unknown, 5);
            assert_none_twice(&stage);
        }
    }
}

#[test]
fn samples_that_are_sent_again_are_counted_once_as_resent() {
    let mut seen = 0;
    let options = StageOptions { batch_size: 12, concurrency: 1, pieces: 1, ..StageOptions::default() };
    let stage = Stage::new(1, options, move |parcel| {
        seen += 1;
        match seen {
            // The answer is lost twice, then the batch is too large, and the answer to one of the halves is lost again.
            1 | 2 => Verdict::BrokenOff,
            3 => Verdict::Refused(413),
            4 => Verdict::AcceptedUnder(502),
            // A 429 says that the server did not take it.
            6 => Verdict::Deferred(429, 1),
            _ => {
                assert!(parcel.facts.len() <= 12);
                Verdict::Accepted
            }
        }
    });
    let samples = SampleSupply::new(stage.world.chance_for("samples"), 2, 40).some(24);
    let report = stage.upload(&samples).unwrap();
    assert_eq!((report.sent, report.resent, report.unknown, report.failed), (24, 12, 0, 0));
    assert_eq!(contents(&stage).iter().map(Vec::len).collect::<Vec<_>>(), [12, 12, 12, 6, 6, 6, 6, 6, 6]);
    assert_eq!(stage.upload(&samples).unwrap().resent, 0);
}
