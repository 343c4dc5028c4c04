//! Which list is walked.

use super::Cursor;
use crate::api::{Fingerprint, Path, Query};
use crate::error::OptionError;

/// How a list is given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// In pages. An answer without Link and total does not say whether it was the last one.
    Pages,
    /// At once. An answer without Link and total is the whole list.
    Whole,
}

/// Whose records a list holds, which decides how they are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    /// One person's: by their `id`. Those without one are told apart by their place in the list, for two of the same content
    /// may be two.
    One,
    /// Many people's: by `humanId` and `id`, as an `id` need be unique for one person only. Those without an `id` are told apart
    /// by their content: two that are the same in everything, whose they are included, say no more than one.
    Many,
}

/// A list, and where in it to begin.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// Path below the version.
    pub path: Path,
    /// What the caller asked for.
    pub query: Query,
    /// How the list is given out.
    pub paging: Paging,
    /// Whose records it holds.
    pub people: People,
    /// Where an earlier walk was left.
    pub cursor: Option<Cursor>,
}

impl ListQuery {
    /// The list at `path` that `query` selects; with a cursor, from where that one was taken.
    ///
    /// # Errors
    /// A cursor that is damaged or belongs to another list, or one together with an offset.
    pub fn new(path: Path, query: Query, paging: Paging, cursor: Option<&str>) -> Result<Self, OptionError> {
        if cursor.is_some() && query.offset().is_some() {
            return Err(OptionError::new(
                "offset",
                "`offset` was given together with `cursor`, which says where to go on; leave one of them out",
            ));
        }
        let cursor = cursor.map(|text| Cursor::from_text(text, fingerprint(&path, &query))).transpose()?;
        Ok(Self { path, query, paging, people: People::One, cursor })
    }

    /// The same list, which holds the records of many people.
    #[must_use]
    pub fn of_many_people(mut self) -> Self {
        self.people = People::Many;
        self
    }

    /// What binds a cursor to this list.
    pub fn fingerprint(&self) -> Fingerprint {
        fingerprint(&self.path, &self.query)
    }
}

fn fingerprint(path: &Path, query: &Query) -> Fingerprint {
    Fingerprint::of(path.as_str()).and(query.filters())
}
