//! The list that a walk reads, and where it begins.

use super::Cursor;
use crate::api::{Fingerprint, OFFSET, Path, Query};
use crate::error::OptionError;

/// How the server sends a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// In pages. An answer with neither Link nor total does not say whether it was the last one.
    Pages,
    /// In one answer. An answer with neither Link nor total is the whole list.
    Whole,
}

/// Whose records a list holds: this decides what identifies a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    /// One person's: their `id` identifies them. Records without one are identified by their position in the list, as
    /// two records with the same content may be different records.
    One,
    /// Many people's: `humanId` and `id` identify them, as an `id` may be unique for one person only. Records without
    /// an `id` are identified by their content, which says whose they are: a second one with the same content adds
    /// nothing.
    Many,
}

/// A list, and where in it to begin.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// Path below the version.
    pub(super) path: Path,
    /// What the caller asked for.
    pub(super) query: Query,
    /// How the server sends the list.
    pub(super) paging: Paging,
    /// Whose records it holds.
    pub(super) people: People,
    /// Where an earlier walk stopped.
    pub(super) cursor: Option<Cursor>,
}

impl ListQuery {
    /// The list at `path` that `query` selects; with a cursor, from the place where the cursor was taken. Refuses a
    /// cursor that is damaged or belongs to another list, and a cursor together with an offset.
    pub fn new(path: Path, query: Query, paging: Paging, cursor: Option<&str>) -> Result<Self, OptionError> {
        if cursor.is_some() && query.offset().is_some() {
            return Err(OptionError::new(
                OFFSET,
                "`offset` was given together with `cursor`, which says where to go on; leave one of them out",
            ));
        }
        let cursor = cursor.map(|text| Cursor::from_text(text, fingerprint(&path, &query))).transpose()?;
        Ok(Self { path, query, paging, people: People::One, cursor })
    }

    /// The same list, as one with the records of many people.
    #[must_use]
    pub fn of_many_people(mut self) -> Self {
        self.people = People::Many;
        self
    }

    /// Binds a cursor to this list.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        fingerprint(&self.path, &self.query)
    }
}

fn fingerprint(path: &Path, query: &Query) -> Fingerprint {
    Fingerprint::of(path.as_str()).and(query.filters())
}
