//! The options of `sync`.

use super::complaint::no_such;
use super::defaults;
use super::number::whole;
use crate::api::{BatchType, MAX_SAFE_INTEGER, nearest, shown};
use crate::error::OptionError;
use crate::sync::{MarkCapacity, SyncOptions};
use humansync_ingest::time::Instant;
use serde::Deserialize;

/// What `sync` takes.
#[derive(Clone, Default, Deserialize)]
pub struct SyncInit {
    /// The types that are kept up to date; all of them if left out.
    pub types: Option<Vec<String>>,
    /// From when on.
    pub since: Option<Instant>,
    /// Up to when; on and on if left out.
    pub until: Option<Instant>,
    /// How far before its last moment a run begins again, in milliseconds.
    pub overlap: Option<f64>,
}

impl SyncInit {
    /// What a run goes by. Errors: a type that does not exist, or that is named twice; a list without any; an end
    /// before the beginning; an `overlap` out of its bounds.
    pub fn checked(&self) -> Result<SyncOptions, OptionError> {
        let types = self.types()?;
        let since = self.since.map(|since| since.unix_seconds());
        let until = self.until.map(rounded_up);
        if matches!((since, until), (Some(since), Some(until)) if until < since) {
            return Err(OptionError::new("until", "`until` must not be earlier than `since`"));
        }
        let overlap = whole("overlap", self.overlap, 0, MAX_SAFE_INTEGER, defaults::OVERLAP)?.div_ceil(1000);
        let overlap = i64::try_from(overlap).unwrap_or(i64::MAX);
        Ok(SyncOptions { types, since, until, overlap, mark_capacity: MarkCapacity::default() })
    }

    fn types(&self) -> Result<Vec<BatchType>, OptionError> {
        let Some(names) = &self.types else { return Ok(BatchType::all().collect()) };
        if names.is_empty() {
            return Err(OptionError::new("types", "`types` is empty; name some, or leave it out for all"));
        }
        let mut types = Vec::new();
        for name in names {
            let batch_type = batch_type("types", name)?;
            if types.contains(&batch_type) {
                return Err(OptionError::new("types", "`types` names a type twice; name each once"));
            }
            types.push(batch_type);
        }
        Ok(types)
    }
}

/// There is nothing to keep positions in.
pub fn no_store() -> OptionError {
    OptionError::new(
        "store",
        "`store` is missing: say where positions are kept between runs, such as `await createStore(folder)` of \
         humansync/stores/file; without them every run would begin anew",
    )
}

fn rounded_up(instant: Instant) -> i64 {
    instant.unix_seconds().saturating_add(i64::from(instant.subsec_nanos() > 0))
}

/// The type called `name`, which was given as `option`. Errors: another name than those that there are.
pub fn batch_type(option: &str, name: &str) -> Result<BatchType, OptionError> {
    BatchType::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = BatchType::all().map(BatchType::name).collect();
        match nearest(name, &names) {
            Some(near) => {
                let message = ["there is no batch type \"", &shown(name), "\"; is it \"", near, "\"?"];
                OptionError::new(option, message.concat())
            }
            None => no_such(option, name, &["one of ", &names.join(", ")].concat()),
        }
    })
}
