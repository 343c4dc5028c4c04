//! The person's data: `schedule` has the times of records, and `records` their content. Nothing here depends on HTTP.
//!
//! A list is generated as compact rows when it is first requested, and a record is generated from its row when it is
//! sent. The server therefore starts at once, and a change of a list is a change of its rows.

pub mod change;
mod mutate;
pub mod person;
pub mod records;
pub mod row;
pub mod schedule;
pub mod source;

use std::collections::HashMap;

use serde_json::Value;

use crate::calendar::Day;
use crate::catalogue::DataType;
use crate::clock::Clock;
use crate::draw::{Draw, purpose};
use row::Row;

/// The default token of the sandbox.
pub const TOKEN: &str = "demo";

/// All lists of one person in their current state.
#[derive(Debug)]
pub struct Dataset {
    seed: u64,
    /// The clock at the start, for which lists are generated, whenever that happens.
    began: i64,
    /// If it stands, it advances by a second with every change.
    pub clock: Clock,
    lists: HashMap<DataType, Vec<Row>>,
    /// The number of changes so far, so that each draws different numbers.
    changes: u64,
}

impl Dataset {
    /// `now` is in Unix seconds. The newest record is slightly older.
    #[must_use]
    pub fn new(seed: u64, now: i64) -> Self {
        Self { seed, began: now, clock: Clock::standing(now), lists: HashMap::new(), changes: 0 }
    }

    /// The sandbox's clock, in Unix seconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.seconds()
    }

    /// The clock at the start, in Unix seconds.
    #[must_use]
    pub fn began(&self) -> i64 {
        self.began
    }

    /// 32 hex digits.
    #[must_use]
    pub fn human_id(&self) -> String {
        let mut draw = Draw::new(self.seed, &[purpose("humanId")]);
        format!("{:016x}{:016x}", draw.bits(), draw.bits())
    }

    /// 24 hex digits. This deprecated id is only in old records.
    #[must_use]
    pub fn user_id(&self) -> String {
        let mut draw = Draw::new(self.seed, &[purpose("userId")]);
        format!("{:08x}{:016x}", draw.bits() >> 32, draw.bits())
    }

    /// The rows of a list, newest first.
    pub fn rows(&mut self, data_type: DataType) -> &[Row] {
        self.list(data_type)
    }

    /// The records of these rows, in the same order.
    pub fn records(&mut self, data_type: DataType, rows: &[Row], with_series: bool) -> Vec<Value> {
        if let Some(summed) = data_type.summed_from() {
            self.list(summed);
        }
        rows.iter().map(|row| records::record(self, data_type, row, with_series)).collect()
    }

    /// The rows that may belong to a local day. The list must have been generated before.
    fn rows_of_day(&self, data_type: DataType, day: Day) -> &[Row] {
        let rows = self.lists.get(&data_type).map_or(&[][..], Vec::as_slice);
        // Offsets are between -12 and +14 hours. The caller checks the exact local day.
        let from = rows.partition_point(|row| row.at >= day.start() + 36 * 3600);
        let to = rows.partition_point(|row| row.at >= day.start() - 14 * 3600);
        &rows[from..to]
    }

    /// The index of a row when its list was generated; `None` for rows that a change has added.
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
