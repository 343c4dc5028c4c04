//! Records as JSON text, in the shapes of the API's reference. They are written directly into the answer for speed: a
//! page has 500 records, and a first run over a year has ten thousand pages.

mod periods;
mod readings;
mod summaries;

use std::fmt::{Result, Write};

use super::batch_type::BatchType;
use super::entry::Entry;
use super::traits;
use crate::calendar::{offset, rfc3339};
use crate::draw::Draw;

/// Appends the record of an entry. Its content depends on the key and the update, so that a stale copy differs from a
/// fresh one. `with_series` is true if the query has `time_series=true`.
pub fn write(out: &mut String, batch_type: BatchType, entry: &Entry, human_id: &str, with_series: bool) {
    let draw = &mut Draw::new(entry.key, &[entry.updated as u64]);
    // Writing to a String cannot fail.
    let _ = match batch_type {
        BatchType::GeneticTraits => genetic_trait(out, draw, entry, human_id),
        _ => common(out, entry, human_id)
            .and_then(|()| particular(out, draw, batch_type, entry, with_series))
            .and_then(|()| revision(out, draw, batch_type)),
    };
}

fn common(out: &mut String, entry: &Entry, human_id: &str) -> Result {
    write!(
        out,
        r#"{{"id":"{}","humanId":"{human_id}","source":"{}","createdAt":"{}","updatedAt":"{}","tzOffset":"{}","#,
        entry.id(),
        entry.source(),
        rfc3339(entry.created),
        rfc3339(entry.updated),
        offset(entry.offset())
    )
}

fn particular(
    out: &mut String,
    draw: &mut Draw,
    batch_type: BatchType,
    entry: &Entry,
    with_series: bool,
) -> Result {
    match batch_type {
        BatchType::Activities => periods::activity(out, draw, entry, with_series),
        BatchType::Sleeps => periods::sleep(out, draw, entry),
        BatchType::Locations => periods::location(out, draw, entry),
        BatchType::Meals => periods::meal(out, draw, entry),
        BatchType::ActivitySummaries => summaries::activity(out, draw, entry),
        BatchType::SleepSummaries => summaries::sleep(out, draw, entry),
        BatchType::HeartRateSummaries => summaries::heart_rate(out, draw, entry),
        BatchType::BloodPressures => readings::blood_pressure(out, draw, entry),
        _ => readings::reading(out, draw, batch_type, entry),
    }
}

/// Appends the revision of a record by its source. Blood pressures have none.
fn revision(out: &mut String, draw: &mut Draw, batch_type: BatchType) -> Result {
    match batch_type {
        BatchType::BloodPressures => out.write_char('}'),
        _ => write!(out, r#","sourceData":{{"revision":{}}}}}"#, draw.bits() >> 32),
    }
}

/// A trait has neither an id nor dates. Only the number of the laboratory's report changes with an update.
fn genetic_trait(out: &mut String, draw: &mut Draw, entry: &Entry, human_id: &str) -> Result {
    let (name, [one, other]) = traits::of(entry.key);
    let report = draw.bits() >> 32;
    let found = draw.pick(&[one, other]);
    write!(
        out,
        r#"{{"humanId":"{human_id}","trait":"{name}","description":"{found} (report {report})","possibleTraits":["{one} (report {report})","{other} (report {report})"]}}"#
    )
}
