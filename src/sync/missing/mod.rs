//! Which of the records that a consumer has the server has no more: the API does not tell of deletions.
//!
//! Consumers delete what is reported, so a record that the server has must never be. The steps:
//!
//! 1. The whole list is read (`server_records`), and the key of each record is kept: 16 bytes, and about as much again for
//!    the table that they are found in.
//! 2. What the consumer has is streamed past these keys. What is not among them is a candidate.
//! 3. If there are any, the whole list is read once more, as a single answer may have been wrong, and candidates that
//!    are found are dropped. From then on what was updated lately is read again, until that finds none. A record that
//!    was created, updated, or became visible after its window was read, and that the consumer has got meanwhile, is
//!    found here.
//!
//! Each repetition begins where the one before it began, less an overlap. There is another one as long as candidates are
//! found; and if the list changed meanwhile a few times more: a record that is updated again and again may move from
//! pages not yet read to those that were. What is left was not in the list in any of these readings, so it had left the
//! list before the call ended.
//!
//! If anything is in doubt, the call fails, and nothing is reported: a window has fewer records than its total, its
//! order changes, a record has no id that can be relied on, or the server's clock is not known, so that the list may go
//! on after what was read.

mod known_records;
mod server_records;

use super::app::App;
use super::run_context::RunContext;
use crate::api::BatchType;
use crate::clock::Clock;
use crate::error::{Error, OptionError, ProtocolError};
use crate::http::{Abort, Transport};
use crate::pages::{KeySet, ListTransport};
pub use known_records::{KnownRecord, KnownRecords};
use server_records::{ServerRecords, WINDOW_RECORDS};

/// How far before the beginning of a repetition the next one begins, in seconds: as the overlap of runs by default, and a
/// minute for stamps of whole minutes.
const OVERLAP: i64 = 360;
/// If the list changes meanwhile, what was updated is read so often at least.
const ENOUGH_READINGS: u32 = 3;
/// If candidates are found again and again, there is no end after so many times.
const MAX_READINGS: u32 = 8;

static CHANGES_TOO_FAST: ProtocolError = ProtocolError {
    code: "list-changes",
    message: "the records of the list are updated faster than they can be compared with yours, so nothing is reported; \
              call missing() again at a quieter time",
};

impl<T: ListTransport, C: Clock> App<T, C> {
    /// Narrows `known`, records of this type, to those that the server has no more. `since`, in seconds since the epoch,
    /// must be no later than any of them was updated; those that were updated earlier are taken for missing. Errors:
    /// those of [`Client::call`](crate::http::Client::call), those of `known`, and [`Error::Protocol`] if anything is in
    /// doubt; `known` is of no use then.
    pub async fn missing<K: KnownRecords>(
        &self,
        batch_type: BatchType,
        known: &mut K,
        since: i64,
        abort: Abort,
    ) -> Result<(), Error> {
        let sync_type = self.sync_type(batch_type);
        let context = self.context(WINDOW_RECORDS, abort);
        if since > context.clock(&sync_type).await? {
            return Err(since_is_future().into());
        }
        let server = ServerRecords { context: &context, sync_type: &sync_type };
        let whole = server.read(since).await?;
        let mut filtered = filter(&context, known, &whole.keys).await?;
        drop(whole);
        let mut from = since;
        let mut readings: u32 = 0;
        while filtered.kept > 0 {
            let recent = server.read(from).await?;
            readings = readings.saturating_add(1);
            known.narrow();
            filtered = filter(&context, known, &recent.keys).await?;
            if filtered.found == 0 && (recent.was_still || readings >= ENOUGH_READINGS) {
                break;
            }
            if readings >= MAX_READINGS {
                return Err(Error::Protocol(&CHANGES_TOO_FAST));
            }
            from = recent.began.saturating_sub(OVERLAP).max(since);
        }
        Ok(())
    }
}

fn since_is_future() -> OptionError {
    let message = "`since` is later than the server's clock, so that all of your records would be reported as missing; \
                   give the `since` of your first sync, or an earlier one";
    OptionError::new("since", message.to_owned())
}

/// How many records were found in a list, and how many were kept as they were not.
struct Filtered {
    found: usize,
    kept: usize,
}

/// Keeps of `known` what a list with these keys has not.
async fn filter<T: Transport, C: Clock, K: KnownRecords>(
    context: &RunContext<T, C>,
    known: &mut K,
    keys: &KeySet,
) -> Result<Filtered, Error> {
    let mut filtered = Filtered { found: 0, kept: 0 };
    loop {
        let next = context.client.while_open(known.next());
        let Some(chunk) = context.abort.guard(next).await.unwrap_or(Err(Error::Aborted))? else {
            return Ok(filtered);
        };
        let is_missing = chunk.iter().map(|record| !record.is_in(keys));
        let missing: Vec<usize> =
            is_missing.enumerate().filter_map(|(index, is_missing)| is_missing.then_some(index)).collect();
        filtered.kept = filtered.kept.saturating_add(missing.len());
        filtered.found = filtered.found.saturating_add(chunk.len().saturating_sub(missing.len()));
        known.keep(&missing);
    }
}
