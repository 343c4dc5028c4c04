//! A watermark says up to when every known sample of a device was accepted.

use crate::server::{Fact, Parcel, Verdict};
use crate::upload::oracle::{acknowledged, assert_watermarks, earliest, said};
use crate::upload::samples::{SampleSupply, TestSample, facts, ndjson};
use crate::upload::stage::{Stage, StageOptions, UploadOutcome};
use crate::world::{Chance, Conditions, seeds};
use humansync::http::Abort;
use humansync::upload::{UploadReport, Watermark};
use std::collections::BTreeSet;

/// Asserts that the watermarks, in the report and when asked for, follow from what is known and what was acknowledged.
fn assert_watermarks_right(stage: &Stage, known: &BTreeSet<Fact>, report: &UploadReport) {
    let accepted = acknowledged(stage);
    let open: BTreeSet<Fact> = known.difference(&accepted).cloned().collect();
    let asked = stage.world.run(stage.program().watermarks()).unwrap();
    assert_watermarks(&asked, &accepted, &open, "asked");
    assert_watermarks(&report.watermarks, &accepted, &open, "in the report");
}

/// Several uploads of a source that grows at its end and in its middle.
fn uploads(
    seed: u64,
    options: StageOptions,
    judge: impl FnMut(&Parcel) -> Verdict + 'static,
    check: impl Fn(&Stage, &BTreeSet<Fact>, &UploadOutcome),
) {
    let mut chance = Chance::new(seed, "growing");
    let stage = Stage::new(seed, options, judge);
    let mut supply = SampleSupply::new(chance.clone(), 3, 60);
    let mut samples: Vec<TestSample> = Vec::new();
    for week in 0..4 {
        samples.extend(supply.of_days(chance.index(60), week * 10..=week * 10 + 9));
        samples.extend(supply.of_days(chance.index(10), 0..=week * 10 + 9));
        let ended = stage.upload(&samples);
        check(&stage, &facts(&samples), &ended);
    }
}

fn any_setting(seed: u64) -> StageOptions {
    let mut chance = Chance::new(seed, "options");
    StageOptions {
        batch_size: chance.pick(&[3, 4, 7, 20]),
        concurrency: chance.pick(&[1, 3, 6]),
        hold: chance.happens(0.5),
        ..StageOptions::default()
    }
}

#[test]
fn they_are_the_latest_sample_if_all_but_held_samples_were_accepted() {
    for seed in seeds(200) {
        uploads(
            seed,
            any_setting(seed),
            |_| Verdict::Accepted,
            |stage, known, ended| {
                assert_watermarks_right(stage, known, ended.as_ref().unwrap());
            },
        );
    }
}

#[test]
fn they_are_before_refused_samples() {
    for seed in seeds(300) {
        let mut chance = Chance::new(seed, "refusals");
        let judge = move |_: &Parcel| match chance.happens(0.2) {
            true => Verdict::Refused(chance.pick(&[400, 409, 422])),
            false => Verdict::Accepted,
        };
        uploads(seed, any_setting(seed), judge, |stage, known, ended| {
            assert_watermarks_right(stage, known, ended.as_ref().unwrap());
        });
    }
}

#[test]
fn they_are_before_samples_in_batches_that_were_too_large() {
    for seed in seeds(300) {
        let limit = 300 + Chance::new(seed, "limit").index(500);
        let judge = move |parcel: &Parcel| match parcel.size > limit {
            true => Verdict::Refused(413),
            false => Verdict::Accepted,
        };
        uploads(seed, any_setting(seed), judge, |stage, known, ended| {
            assert_watermarks_right(stage, known, ended.as_ref().unwrap());
        });
    }
}

#[test]
fn they_are_before_unknown_samples() {
    for seed in seeds(300) {
        let options = StageOptions {
            hold: true,
            conditions: Conditions { cut_before: 0.05, cut_after: 0.05, ..Conditions::uneven() },
            ..any_setting(seed)
        };
        uploads(
            seed,
            options,
            |_| Verdict::Accepted,
            |stage, known, ended| {
                if let Ok(report) = ended {
                    assert_watermarks_right(stage, known, report);
                }
            },
        );
    }
}

#[test]
fn within_the_day_of_a_refused_sample_it_is_the_first_accepted_one() {
    let mut seen = 0;
    let options = StageOptions { batch_size: 20, concurrency: 1, pieces: 1, ..StageOptions::default() };
    let stage = Stage::new(0, options, move |_| {
        seen += 1;
        if seen == 2 { Verdict::Refused(422) } else { Verdict::Accepted }
    });
    let samples = SampleSupply::new(stage.world.chance_for("samples"), 1, 1).some(60);
    let report = stage.upload(&samples).unwrap();
    assert_eq!((report.sent, report.failed), (40, 20));
    let first = facts(&samples).iter().map(|fact| fact.start).min();
    assert_eq!(said(&report.watermarks), [("Watch 0".to_owned(), first, 40)]);
    assert_watermarks_right(&stage, &facts(&samples), &report);
}

#[test]
fn a_device_whose_first_sample_was_refused_is_listed_without_one() {
    let mut seen = 0;
    let options = StageOptions { batch_size: 20, concurrency: 1, pieces: 1, ..StageOptions::default() };
    let stage = Stage::new(0, options, move |_| {
        seen += 1;
        if seen == 1 { Verdict::Refused(422) } else { Verdict::Accepted }
    });
    let samples = SampleSupply::new(stage.world.chance_for("samples"), 1, 1).some(40);
    let report = stage.upload(&samples).unwrap();
    assert_eq!(said(&report.watermarks), [("Watch 0".to_owned(), None, 20)]);
}

#[test]
fn acknowledgements_of_an_upload_that_died_are_counted() {
    for step in 1..100 {
        let options = StageOptions { batch_size: 5, concurrency: 1, pieces: 1, ..StageOptions::default() };
        let stage = Stage::calm(step, options);
        let samples = SampleSupply::new(stage.world.chance_for("samples"), 2, 40).some(40);
        let program = stage.program();
        let process = program.process.clone();
        stage.world.interrupt(step, move || process.kill());
        stage.world.run(program.upload(&ndjson(&samples), &Abort::new()));
        stage.world.interrupt(u64::MAX, || ());
        let asked = stage.world.run(stage.program().watermarks()).unwrap();
        let plan = stage.world.run(stage.program().plan(&ndjson(&samples))).unwrap();
        assert_eq!(asked.iter().map(|watermark| watermark.samples).sum::<u64>(), plan.already_sent);
    }
}

/// Several uploads, some of which are stopped by the endpoint. `look` gets the watermarks after each.
fn stopped_uploads(seed: u64, look: impl Fn(&Stage, &UploadReport) -> Vec<Watermark>) {
    let mut chance = Chance::new(seed, "stops");
    let status = chance.pick(&[401, 503, 500]);
    let judge = move |_: &Parcel| match chance.happens(0.1) {
        true => Verdict::Refused(status),
        false => Verdict::Accepted,
    };
    let options = StageOptions { max_retries: 0, hold: false, ..any_setting(seed) };
    uploads(seed, options, judge, |stage, known, ended| {
        let report = match ended {
            Ok(report) => report,
            Err(stopped) => &stopped.report,
        };
        let accepted = acknowledged(stage);
        let open: BTreeSet<Fact> = known.difference(&accepted).cloned().collect();
        for (device, until, _) in said(&look(stage, report)) {
            let first = earliest(&open, &device).unwrap_or(i64::MAX);
            // Two samples may start at the same moment, and only one of them have been accepted.
            let Some(until) = until else { continue };
            assert!(until <= first, "{device} has a watermark at {until}, and {first} is open");
        }
    });
}

#[test]
fn in_the_report_of_a_stopped_upload_they_are_not_after_unsent_samples() {
    seeds(300).for_each(|seed| stopped_uploads(seed, |_, report| report.watermarks.clone()));
}

#[test]
fn when_asked_after_a_stopped_upload_they_are_not_after_unsent_samples() {
    let ask = |stage: &Stage, _: &UploadReport| stage.world.run(stage.program().watermarks()).unwrap();
    seeds(300).for_each(|seed| stopped_uploads(seed, ask));
}
