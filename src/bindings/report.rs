//! Reports, plans and progress as JavaScript objects.

use super::number::from_count;
use crate::error::{Error, Foreign};
use crate::http::Warning;
use crate::upload::{
    DevicePlan, UploadFailure, UploadListener, UploadPlan, UploadProgress, UploadReport, Watermark,
};
use humansync_ingest::{Moment, Rejection};
use js_sys::{Array, Function, Object, Reflect};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/events.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = tellUpload)]
    fn tell_upload(listener: &Function, what: &JsValue, failures: &Array) -> Result<(), JsValue>;
}

/// Functions of the caller. What they throw ends the upload.
pub struct JsListener {
    pub(super) progress: Option<Function>,
    rejected: Option<Function>,
    /// What they have failed with by a promise, which comes later.
    failures: Array,
}

impl JsListener {
    /// Of `onProgress` and `onRejected`.
    pub fn new(progress: Option<Function>, rejected: Option<Function>) -> Self {
        Self { progress, rejected, failures: Array::new() }
    }

    /// Tells `listener`, if there is one; what it fails with is given back, now or the next time.
    pub(super) fn tell(
        &self,
        listener: Option<&Function>,
        what: impl FnOnce() -> JsValue,
    ) -> Result<(), Error> {
        let Some(listener) = listener else { return Ok(()) };
        self.outcome()?;
        tell_upload(listener, &what(), &self.failures).map_err(thrown)
    }
}

fn thrown(value: JsValue) -> Error {
    Error::Thrown(Foreign(Rc::new(value)))
}

impl UploadListener for JsListener {
    fn progress(&self, progress: &UploadProgress) -> Result<(), Error> {
        let total = |number: Option<u64>| number.map_or(JsValue::UNDEFINED, number_of);
        self.tell(self.progress.as_ref(), || {
            object(&[
                ("read", number_of(progress.read)),
                ("rejected", number_of(progress.rejected)),
                ("alreadySent", number_of(progress.already_sent)),
                ("sent", number_of(progress.sent)),
                ("total", total(progress.total)),
                ("batchesDone", number_of(progress.batches_done)),
                ("batches", total(progress.batches)),
                ("bytesRead", number_of(progress.bytes_read)),
                ("bytesTotal", total(progress.bytes_total)),
            ])
        })
    }

    fn rejected(&self, rejected: &Rejection) -> Result<(), Error> {
        self.tell(self.rejected.as_ref(), || rejection(rejected))
    }

    fn outcome(&self) -> Result<(), Error> {
        if self.failures.length() > 0 { Err(thrown(self.failures.get(0))) } else { Ok(()) }
    }
}

/// What an upload came to.
pub fn report(report: &UploadReport) -> JsValue {
    let mut members = vec![
        ("read", number_of(report.read)),
        ("carried", number_of(report.carried)),
        ("sent", number_of(report.sent)),
        ("resent", number_of(report.resent)),
        ("alreadySent", number_of(report.already_sent)),
        ("duplicates", number_of(report.duplicates)),
        ("rejectedCount", number_of(report.rejected_count)),
        ("rejected", list(&report.rejected, rejection)),
        ("held", number_of(report.held)),
        ("unknown", number_of(report.unknown)),
        ("failed", number_of(report.failed)),
        ("failures", list(&report.failures, failure)),
        ("batches", number_of(report.batches)),
        ("requests", number_of(report.requests)),
        ("retries", number_of(report.retries)),
        ("bytesSent", number_of(report.bytes_sent)),
        ("watermarks", watermarks(&report.watermarks)),
    ];
    if !report.warnings.is_empty() {
        members.push(("warnings", list(&report.warnings, |it| warning(it))));
    }
    object(&members)
}

fn warning(warning: &Warning) -> JsValue {
    object(&[("code", JsValue::from_str(warning.code)), ("message", JsValue::from_str(warning.message))])
}

/// What an upload would do.
pub fn plan(plan: &UploadPlan) -> JsValue {
    let mut members = vec![
        ("samples", number_of(plan.samples)),
        ("batches", number_of(plan.batches)),
        ("alreadySent", number_of(plan.already_sent)),
        ("duplicates", number_of(plan.duplicates)),
        ("held", number_of(plan.held)),
        ("rejectedCount", number_of(plan.rejected_count)),
        ("rejected", list(&plan.rejected, rejection)),
    ];
    for (name, moment) in [("first", plan.first), ("last", plan.last)] {
        if let Some(moment) = moment {
            members.push((name, text(moment)));
        }
    }
    members.push(("devices", list(&plan.shares, |share| JsValue::from_str(&share.device))));
    members.push(("byDevice", list(&plan.shares, share)));
    object(&members)
}

fn share(share: &DevicePlan) -> JsValue {
    object(&[
        ("device", JsValue::from_str(&share.device)),
        ("samples", number_of(share.samples)),
        ("first", text(share.first)),
        ("last", text(share.last)),
    ])
}

/// Where devices stand.
pub fn watermarks(watermarks: &[Watermark]) -> JsValue {
    list(watermarks, |watermark| {
        object(&[
            ("device", JsValue::from_str(&watermark.device)),
            ("until", watermark.until.map_or(JsValue::UNDEFINED, text)),
            ("samples", number_of(watermark.samples)),
        ])
    })
}

fn failure(failure: &UploadFailure) -> JsValue {
    object(&[
        ("status", JsValue::from(failure.status)),
        ("message", JsValue::from_str(failure.message)),
        ("first", number_of(failure.first)),
        ("count", number_of(failure.count)),
    ])
}

fn rejection(rejection: &Rejection) -> JsValue {
    let mut members = vec![("index", number_of(rejection.index))];
    if let Some(line) = rejection.line {
        members.push(("line", number_of(line)));
    }
    members.push(("path", JsValue::from_str(&rejection.path)));
    members.push(("code", JsValue::from_str(rejection.code.name())));
    members.push(("message", JsValue::from_str(&rejection.message)));
    object(&members)
}

fn list<T>(items: &[T], one: impl Fn(&T) -> JsValue) -> JsValue {
    items.iter().map(one).collect::<Array>().into()
}

pub(super) fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // A plain object takes every property.
        let _always = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

pub(super) fn number_of(count: u64) -> JsValue {
    JsValue::from(from_count(count))
}

fn text(moment: Moment) -> JsValue {
    let mut out = Vec::new();
    moment.write_rfc3339(&mut out);
    JsValue::from_str(&String::from_utf8(out).unwrap_or_default())
}
