//! What of a page is new, and which of its records are marked as delivered.

use super::TypeSync;
use crate::clock::Clock;
use crate::pages::{AnswerTime, ListTransport, Page, RecordList};
use crate::sync::marks::{Mark, Tick};
use crate::sync::update_stamp::UpdateStamp;
use crate::sync::window::{SHARED_SECONDS, Window};

/// The records that a page delivered.
pub struct UnmarkedPage {
    records: Vec<(Mark, UpdateStamp)>,
    answer_time: AnswerTime,
}

impl<T: ListTransport, C: Clock> TypeSync<T, C> {
    /// The records of a page that were not delivered before; `None` if all were. Notes them to be marked.
    pub(super) fn undelivered(
        &mut self,
        page: Page<T::Records>,
        window: Window,
        until: i64,
    ) -> Option<(T::Records, Window)> {
        let time = self.context.server_time(page.answer_time);
        let mut new = Vec::with_capacity(page.keys.len());
        let mut records = Vec::new();
        for (index, (key, stamp)) in page.keys.iter().zip(UpdateStamp::of_records(&page.records)).enumerate()
        {
            let mark = Mark::of(*key, stamp);
            if mark.is_some_and(|mark| self.marks.contains(mark, Tick::of(stamp, time))) {
                continue;
            }
            new.push(index);
            records.extend(mark.map(|mark| (mark, stamp)));
        }
        self.unmarked.push(UnmarkedPage { records, answer_time: page.answer_time });
        self.records = self.records.saturating_add(u64::try_from(new.len()).unwrap_or(u64::MAX));
        if new.is_empty() {
            return None;
        }
        let all = new.len() == page.keys.len();
        let records = if all { page.records } else { page.records.select(&new) };
        // Records ahead of the server's clock are delivered too, but the delta does not claim their time.
        let before = window.before.min(until).max(window.since);
        Some((records, Window { before, ..window }))
    }

    /// Marks the records that were delivered, if they may be read again and cannot change without getting another
    /// stamp.
    pub(super) fn mark_delivered(&mut self, window: Window, until: i64, is_latest: bool) -> Vec<Mark> {
        // They are read again by a window of this run that overlaps by a second, or by a run that reaches back: the
        // next one, or this one if an earlier run left the window.
        let next_run = self.context.end().min(until).saturating_sub(self.context.memory());
        let read_again = window.before.min(next_run).saturating_sub(2 * SHARED_SECONDS);
        let mut marks = Vec::new();
        for UnmarkedPage { records, answer_time } in std::mem::take(&mut self.unmarked) {
            let time = self.context.server_time(answer_time);
            for (mark, stamp) in records.into_iter().filter(|(mark, _)| mark.at() >= read_again) {
                match Tick::of(stamp, time) {
                    Tick::Over => marks.push(mark),
                    Tick::ToCome => marks.push(mark.to_come()),
                    Tick::Running => {}
                }
            }
        }
        // This run reads again what windows share, and the overlap after a window that is not one of the latest. All the
        // rest is only stored: in memory, it would grow with the records of a day.
        let back = if is_latest { 0 } else { self.context.reach() };
        let end = window.before.min(until).saturating_sub(back).saturating_sub(2 * SHARED_SECONDS);
        marks.iter().filter(|mark| mark.at() >= end).for_each(|mark| self.marks.insert(*mark));
        marks
    }
}
