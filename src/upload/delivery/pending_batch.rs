//! What goes into one request.

use crate::upload::batch_sizes::{MIN_BATCH_SIZE, halves};
use crate::upload::held_samples::is_carried;
use humansync_ingest::Rows;
use std::ops::Range;

/// Rows that are sent together.
#[derive(Clone, Debug)]
pub struct PendingBatch {
    /// Which.
    pub rows: Range<usize>,
    /// Whether they are counted among those that were sent again.
    pub is_resent: bool,
}

impl PendingBatch {
    /// Nothing of it was sent yet.
    pub fn new(rows: Range<usize>) -> Self {
        Self { rows, is_resent: false }
    }

    /// The same with other rows of it.
    fn with_rows(&self, rows: Range<usize>) -> Self {
        Self { rows, ..*self }
    }

    /// Its halves; `None` where they would be too small.
    pub fn halved(&self) -> Option<[Self; 2]> {
        let (first, _) = halves(self.rows.len())?;
        let middle = self.rows.start.saturating_add(first);
        Some([self.with_rows(self.rows.start..middle), self.with_rows(middle..self.rows.end)])
    }

    /// What of it can be sent without the samples that were held, if there are any: the runs between them.
    pub fn without_carried(&self, rows: &Rows) -> Vec<Self> {
        let is_held = |index: &usize| rows.get(*index).is_some_and(|row| is_carried(&row));
        let held: Vec<usize> = self.rows.clone().filter(is_held).collect();
        if held.is_empty() {
            return Vec::new();
        }
        let mut begin = self.rows.start;
        let runs = held.into_iter().chain([self.rows.end]).map(|end| {
            let run = begin..end;
            begin = end.saturating_add(1);
            run
        });
        runs.filter(|run| run.len() >= MIN_BATCH_SIZE).map(|run| self.with_rows(run)).collect()
    }
}
