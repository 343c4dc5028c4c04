//! A batch that waits to be sent.

use crate::upload::batch_sizes::{MIN_BATCH_SIZE, halves};
use crate::upload::held_samples::is_carried;
use humansync_ingest::Rows;
use std::ops::Range;

/// Rows that are to be sent in one request.
#[derive(Clone, Debug)]
pub struct PendingBatch {
    /// Indices of the rows.
    pub rows: Range<usize>,
    /// Whether the report counts them as resent already. The halves of a batch inherit this, so that they are counted
    /// once.
    pub is_resent: bool,
}

impl PendingBatch {
    /// A batch of which nothing was sent yet.
    pub fn new(rows: Range<usize>) -> Self {
        Self { rows, is_resent: false }
    }

    fn with_rows(&self, rows: Range<usize>) -> Self {
        Self { rows, ..*self }
    }

    /// The two halves; `None` if they would be too small for the API.
    pub fn halved(&self) -> Option<[Self; 2]> {
        let (first, _) = halves(self.rows.len())?;
        let middle = self.rows.start.saturating_add(first);
        Some([self.with_rows(self.rows.start..middle), self.with_rows(middle..self.rows.end)])
    }

    /// The batches that remain without the samples that were carried over from earlier uploads: the runs of rows
    /// between them that are long enough. Empty if there are no such samples.
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
