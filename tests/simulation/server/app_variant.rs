//! What a server of an app may be like: what is not documented, may be hidden, or is odd.

use super::Row;
use crate::world::Chance;

/// What is not documented, or may be hidden.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Whether a record that was updated at `updated_since` is in the list.
    pub since_included: bool,
    /// Whether one that was updated at `updated_before` is.
    pub before_included: bool,
    /// Whether it compares whole seconds only.
    pub in_seconds: bool,
    /// Whether the list is in the order of updates; else in that of the times at which records were measured.
    pub by_update: bool,
    /// Whether there is a Link field.
    pub links: bool,
    /// Whether there is a total.
    pub totals: bool,
    /// Whether there is a date.
    pub dates: bool,
    /// The most records in one answer.
    pub cap: usize,
    /// How often the clock ticks that stamps updates, in milliseconds.
    pub tick: i64,
    /// Whether an id tells the records of one person apart, and no others.
    pub ids_of_persons: bool,
}

/// Answers whose date is another one than the others'.
#[derive(Clone, Debug)]
pub struct OddDates {
    /// The first of them, from 0.
    pub first: usize,
    /// Every so many; absent where there is one only.
    pub every: Option<usize>,
    /// What their date says.
    pub date: OddDate,
}

/// What an odd date says.
#[derive(Clone, Copy, Debug)]
pub enum OddDate {
    /// So many milliseconds after 1970.
    At(i64),
    /// So many milliseconds off.
    Off(i64),
    /// So many milliseconds further off with each answer.
    Further(i64),
}

impl Variant {
    /// One that shows everything and includes both bounds.
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
        }
    }

    /// Any; but it has a date.
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
            // Drawn apart: the rest is as it was without it.
            ids_of_persons: chance.clone().happens(0.3),
        }
    }

    /// A row as it is stored: with the stamp and the id that the server gives it.
    pub(super) fn shown(&self, row: &Row) -> Row {
        let mut row = row.clone();
        row.updated = row.updated.div_euclid(self.tick) * self.tick;
        if self.ids_of_persons && row.id.is_some() {
            // There are 13 persons.
            row.id = Some(format!("{:024x}", row.serial / 13));
        }
        row
    }

    /// Whether something of `at` lies in a window.
    pub(super) fn selects(&self, at: i64, since: i64, before: i64) -> bool {
        let (at, since, before) = match self.in_seconds {
            true => (at.div_euclid(1000), since, before),
            false => (at, since * 1000, before * 1000),
        };
        (since < at || since == at && self.since_included)
            && (at < before || at == before && self.before_included)
    }
}
