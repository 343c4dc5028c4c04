//! Lists of one person that have to be read whole in each run.
//!
//! It is not documented whether the lists of one person know `updated_since`. So it is tried before the first run of a
//! list. A list that ignores it, or later gives records that its query does not select, is read whole. So is one whose
//! records do not say when they were updated, as nobody knows which windows those are in. A record that was delivered
//! before in the same state does not come again ([`RecordStates`]); without a store everything comes again.

use super::{LatestUpdates, TypeSync};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::CLOCKS_END;
use crate::pages::{ListTransport, Page, RecordKey, RecordList, Walk};
use crate::sync::marks::Mark;
use crate::sync::position::UpdateFilter;
use crate::sync::record_states::RecordStates;
use crate::sync::update_stamp::UpdateStamp;
use crate::sync::window::{SHARED_SECONDS, Window};

/// How far in the future no record is expected, in seconds.
const FUTURE: i64 = 2 * 86_400;
/// How far outside its window a record may seem to have been updated, in milliseconds: an answer may mix two states of a
/// record.
const TOLERANCE: i64 = 3_600_000;

/// The window of a list that is read whole: its query has no bounds.
pub const WHOLE: Window = Window { since: Window::BEGINNING - SHARED_SECONDS, before: CLOCKS_END };

/// What a page of a list that is read whole has to deliver.
pub struct UndeliveredStates<R> {
    /// The records; `None` if there are none.
    pub delivery: Option<(R, Window)>,
    /// Their states, to be stored once they are delivered.
    pub states: Vec<Mark>,
    /// To be stored before that: the stored state of these records may then not be that of the consumer.
    pub unsettled: Vec<Mark>,
}

impl<T: ListTransport, C: Clock> TypeSync<T, C> {
    /// Whether the list is read whole.
    pub(super) fn is_read_whole(&self) -> bool {
        self.position.filter == UpdateFilter::Ignored
    }

    /// Tries whether the server selects records by their update, if that is not known: asks for updates in the future.
    pub(super) async fn try_filter(&mut self) -> Result<(), Error> {
        if !self.sync_type.may_ignore_updates() || self.position.filter != UpdateFilter::Unknown {
            return Ok(());
        }
        let since = self.context.server_seconds().saturating_add(FUTURE);
        let window = Window { since, before: CLOCKS_END };
        let list = self.sync_type.list(window, &self.context.options.conditions, None)?;
        let walk = Walk::new(self.context.client.clone(), list, self.context.abort.clone());
        let mut walk = walk.counted(&self.context.tally).at_most(1);
        let outcome = walk.next().await;
        self.pages = self.pages.saturating_add(walk.pages_asked());
        let is_ignored = match outcome {
            Ok(page) => page.is_some_and(|page| {
                let stamps = UpdateStamp::of_records(&page.records);
                stamps.iter().any(|stamp| stamp.at.is_none_or(|at| at < since.saturating_mul(1000)))
            }),
            // The list does not take such a query at all.
            Err(Error::Api(error)) if error.status == 400 => true,
            Err(error) => return Err(error),
        };
        if is_ignored {
            self.context.warn_updates_ignored();
            self.read_whole();
        } else {
            self.position.filter = UpdateFilter::Works;
        }
        Ok(())
    }

    /// Whether the list has to be read whole, as a page of the window shows.
    pub(super) fn becomes_whole(&mut self, window: Window, page: &Page<T::Records>) -> bool {
        if !self.sync_type.may_ignore_updates() || self.is_read_whole() {
            return false;
        }
        let stamps = UpdateStamp::of_records(&page.records);
        if stamps.iter().any(|stamp| stamp.at.is_none()) {
            self.read_whole();
            return true;
        }
        let is_ignored = Self::is_mostly_outside(window, &stamps);
        if is_ignored {
            self.context.warn_updates_ignored();
            self.read_whole();
        }
        is_ignored
    }

    /// Whether most of these records were updated outside the window, so that the server does not look at its bounds.
    pub(super) fn is_mostly_outside(window: Window, stamps: &[UpdateStamp]) -> bool {
        let earliest = window.since.saturating_mul(1000).saturating_sub(TOLERANCE);
        let latest = window.before.saturating_mul(1000).saturating_add(TOLERANCE);
        let is_outside = |stamp: &&UpdateStamp| stamp.at.is_some_and(|at| !(earliest..=latest).contains(&at));
        stamps.iter().filter(is_outside).count() > stamps.len() / 2
    }

    /// From now on the list is read whole.
    fn read_whole(&mut self) {
        self.position.filter = UpdateFilter::Ignored;
        self.position.unfinished = None;
        self.unmarked.clear();
        self.latest = LatestUpdates::NotBegun;
        self.begins_states = true;
    }

    /// The records of a page that were not delivered in this state.
    pub(super) fn undelivered_states(
        &mut self,
        page: Page<T::Records>,
        until: i64,
    ) -> UndeliveredStates<T::Records> {
        let options = &self.context.options;
        // A record that does not say when it was updated may have been updated at any time.
        let is_wanted = |stamp: &UpdateStamp| {
            stamp.at.is_none_or(|at| {
                let at = at.div_euclid(1000);
                options.since.is_none_or(|since| at >= since) && options.until.is_none_or(|until| at <= until)
            })
        };
        let wanted: Vec<bool> = UpdateStamp::of_records(&page.records).iter().map(is_wanted).collect();
        let (mut new, mut states, mut index) = (Vec::new(), Vec::new(), 0);
        let mut unsettled = Vec::new();
        if self.keeps_states {
            page.records.each_content(|content| {
                if let (Some(key), Some(is_wanted)) = (page.keys.get(index), wanted.get(index)) {
                    let state = RecordStates::state(*key, content);
                    self.seen.insert(state);
                    // What cannot be written as JSON has no state.
                    if *is_wanted && (content.is_empty() || !self.states.has(state)) {
                        new.push(index);
                        states.push(state);
                        unsettled.extend(match key {
                            RecordKey::Id(_) => self.states.unsettle(state),
                            RecordKey::Content(_) => self.states.unsettle_nameless(),
                        });
                    }
                }
                index = index.saturating_add(1);
            });
        } else {
            new.extend((0..page.keys.len()).filter(|index| wanted.get(*index) == Some(&true)));
        }
        for state in &states {
            self.states.insert(*state);
        }
        self.records = self.records.saturating_add(u64::try_from(new.len()).unwrap_or(u64::MAX));
        let records = match new.len() {
            0 => None,
            all if all == page.keys.len() => Some(page.records),
            _ => Some(page.records.select(&new)),
        };
        let window = Window { since: WHOLE.since, before: until.max(WHOLE.since) };
        UndeliveredStates { delivery: records.map(|records| (records, window)), states, unsettled }
    }

    /// Ends a run over the whole list, which is complete for everything updated before `until`.
    pub(super) fn finish_whole(&mut self, until: i64) -> Option<Vec<Mark>> {
        let until = self.context.options.until.map_or(until, |end| end.min(until));
        let covered = Window { since: self.from.saturating_sub(SHARED_SECONDS), before: CLOCKS_END };
        self.position.coverage.add(covered, until);
        self.position.frontier = None;
        self.windows_done = self.windows_done.saturating_add(1);
        self.latest = LatestUpdates::Done;
        // A record that comes back later in the same state is delivered again. What was not seen includes the mark that
        // records without an id are unsettled.
        let is_complete = until > i64::MIN;
        let has_forgotten = is_complete && self.states.retain(&self.seen);
        let is_worth_it = has_forgotten || self.mark_slots.borrow().is_worth_replacing(self.states.len());
        is_worth_it.then(|| self.states.all())
    }
}
