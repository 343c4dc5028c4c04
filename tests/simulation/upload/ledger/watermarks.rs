//! Up to when everything known was accepted.

use crate::server::{Fact, Parcel, Verdict};
use crate::upload::oracle::{acknowledged, assert_stand_right, earliest, said};
use crate::upload::samples::{SampleSupply, TestSample, facts, ndjson};
use crate::upload::stage::{Stage, StageOptions, UploadOutcome};
use crate::world::{Chance, Conditions, seeds};
use humansync::http::Abort;
use humansync::upload::{UploadReport, Watermark};
use std::collections::BTreeSet;

/// What the library says, in a report and when it is asked, is what follows from what was given and acknowledged.
fn assert_stands_right(stage: &Stage, known: &BTreeSet<Fact>, report: &UploadReport) {
    let accepted = acknowledged(stage);
    let open: BTreeSet<Fact> = known.difference(&accepted).cloned().collect();
    let asked = stage.world.run(stage.program().watermarks()).unwrap();
    assert_stand_right(&asked, &accepted, &open, "asked");
    assert_stand_right(&report.watermarks, &accepted, &open, "in the report");
}

/// Uploads, one after another, of a source that grows at its end and in its middle.
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
fn they_stand_at_the_latest_sample_where_all_was_accepted_but_what_waits() {
    for seed in seeds(200) {
        uploads(
            seed,
            any_setting(seed),
            |_| Verdict::Accepted,
            |stage, known, ended| {
                assert_stands_right(stage, known, ended.as_ref().unwrap());
            },
        );
    }
}

#[test]
fn they_stand_before_what_was_refused() {
    for seed in seeds(300) {
        let mut chance = Chance::new(seed, "refusals");
        let judge = move |_: &Parcel| match chance.happens(0.2) {
            true => Verdict::Refused(chance.pick(&[400, 409, 422])),
            false => Verdict::Accepted,
        };
        uploads(seed, any_setting(seed), judge, |stage, known, ended| {
            assert_stands_right(stage, known, ended.as_ref().unwrap());
        });
    }
}

#[test]
fn they_stand_before_what_was_too_large() {
    for seed in seeds(300) {
        let limit = 300 + Chance::new(seed, "limit").index(500);
        let judge = move |parcel: &Parcel| match parcel.size > limit {
            true => Verdict::Refused(413),
            false => Verdict::Accepted,
        };
        uploads(seed, any_setting(seed), judge, |stage, known, ended| {
            assert_stands_right(stage, known, ended.as_ref().unwrap());
        });
    }
}

#[test]
fn they_stand_before_what_is_not_known() {
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
                    assert_stands_right(stage, known, report);
                }
            },
        );
    }
}

#[test]
fn twenty_that_were_accepted_before_a_hole_of_the_same_day_are_an_entry() {
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
    assert_stands_right(&stage, &facts(&samples), &report);
}

#[test]
fn a_device_whose_first_sample_is_missing_stands_nowhere_and_is_told_all_the_same() {
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
fn what_an_upload_that_died_was_told_is_counted_as_well() {
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

/// Uploads of which some are stopped by the endpoint, and what is said after each: in the report, and when asked.
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
            // Two may start at one moment, and only one of them be there.
            let Some(until) = until else { continue };
            assert!(until <= first, "{device} stands at {until}, and {first} is open");
        }
    });
}

#[test]
fn a_report_never_has_them_behind_what_its_upload_did_not_send() {
    seeds(300).for_each(|seed| stopped_uploads(seed, |_, report| report.watermarks.clone()));
}

#[test]
fn they_never_stand_behind_what_an_upload_that_stopped_did_not_send() {
    let ask = |stage: &Stage, _: &UploadReport| stage.world.run(stage.program().watermarks()).unwrap();
    seeds(300).for_each(|seed| stopped_uploads(seed, ask));
}
