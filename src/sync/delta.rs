//! What a run hands out: deltas to its consumer, and progress to its listener.

use super::report::SyncProgress;
use super::window::{self, Window};
use crate::error::Error;

/// The new records of a page.
pub struct Delta<R> {
    /// The name of their type.
    pub name: &'static str,
    /// Counts the deltas of the run from 1; [`super::Committer::commit`] takes it.
    pub number: u64,
    /// The window that they were read from.
    pub window: Window,
    /// The records.
    pub records: R,
    /// Where their type stands when this delta is done.
    pub checkpoint: String,
}

impl<R> Delta<R> {
    /// The bounds of the window, in the form of RFC 3339.
    pub fn window_text(&self) -> [String; 2] {
        [window::rfc3339(self.window.since), window::rfc3339(self.window.before)]
    }
}

/// Called with the progress of types. An error that it returns ends the run.
pub trait SyncListener {
    /// Called after each delta that the consumer is done with, and after each window.
    fn progress(&self, progress: &SyncProgress) -> Result<(), Error>;

    /// Called once all types are up to date: the failure of an earlier call that has only become known now, if any.
    fn outcome(&self) -> Result<(), Error> {
        Ok(())
    }
}

impl<F: Fn(&SyncProgress) -> Result<(), Error>> SyncListener for F {
    fn progress(&self, progress: &SyncProgress) -> Result<(), Error> {
        self(progress)
    }
}
