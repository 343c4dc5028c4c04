//! The options of `sync`.

use super::complaint::no_such;
use super::defaults;
use super::number::whole;
use crate::api::{AppPath, BatchType, MAX_SAFE_INTEGER, PersonType, Query, QueryInit, nearest, shown, texts};
use crate::error::OptionError;
use crate::sync::{
    CheckpointScope, MarkCapacity, Position, SyncOptions, SyncOwner, SyncType, conditions_fingerprint,
};
use crate::uri::LinkScope;
use humansync_ingest::time::Instant;
use serde::Deserialize;
use serde::de::Deserializer;

/// What `sync` takes.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncInit {
    /// The types that are kept up to date; all of them if left out.
    pub types: Option<Vec<String>>,
    /// The checkpoints of a consumer who stores them.
    pub from: Option<Checkpoints>,
    /// From when on.
    pub since: Option<Instant>,
    /// Up to when; on and on if left out.
    pub until: Option<Instant>,
    /// How far before its last moment a run begins again, in milliseconds.
    pub overlap: Option<f64>,
    /// Records per page.
    pub limit: Option<f64>,
    /// Only records of this source.
    pub source: Option<String>,
    /// Name and value of parameters that this library does not know.
    #[serde(default, deserialize_with = "texts")]
    pub params: Vec<(String, String)>,
    /// Windows with more records are halved before they are walked.
    pub window_records: Option<f64>,
}

/// What the `sync` of one person takes besides.
#[derive(Clone, Default, Deserialize)]
pub struct PersonSyncInit {
    /// Separates people who share a store.
    pub account: Option<String>,
}

impl PersonSyncInit {
    /// Whose positions they are, at the API at `server`. Errors: an account without a name, which is easily that of every
    /// person whose name is not known.
    pub fn owner(&self, server: &LinkScope) -> Result<SyncOwner, OptionError> {
        if self.account.as_deref() == Some("") {
            let message = "`account` must not be empty: give your own name for the person, or leave it out if the store \
                           is for one person only";
            return Err(OptionError::new("account", message.to_owned()));
        }
        Ok(SyncOwner::person(self.account.as_deref().unwrap_or_default(), server))
    }
}

/// Checkpoints by the name of their type. One that is undefined is as if it were not there.
#[derive(Clone, Default)]
pub struct Checkpoints(Vec<(String, Option<String>)>);

/// The types that a client keeps in sync.
pub enum SyncTypes<'path> {
    /// All users' records, of the app at this path.
    OfApp(&'path AppPath),
    /// One person's lists.
    OfPerson,
}

impl SyncTypes<'_> {
    fn all(&self) -> Vec<SyncType> {
        match self {
            Self::OfApp(path) => BatchType::all().map(|own| SyncType::of_app(path, own)).collect(),
            Self::OfPerson => PersonType::all().map(SyncType::of_person).collect(),
        }
    }

    /// The type called `name`, which was given as `option`. Errors: another name than those that there are.
    fn named(&self, option: &str, name: &str) -> Result<SyncType, OptionError> {
        match self {
            Self::OfApp(path) => batch_type(option, name).map(|own| SyncType::of_app(path, own)),
            Self::OfPerson => person_type(option, name).map(SyncType::of_person),
        }
    }
}

impl SyncInit {
    /// What a run goes by. Errors: a type that does not exist, or that is named twice; a list without any; an end
    /// before the beginning; a number out of its bounds; a `source` or `params` that [`Query::new`] refuses.
    pub fn checked(&self, types: &SyncTypes) -> Result<SyncOptions, OptionError> {
        let types = self.types(types)?;
        let since = self.since.map(|since| since.unix_seconds());
        let until = self.until.map(rounded_up);
        if matches!((since, until), (Some(since), Some(until)) if until < since) {
            return Err(OptionError::new("until", "`until` must not be earlier than `since`"));
        }
        let overlap = whole("overlap", self.overlap, 0, MAX_SAFE_INTEGER, defaults::OVERLAP)?.div_ceil(1000);
        let overlap = i64::try_from(overlap).unwrap_or(i64::MAX);
        let conditions = QueryInit {
            limit: self.limit,
            source: self.source.clone(),
            params: self.params.clone(),
            ..QueryInit::default()
        };
        Query::new(conditions.clone())?;
        Ok(SyncOptions {
            types,
            conditions,
            since,
            until,
            overlap,
            window_records: window_records(self.window_records)?,
            only_window: None,
            mark_capacity: MarkCapacity::default(),
        })
    }

    fn types(&self, types: &SyncTypes) -> Result<Vec<SyncType>, OptionError> {
        let Some(names) = &self.types else { return Ok(types.all()) };
        if names.is_empty() {
            return Err(OptionError::new("types", "`types` is empty; name some, or leave it out for all"));
        }
        let mut named = Vec::new();
        for name in names {
            let one = types.named("types", name)?;
            if named.contains(&one) {
                return Err(OptionError::new("types", "`types` names a type twice; name each once"));
            }
            named.push(one);
        }
        Ok(named)
    }

    /// The positions that `from` has, for a run of `owner` with these `options`; `None` if it was not given. Errors:
    /// a name that is no type's; a checkpoint of something else, or one that is damaged.
    pub fn positions(
        &self,
        types: &SyncTypes,
        owner: &SyncOwner,
        options: &SyncOptions,
    ) -> Result<Option<Vec<(&'static str, Position)>>, OptionError> {
        let Some(Checkpoints(checkpoints)) = &self.from else { return Ok(None) };
        let conditions = conditions_fingerprint(&options.conditions)?;
        let mut positions = Vec::new();
        for (name, text) in checkpoints {
            let name = types.named("from", name)?.name;
            let Some(text) = text else { continue };
            let scope = CheckpointScope { owner: owner.fingerprint(), name, conditions };
            positions.push((name, scope.position(&["from[\"", name, "\"]"].concat(), text)?));
        }
        Ok(Some(positions))
    }
}

impl<'de> Deserialize<'de> for Checkpoints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        texts(deserializer).map(Self)
    }
}

/// The option `windowRecords`.
pub fn window_records(given: Option<f64>) -> Result<u64, OptionError> {
    whole("windowRecords", given, 1, MAX_SAFE_INTEGER, defaults::WINDOW_RECORDS)
}

/// Nobody keeps the positions.
pub fn no_store() -> OptionError {
    OptionError::new(
        "store",
        "`store` is missing: say where positions are kept between runs, such as `await createStore(folder)` of \
         humansync/stores/file; or give `from`, the checkpoints that you store with the records ({} the first time); \
         without either, every run would begin anew",
    )
}

/// Two would keep the positions.
pub fn store_and_from() -> OptionError {
    OptionError::new(
        "from",
        "`from` was given together with `store`; either the store keeps positions, or you do, so leave one of them out",
    )
}

/// In whole seconds, rounded up.
pub fn rounded_up(instant: Instant) -> i64 {
    instant.unix_seconds().saturating_add(i64::from(instant.subsec_nanos() > 0))
}

/// The batch type called `name`, which was given as `option`. Errors: another name than those that there are.
pub fn batch_type(option: &str, name: &str) -> Result<BatchType, OptionError> {
    let names = || BatchType::all().map(BatchType::name).collect();
    BatchType::from_name(name).ok_or_else(|| no_type(option, name, "batch type", names()))
}

fn person_type(option: &str, name: &str) -> Result<PersonType, OptionError> {
    let names = || PersonType::all().map(PersonType::name).collect();
    PersonType::from_name(name).ok_or_else(|| no_type(option, name, "list", names()))
}

#[cold]
fn no_type(option: &str, name: &str, kind: &str, names: Vec<&str>) -> OptionError {
    match nearest(name, &names) {
        Some(near) => {
            let message = ["there is no ", kind, " \"", &shown(name), "\"; is it \"", near, "\"?"];
            OptionError::new(option, message.concat())
        }
        None => no_such(option, name, &["one of ", &names.join(", ")].concat()),
    }
}
