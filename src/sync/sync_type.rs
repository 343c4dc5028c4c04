//! What is kept in sync: a list of which a window can be asked for.

use super::window::{LONGEST_WINDOW, Window};
use crate::api::{AppPath, BatchType, Path, PersonType, QueryInit};
use crate::error::OptionError;
use crate::http::CLOCKS_END;
use crate::pages::{ListQuery, Paging, People};

/// A type of a sync: all users' records of a batch type, or one list of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncType {
    /// Its name, as in the options of `sync`.
    pub name: &'static str,
    /// The path of the list.
    pub path: Path,
    /// Whose records the list holds.
    people: People,
}

impl SyncType {
    /// The records of all users of the app at `path`.
    pub fn of_app(path: &AppPath, batch_type: BatchType) -> Self {
        Self { name: batch_type.name(), path: path.batch(batch_type), people: People::Many }
    }

    /// A list of one person.
    pub fn of_person(person_type: PersonType) -> Self {
        Self { name: person_type.name(), path: person_type.path(), people: People::One }
    }

    /// The longest window that the API takes, in seconds: 31 days of all users' records, any of one person's.
    pub fn longest_window(&self) -> i64 {
        match self.people {
            People::Many => LONGEST_WINDOW,
            People::One => CLOCKS_END,
        }
    }

    /// Where the first run of the type begins if it is not said: `None` for the beginning of everything.
    pub fn default_span(&self) -> Option<i64> {
        matches!(self.people, People::Many).then_some(LONGEST_WINDOW)
    }

    /// Whether the server may ignore the bounds of a window: it is not documented that it knows them.
    pub fn may_ignore_updates(&self) -> bool {
        self.people == People::One
    }

    /// Whether the query for this window has no beginning: it finds every record, however it is dated and even if it
    /// has no date.
    pub fn is_from_beginning(&self, window: Window) -> bool {
        self.people == People::One && window.since < Window::BEGINNING
    }

    /// The list of this window, under the other conditions of `init`; with a cursor, from there on.
    pub fn list(
        &self,
        window: Window,
        init: &QueryInit,
        cursor: Option<&str>,
    ) -> Result<ListQuery, OptionError> {
        let has_end = self.people == People::Many || window.before < CLOCKS_END;
        let query = window.query(init, !self.is_from_beginning(window), has_end)?;
        let list = ListQuery::new(self.path.clone(), query, Paging::Pages, cursor)?;
        Ok(if self.people == People::Many { list.of_many_people() } else { list })
    }
}
