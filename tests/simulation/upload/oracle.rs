//! What must be true of uploads, judged by the samples in the sources, those that arrived, and what the senders knew.

use super::samples::{TestSample, facts};
use super::stage::Stage;
use crate::server::{Fact, read_body};
use humansync::upload::{UploadReport, Watermark};
use std::collections::{BTreeMap, BTreeSet};

/// Asserts that the report counts every sample that was read or carried exactly once.
///
/// # Panics
/// If it does not.
pub fn assert_adds_up(report: &UploadReport) {
    let parts = [
        report.sent,
        report.already_sent,
        report.duplicates,
        report.rejected_count,
        report.held,
        report.unknown,
        report.failed,
    ];
    assert_eq!(report.read + report.carried, parts.iter().sum::<u64>(), "it does not add up: {report:?}");
    let failed: u64 = report.failures.iter().map(|failure| failure.count).sum();
    assert_eq!(report.failed, failed, "{:?}", report.failures);
    assert!(report.held < 3, "{} held", report.held);
}

/// By trial: the fewest batches of 3 to `most` samples that take as many of `count` samples as any batches can, and how
/// many are left over.
pub fn fewest(count: usize, most: usize) -> (usize, usize) {
    (0..=count)
        .find_map(|left| {
            let sent = count - left;
            let batches = (0..=sent).find(|batches| batches * 3 <= sent && sent <= batches * most);
            batches.map(|batches| (batches, left))
        })
        .unwrap()
}

/// The samples in each request, whether it arrived or not.
pub fn contents(stage: &Stage) -> Vec<Vec<Fact>> {
    stage.post.letters().iter().map(|letter| read_body(&letter.content).1).collect()
}

/// Asserts that all of these samples have arrived, and nothing else.
///
/// # Panics
/// If this is not so.
pub fn assert_arrived(stage: &Stage, samples: &[TestSample]) {
    let arrived: BTreeSet<Fact> = stage.inbox.arrivals().into_keys().collect();
    let samples = facts(samples);
    let missing = samples.difference(&arrived).count();
    assert_eq!(missing, 0, "of {} samples, {missing} have not arrived", samples.len());
    assert!(arrived.is_subset(&samples), "something has arrived that was not samples");
}

/// Asserts that all of these samples have arrived, each once, and nothing else.
///
/// # Panics
/// If this is not so.
pub fn assert_arrived_once(stage: &Stage, samples: &[TestSample]) {
    assert_arrived(stage, samples);
    assert_none_twice(stage);
}

/// Asserts that nothing has arrived twice.
///
/// # Panics
/// If something has.
pub fn assert_none_twice(stage: &Stage) {
    for (fact, letters) in stage.inbox.arrivals() {
        assert_eq!(letters.len(), 1, "{fact:?} came with the requests {letters:?}");
    }
}

/// Asserts that nothing was sent again after it was acknowledged to a program that could record this. At moments that
/// are `excused`, it could not.
///
/// # Panics
/// If something was.
pub fn assert_nothing_acknowledged_is_sent_again(stage: &Stage, excused: impl Fn(u64) -> bool) {
    let letters = stage.post.letters();
    let mut acknowledged = BTreeMap::new();
    for (number, contents) in contents(stage).iter().enumerate() {
        for fact in contents {
            if let Some(before) = acknowledged.get(fact) {
                panic!("request {number} has {fact:?}, which request {before} had brought");
            }
        }
        if letters[number].acknowledged().is_some_and(|at| !excused(at)) {
            acknowledged.extend(contents.iter().map(|fact| (fact.clone(), number)));
        }
    }
}

/// Whether a program died so soon after `moment` that it may not have recorded what it learned then.
pub fn died_soon_after(stage: &Stage, moment: u64) -> bool {
    stage.deaths().iter().any(|death| (moment..=moment + stage.longest_write()).contains(death))
}

/// The samples that were acknowledged to their sender.
pub fn acknowledged(stage: &Stage) -> BTreeSet<Fact> {
    let letters = stage.post.letters();
    let known = letters.iter().zip(contents(stage)).filter(|(letter, _)| letter.acknowledged().is_some());
    known.flat_map(|(_, facts)| facts).collect()
}

/// The samples that the server may have without the sender knowing.
pub fn in_doubt(stage: &Stage) -> BTreeSet<Fact> {
    let letters = stage.post.letters();
    let doubtful = letters.iter().zip(contents(stage)).filter(|(letter, _)| letter.is_in_doubt());
    let doubtful: BTreeSet<Fact> = doubtful.flat_map(|(_, facts)| facts).collect();
    doubtful.difference(&acknowledged(stage)).cloned().collect()
}

/// A watermark: device, start, and number of samples.
pub type WatermarkFact = (String, Option<i64>, u64);

/// For each device, the highest valid watermark, and the lowest valid start, if `accepted` was accepted and `open` was
/// not. Every device with accepted samples is listed; it has no start if an open sample is before all of them.
fn bounds_of_watermarks(
    accepted: &BTreeSet<Fact>,
    open: &BTreeSet<Fact>,
) -> Vec<(WatermarkFact, Option<i64>)> {
    const DAY: i64 = 86_400_000_000_000;
    let devices: BTreeSet<&String> = accepted.iter().map(|fact| &fact.device).collect();
    let stands = |device: &String| {
        let starts: Vec<i64> =
            accepted.iter().filter(|fact| &fact.device == device).map(|fact| fact.start).collect();
        let bound = earliest(open, device);
        let before = |bound: Option<i64>| {
            let before = starts.iter().copied().filter(move |start| bound.is_none_or(|bound| *start < bound));
            (before.clone().min(), before.max())
        };
        let (first, last) = before(bound);
        // Of the day that has the first open sample, the ledger knows only the first and the last accepted start.
        let of_days_before = before(bound.map(|start| start - start.rem_euclid(DAY))).1;
        ((device.clone(), last, starts.len() as u64), of_days_before.max(first))
    };
    devices.into_iter().map(stands).collect()
}

/// The earliest start of a device's samples.
pub fn earliest(facts: &BTreeSet<Fact>, device: &str) -> Option<i64> {
    facts.iter().filter(|fact| fact.device == device).map(|fact| fact.start).min()
}

/// Asserts that each watermark is before all samples that are known and were not accepted: at the last accepted sample
/// before these, or at the last one of the days before. If everything was accepted, it is at the last sample of all.
///
/// # Panics
/// If one is not.
pub fn assert_watermarks(
    watermarks: &[Watermark],
    accepted: &BTreeSet<Fact>,
    open: &BTreeSet<Fact>,
    when: &str,
) {
    let (said, expected) = (said(watermarks), bounds_of_watermarks(accepted, open));
    assert_eq!(said.len(), expected.len(), "{when}: {said:?}, not {expected:?}");
    for (it, (most, least)) in said.iter().zip(&expected) {
        assert!(
            it.0 == most.0 && it.1 <= most.1 && it.1 >= *least && it.2 == most.2,
            "{when}: {it:?}, at most {most:?}, at least {least:?}"
        );
    }
}

/// The library's watermarks in the same form.
pub fn said(watermarks: &[Watermark]) -> Vec<WatermarkFact> {
    let nanos = |watermark: &Watermark| {
        watermark.until.map(|until| until.unix_seconds() * 1_000_000_000 + i64::from(until.subsec_nanos()))
    };
    watermarks.iter().map(|it| (it.device.clone(), nanos(it), it.samples)).collect()
}
