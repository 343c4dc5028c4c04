//! The person's data: schedules say when something was recorded, records say what. Nothing here knows HTTP.
//!
//! A list is made when it is first asked for, and kept as compact rows; a record is made from its row when it
//! is sent. So the server starts at once, and a change to a list is a change to its rows.

pub mod change;
pub mod person;
pub mod records;
pub mod row;
pub mod schedule;
pub mod source;

use std::collections::HashMap;

use serde_json::Value;

use crate::calendar::Day;
use crate::catalogue::DataType;
use crate::draw::{Draw, purpose};
use row::Row;

/// The token that opens the sandbox, unless it is told others.
pub const TOKEN: &str = "demo";

/// All lists of one person, as they are at this moment.
#[derive(Debug)]
pub struct Dataset {
    seed: u64,
    /// The clock at the start: lists are made for it, whenever they are first asked for.
    began: i64,
    /// Unix seconds; moves on by a second with every change.
    now: i64,
    lists: HashMap<DataType, Vec<Row>>,
    /// Counts changes, so that each draws other numbers.
    changes: u64,
}

impl Dataset {
    /// `now` in Unix seconds: the newest record is just older.
    #[must_use]
    pub fn new(seed: u64, now: i64) -> Self {
        Self { seed, began: now, now, lists: HashMap::new(), changes: 0 }
    }

    /// The sandbox's clock, in Unix seconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Sets the clock.
    pub fn set_now(&mut self, now: i64) {
        self.now = now;
    }

    /// 32 hex digits.
    #[must_use]
    pub fn human_id(&self) -> String {
        let mut draw = Draw::new(self.seed, &[purpose("humanId")]);
        format!("{:016x}{:016x}", draw.bits(), draw.bits())
    }

    /// 24 hex digits; deprecated, in old records only.
    #[must_use]
    pub fn user_id(&self) -> String {
        let mut draw = Draw::new(self.seed, &[purpose("userId")]);
        format!("{:08x}{:016x}", draw.bits() >> 32, draw.bits())
    }

    /// The rows of a list, newest first.
    pub fn rows(&mut self, data_type: DataType) -> &[Row] {
        self.list(data_type)
    }

    /// Records of these rows, in their order.
    pub fn records(&mut self, data_type: DataType, rows: &[Row], with_series: bool) -> Vec<Value> {
        if let Some(summed) = data_type.summed_from() {
            self.list(summed);
        }
        rows.iter().map(|row| records::record(self, data_type, row, with_series)).collect()
    }

    /// The rows of a list that fall on one local day. The list must have been asked for before.
    fn rows_of_day(&self, data_type: DataType, day: Day) -> &[Row] {
        let rows = self.lists.get(&data_type).map_or(&[][..], Vec::as_slice);
        // Offsets reach from -12 to +14 hours; inside that, the caller looks at the local day itself.
        let from = rows.partition_point(|row| row.at >= day.start() + 36 * 3600);
        let to = rows.partition_point(|row| row.at >= day.start() - 14 * 3600);
        &rows[from..to]
    }

    /// The place in its list that a row had when the list was made; none for rows that a change brought.
    fn scheduled_place(&self, data_type: DataType, row: &Row) -> Option<usize> {
        let name = purpose(data_type.name());
        (0..1000)
            .find(|index| Draw::new(self.seed, &[name, *index]).bits() == row.key)
            .map(|index| index as usize)
    }

    fn list(&mut self, data_type: DataType) -> &mut Vec<Row> {
        let (seed, began) = (self.seed, self.began);
        self.lists.entry(data_type).or_insert_with(|| schedule::rows(data_type, seed, began))
    }
}
