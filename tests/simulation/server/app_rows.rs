//! What a server has of all users of an app.

use super::Record;
use chrono::DateTime;

/// A record as the server has it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Tells it from all others, in whatever state.
    pub serial: u64,
    /// Its id; traits have none.
    pub id: Option<String>,
    /// Whose it is.
    pub human: String,
    /// When it was measured, in milliseconds since the epoch: an order for lists.
    pub recorded: i64,
    /// When it was updated last.
    pub updated: i64,
    /// Whether the record itself says so.
    pub tells_update: bool,
    /// From when on a query finds it.
    pub visible_from: i64,
    /// It was deleted.
    pub removed: bool,
    /// How often it was updated.
    pub version: u64,
    /// The clock was set back since it was made: it gets no stamp a second time, as there would be no telling.
    pub rewound: bool,
}

impl Row {
    /// A record with an id, found as soon as it is there.
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

    /// The same as a trait: without an id, and without a word of when it was updated.
    #[must_use]
    pub fn nameless(self) -> Self {
        Self { id: None, tells_update: false, ..self }
    }

    /// It is updated at that time, by a clock that ticks every so many milliseconds. One that is a little ahead already is updated by
    /// the same clock again, and one that is far ahead gets the next time.
    pub fn touch(&mut self, at: i64, tick: i64) {
        self.updated = match self.updated - at {
            ahead if ahead < 0 || ahead <= 120_000 && !self.rewound => at.max(self.updated),
            _ => self.updated + tick,
        };
        self.version += 1;
    }

    /// Everything that is in it.
    pub fn content(&self) -> String {
        format!("record {} of {}, state {}", self.serial, self.human, self.version)
    }

    /// Whether a query finds it at this time.
    pub fn is_visible(&self, now: i64) -> bool {
        !self.removed && self.visible_from <= now
    }

    /// As it goes over the wire.
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
