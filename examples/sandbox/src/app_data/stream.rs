//! A list of any length, made on the fly. Nothing is kept for a record: its time of update, its id and its content are
//! functions of its place in the list, and the place is found again from the time of update.

use std::ops::Range;

use super::Size;
use super::batch_type::BatchType;
use super::entry::Entry;
use crate::draw::{Draw, purpose};

/// The settings of a streamed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamSize {
    pub batch_type: BatchType,
    /// The number of records at the start.
    pub records: u64,
    /// The days before the start over which these were updated.
    pub days: i64,
    /// The number of records that arrive in each second of the sandbox's clock.
    pub rate: u32,
}

/// The initial records come in groups, each of which fills a part of the time: the arithmetic is that of groups, and the
/// times within a group are drawn.
const GROUP: u64 = 16;
/// The records of a group that share a second, if the time of the group is long enough.
const BURST: usize = 5;
/// How long ago a record was recorded when it is created, in seconds. It is the same for all, so that records are in the
/// same order by recording and by update.
const AGE: i64 = 47;

/// A streamed list. Records are counted from 0, the oldest update.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    seed: u64,
    /// The clock at the start, in Unix milliseconds: after all initial records, before all that arrive.
    began: i64,
    users: u32,
    size: StreamSize,
}

impl Stream {
    /// `began` is in Unix seconds.
    #[must_use]
    pub fn new(seed: u64, began: i64, app: Size, size: StreamSize) -> Self {
        Self {
            seed: Draw::new(seed, &[purpose("stream")]).bits(),
            began: began * 1000,
            users: app.users,
            size,
        }
    }

    #[must_use]
    pub fn batch_type(&self) -> BatchType {
        self.size.batch_type
    }

    /// The number of records that there are at `now`, in Unix milliseconds.
    #[must_use]
    pub fn count(&self, now: i64) -> u64 {
        self.size.records + self.arrived(now)
    }

    /// The places of the records that were updated from `since` on and before `before`, of those that there are at
    /// `now`. All are in Unix milliseconds.
    #[must_use]
    pub fn window(&self, since: i64, before: i64, now: i64) -> Range<u64> {
        let start = self.earlier(since, now);
        start..self.earlier(before, now).max(start)
    }

    /// The entries of these places, the oldest update first. Costs as much as it returns.
    pub fn entries(self, places: Range<u64>) -> impl Iterator<Item = Entry> {
        let records = self.size.records;
        let (start, end) = (places.start.min(records), places.end.min(records));
        let initial = (start / GROUP..end.div_ceil(GROUP))
            .flat_map(move |group| (group * GROUP..).zip(self.times(group)))
            .filter(move |(place, _)| (start..end).contains(place));
        let arrived = (places.start.max(records)..places.end.max(records))
            .map(move |place| (place, self.arrival(place - records)));
        initial.chain(arrived).map(move |(place, updated)| self.entry(place, updated))
    }

    /// The sum over these places of the last 32 bits of the record's id and of its update in Unix milliseconds, modulo
    /// 2³². It does not depend on the order.
    #[must_use]
    pub fn checksum(self, places: Range<u64>) -> u32 {
        self.entries(places).fold(0, |sum, entry| sum.wrapping_add(entry.checksum()))
    }

    /// The number of records that were updated before `time`.
    fn earlier(&self, time: i64, now: i64) -> u64 {
        let start = self.start(0);
        if time <= start {
            return 0;
        }
        if time > self.began {
            return self.size.records + self.arrived(time.min(now));
        }
        // The group whose part of the time this is: an estimate that is at most one too high or too low.
        let elapsed = i128::from(time - start) * i128::from(self.groups());
        let mut group = (elapsed / i128::from(self.began - start)) as u64;
        while self.start(group) > time {
            group -= 1;
        }
        while group < self.groups() && self.start(group + 1) <= time {
            group += 1;
        }
        let within = self.times(group).into_iter().filter(|updated| *updated < time).count() as u64;
        (group * GROUP + within).min(self.size.records)
    }

    fn groups(&self) -> u64 {
        self.size.records.div_ceil(GROUP)
    }

    /// When the time of a group begins.
    fn start(&self, group: u64) -> i64 {
        let length = self.size.days * 86_400_000;
        let part = i128::from(length) * i128::from(group) / i128::from(self.groups().max(1));
        self.began - length + part as i64
    }

    /// The updates of a group's records, in order. The last group may have more of them than there are records.
    fn times(&self, group: u64) -> [i64; GROUP as usize] {
        let (start, end) = (self.start(group), self.start(group + 1));
        let mut draw = Draw::new(self.seed, &[purpose("times"), group]);
        // A phone sends its new records at once: they share a second, whose first millisecond one of them has.
        let drawn = draw.between(start, end - 1);
        let second = (drawn - drawn.rem_euclid(1000)).max(start);
        let mut times = [second; GROUP as usize];
        for (index, time) in times.iter_mut().enumerate().skip(1) {
            let until = if index < BURST { second + 999 } else { end - 1 };
            let from = if index < BURST { second } else { start };
            *time = draw.between(from, until.min(end - 1));
        }
        times.sort_unstable();
        times
    }

    /// The number of records that arrived before `now`.
    fn arrived(&self, now: i64) -> u64 {
        let elapsed = u128::from(now.saturating_sub(self.began).max(0).unsigned_abs());
        (elapsed * u128::from(self.size.rate)).div_ceil(1000) as u64
    }

    /// When the record with this number arrives.
    fn arrival(&self, number: u64) -> i64 {
        self.began + (u128::from(number) * 1000 / u128::from(self.size.rate.max(1))) as i64
    }

    fn entry(&self, place: u64, updated: i64) -> Entry {
        // The first bits of a draw are different for each place, so that ids are unique.
        let mut draw = Draw::new(self.seed, &[purpose("record"), place]);
        let key = draw.bits();
        let user = draw.between(0, i64::from(self.users) - 1) as u32;
        let edited = if draw.chance(0.12) { draw.between(1000, (AGE - 7) * 1000) } else { 0 };
        Entry { updated, key, at: updated.div_euclid(1000) - AGE, created: updated - edited, user }
    }
}

#[cfg(test)]
mod tests;
