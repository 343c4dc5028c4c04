//! The records that a server has of all users of an app.

use super::Record;
use chrono::DateTime;

/// A record as the server has it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Unique, whatever the state of the record.
    pub serial: u64,
    /// Its id; traits have none.
    pub id: Option<String>,
    /// Its `humanId`.
    pub human: String,
    /// When it was measured, in milliseconds since the epoch; lists may be in this order.
    pub recorded: i64,
    /// When it was updated last, in milliseconds since the epoch.
    pub updated: i64,
    /// Whether the record has an `updatedAt`.
    pub tells_update: bool,
    /// When queries begin to find it.
    pub visible_from: i64,
    /// It was deleted.
    pub removed: bool,
    /// Counts its contents. A record may return to an earlier one.
    pub version: u64,
    /// The clock was set back since the record was made. The record must not get the same stamp for another state, as
    /// nobody could tell the two apart.
    pub rewound: bool,
}

impl Row {
    /// A record with an id that queries find at once.
    pub fn new(serial: u64, updated: i64) -> Self {
        Self {
            serial,
            id: Some(format!("{:08x}bfc3ab1c00{:06x}", 0x5502_b1e1 + serial / 7, 0x0a17 + serial)),
            human: format!("{:032x}", serial % 13),
            recorded: updated,
            updated,
            tells_update: true,
            visible_from: i64::MIN,
            removed: false,
            version: 0,
            rewound: false,
        }
    }

    /// The same record without an id and without `updatedAt`, as traits are.
    #[must_use]
    pub fn nameless(self) -> Self {
        Self { id: None, tells_update: false, ..self }
    }

    /// The same record without `updatedAt`.
    #[must_use]
    pub fn undated(self) -> Self {
        Self { tells_update: false, ..self }
    }

    /// The same record, with an id and with `updatedAt` if the other one has them.
    #[must_use]
    pub fn of_kind(self, other: &Self) -> Self {
        Self { id: self.id.filter(|_| other.id.is_some()), tells_update: other.tells_update, ..self }
    }

    /// Updates the record at the time `at`, by a clock with this tick. A record whose stamp is a little ahead of `at`
    /// keeps it, and one whose stamp is far ahead gets the next stamp.
    pub fn touch(&mut self, at: i64, tick: i64) {
        self.updated = match self.updated - at {
            ahead if ahead < 0 || ahead <= 120_000 && !self.rewound => at.max(self.updated),
            _ => self.updated + tick,
        };
        self.version += 1;
    }

    /// Updates the record in the same way, to the content of an earlier version.
    pub fn return_to(&mut self, version: u64, at: i64, tick: i64) {
        self.touch(at, tick);
        self.version = version;
    }

    /// Everything in it but its id.
    pub fn content(&self) -> String {
        format!("record {} of {}, state {}", self.serial, self.human, self.version)
    }

    /// Whether queries find it at this time.
    pub fn is_visible(&self, now: i64) -> bool {
        !self.removed && self.visible_from <= now
    }

    /// The record as the server sends it.
    pub fn record(&self) -> Record {
        let updated = if self.tells_update { stamp(self.updated) } else { String::new() };
        Record {
            serial: self.serial,
            id: self.id.clone(),
            human: self.human.clone(),
            is_number: false,
            updated,
            content: self.content(),
        }
    }
}

/// `updatedAt` as the API writes it.
pub fn stamp(milliseconds: i64) -> String {
    let at = DateTime::from_timestamp_millis(milliseconds).unwrap();
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
