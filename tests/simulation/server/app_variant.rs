//! What the documentation of the API leaves open, and in which servers of an app may differ.

use super::Row;
use crate::world::Chance;

/// What is not documented, and what a server may hide.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Whether the list has a record that was updated at `updated_since`.
    pub since_included: bool,
    /// Whether the list has a record that was updated at `updated_before`.
    pub before_included: bool,
    /// Whether the server compares whole seconds only.
    pub in_seconds: bool,
    /// Whether lists are in the order of updates; otherwise they are in the order in which records were measured.
    pub by_update: bool,
    /// Whether there is a Link field.
    pub links: bool,
    /// Whether there is a total.
    pub totals: bool,
    /// Whether there is a date.
    pub dates: bool,
    /// The most records in one answer.
    pub cap: usize,
    /// The tick of the clock that stamps updates, in milliseconds.
    pub tick: i64,
    /// Whether ids are unique only for each person.
    pub ids_of_persons: bool,
    /// Whether it serves the lists of one person, and not those of an app.
    pub of_one_person: bool,
    /// Windows that begin before this, in seconds, have another order in each answer, so that no walk proves anything.
    pub shuffled_before: i64,
    /// Whether lists have all records, whatever updates are asked for.
    pub ignores_updates: bool,
}

/// Answers with a `Date` that differs from the server's clock.
#[derive(Clone, Debug)]
pub struct OddDates {
    /// The number of the first of them, from 0.
    pub first: usize,
    /// Every how many answers there is one; absent if there is only one.
    pub every: Option<usize>,
    /// Their date.
    pub date: OddDate,
}

/// A date that differs from the server's clock.
#[derive(Clone, Copy, Debug)]
pub enum OddDate {
    /// This time, in milliseconds since the epoch.
    At(i64),
    /// So many milliseconds off the clock.
    Off(i64),
    /// So many milliseconds further off the clock with each answer.
    Further(i64),
}

impl Variant {
    /// A server that shows everything and includes both bounds.
    pub fn plain(cap: usize) -> Self {
        Self {
            since_included: true,
            before_included: true,
            in_seconds: false,
            by_update: true,
            links: true,
            totals: true,
            dates: true,
            cap,
            tick: 1,
            ids_of_persons: false,
            of_one_person: false,
            shuffled_before: i64::MIN,
            ignores_updates: false,
        }
    }

    /// A random variant with a date.
    pub fn drawn(chance: &mut Chance) -> Self {
        Self {
            since_included: chance.happens(0.5),
            before_included: chance.happens(0.5),
            in_seconds: chance.happens(0.3),
            by_update: chance.happens(0.6),
            links: chance.happens(0.7),
            totals: chance.happens(0.7),
            dates: true,
            cap: chance.pick(&[2, 3, 7, 20, 50, 500]),
            tick: 1,
            // Drawn from a copy, so that later draws are the same as without this one.
            ids_of_persons: chance.clone().happens(0.3),
            of_one_person: false,
            shuffled_before: i64::MIN,
            ignores_updates: false,
        }
    }

    /// A row with the stamp and the id that this server gives it.
    pub(super) fn shown(&self, row: &Row) -> Row {
        let mut row = row.clone();
        row.updated = row.updated.div_euclid(self.tick) * self.tick;
        if self.ids_of_persons && row.id.is_some() {
            // There are 13 persons.
            row.id = Some(format!("{:024x}", row.serial / 13));
        }
        row
    }

    /// Whether the window holds the time `at`.
    pub(super) fn selects(&self, at: i64, since: i64, before: i64) -> bool {
        if self.ignores_updates {
            return true;
        }
        let (at, since, before) = match self.in_seconds {
            true => (at.div_euclid(1000), since, before),
            false => (at, since * 1000, before * 1000),
        };
        (since < at || since == at && self.since_included)
            && (at < before || at == before && self.before_included)
    }
}
