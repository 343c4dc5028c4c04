//! Reads every record of a type from a time on, for what identifies them.
//!
//! Windows are read in the order of time. A record that is updated meanwhile leaves its window, and is in a later one
//! that is read later. First come those that the server's clock has passed, and last the one that is still filling, and
//! those of about a year beyond the clock, for records with a date in the future.

use crate::clock::Clock;
use crate::error::{Error, ProtocolError};
use crate::pages::{KeySet, ListTransport, Walk, WalkDoubt};
use crate::sync::coverage::Coverage;
use crate::sync::division::Division;
use crate::sync::run_context::RunContext;
use crate::sync::sync_type::SyncType;
use crate::sync::type_sync::CLOSED_AFTER;
use crate::sync::window::{LONGEST_WINDOW, SHARED_SECONDS, Window};

/// The most records in one window, as far as time allows.
pub const WINDOW_RECORDS: u64 = 50_000;
/// How many windows of 31 days are read that the clock has not passed: a clock that was wrong may have left records with
/// a date in the future.
const WINDOWS_AHEAD: u32 = 12;
/// How often a window is read at most if it ends in doubt.
const TRIES: u32 = 3;

/// What the server has of a type, however much.
pub struct ServerRecords<'c, T: ListTransport, C: Clock> {
    /// Sends the requests, and knows the server's clock.
    pub context: &'c RunContext<T, C>,
    /// The type.
    pub sync_type: &'c SyncType,
}

/// What was read.
pub struct Reading {
    /// The keys of all records.
    pub keys: KeySet,
    /// The server's clock when it began, in seconds since the epoch; rather too early.
    pub began: i64,
    /// Nothing was updated meanwhile: totals and pages agree in everything.
    pub was_still: bool,
}

static COUNT_SHORT: ProtocolError = ProtocolError {
    code: "count-short",
    message: "a window of the list has fewer records than its X-Total-Count, also after it was read again, so nothing is \
              reported as missing; call missing() again later, and if it stays so, ask the API's operator which of \
              the two is wrong",
};
static ORDER_CHANGES: ProtocolError = ProtocolError {
    code: "order-changes",
    message: "the order of a window of the list changes from answer to answer, or the server gives a single record at a \
              time, so that records may have been overlooked, and nothing is reported as missing; call missing() again \
              later",
};
static NO_IDS: ProtocolError = ProtocolError {
    code: "no-ids",
    message: "the list has a record without an id, so it cannot be told which of yours it is, and nothing is reported as \
              missing",
};
static CLOCK_UNKNOWN: ProtocolError = ProtocolError {
    code: "clock-unknown",
    message: "the answers show no Date, or their dates contradict each other, so it is not known up to when the list has \
              to be read, and nothing is reported as missing; call missing() again later, from where the Date of \
              answers can be read",
};

impl<T: ListTransport, C: Clock> ServerRecords<'_, T, C> {
    /// Reads everything that was updated at `since` or later. Errors: those of [`Walk::next`], and [`Error::Protocol`] if
    /// a record may have been overlooked.
    pub async fn read(&self, since: i64) -> Result<Reading, Error> {
        let began = self.clock();
        let mut reading = Reading { keys: KeySet::default(), began, was_still: true };
        let mut division = Division::new(WINDOW_RECORDS, self.sync_type.longest_window());
        let (mut from, mut last_length) = (since, i64::MAX);
        loop {
            let closed = self.clock().saturating_sub(CLOSED_AFTER);
            let length = closed.saturating_sub(from);
            // If it does not become shorter, records come faster than they are read.
            if length <= CLOSED_AFTER || length > last_length / 2 {
                break;
            }
            self.read_windows(&mut reading, &mut division, from, closed).await?;
            (from, last_length) = (closed, length);
        }
        let mut ahead = 0_u32;
        loop {
            let end = from.saturating_sub(SHARED_SECONDS).saturating_add(LONGEST_WINDOW);
            self.read_windows(&mut reading, &mut division, from, end).await?;
            if !self.is_past(Window { since: from, before: end }).await? {
                ahead = ahead.saturating_add(1);
            }
            if ahead >= WINDOWS_AHEAD {
                return Ok(reading);
            }
            from = end;
        }
    }

    /// The earliest believable clock.
    fn clock(&self) -> i64 {
        self.context.ceiling_at(self.context.client.clock().monotonic())
    }

    /// Whether a clock is past a window. This machine's counts as well: if it is ahead, that costs a few requests; if the
    /// server's dates are behind its stamps, records would be overlooked.
    async fn is_past(&self, window: Window) -> Result<bool, Error> {
        self.context.confirm_clock(self.sync_type).await?;
        let dates = self.context.tally.dates();
        let clock = self.context.client.clock();
        let is_past = self.context.clock_estimator.is_past(window, &dates, clock.monotonic());
        let is_past = is_past.filter(|_| !dates.is_empty()).ok_or(Error::Protocol(&CLOCK_UNKNOWN))?;
        Ok(is_past || clock.now().div_euclid(1000) > window.before)
    }

    async fn read_windows(
        &self,
        reading: &mut Reading,
        division: &mut Division,
        since: i64,
        end: i64,
    ) -> Result<(), Error> {
        let (all, mut from, mut tries) = (Coverage::default(), since, 0_u32);
        while let Some(window) = division.candidate(&all, from, Some(end)) {
            match self.read_window(reading, division, window).await? {
                WindowReading::Whole => (from, tries) = (window.before, 0),
                WindowReading::TooLarge => {}
                WindowReading::InDoubt(doubt) => {
                    reading.was_still = false;
                    tries = tries.saturating_add(1);
                    if tries >= TRIES {
                        return Err(Error::Protocol(match doubt {
                            WalkDoubt::CountShort => &COUNT_SHORT,
                            WalkDoubt::OrderChanges => &ORDER_CHANGES,
                        }));
                    }
                }
            }
        }
        Ok(())
    }

    async fn read_window(
        &self,
        reading: &mut Reading,
        division: &mut Division,
        window: Window,
    ) -> Result<WindowReading, Error> {
        let context = self.context;
        let list = self.sync_type.list(window, &context.options.conditions, None)?;
        let mut walk = Walk::new(context.client.clone(), list, context.abort.clone()).counted(&context.tally);
        let (mut total, mut records, mut pages) = (None, 0_u64, 0_u64);
        while let Some(page) = walk.next().await? {
            if pages == 0 {
                total = page.total_count;
                if !division.accepts(window, total) {
                    return Ok(WindowReading::TooLarge);
                }
            }
            pages = pages.saturating_add(1);
            records = records.saturating_add(u64::try_from(page.keys.len()).unwrap_or(u64::MAX));
            if page.keys.iter().any(|key| key.is_of_content()) {
                return Err(Error::Protocol(&NO_IDS));
            }
            reading.keys.extend(page.keys.iter().map(|key| key.number()));
        }
        if let Some(doubt) = walk.doubt() {
            return Ok(WindowReading::InDoubt(doubt));
        }
        // Several pages without a total may have changed without a trace.
        reading.was_still &= walk.was_still() && (total.is_some() || pages <= 1);
        division.learn(window, total, records);
        Ok(WindowReading::Whole)
    }
}

/// What came of reading a window.
enum WindowReading {
    /// All of its records were read.
    Whole,
    /// It has to be divided.
    TooLarge,
    /// Records may have been overlooked.
    InDoubt(WalkDoubt),
}
