//! Changes data while it is read.

use std::ops::Range;

use super::AppData;
use super::batch_type::BatchType;
use super::change::{Arrival, Free, LONG_AGO, RECENTLY};
use super::entry::Entry;
use crate::clock::Clock;

impl AppData {
    /// Changes a type a little, as other devices would during a read: `rate` changes on average. Four of five update a
    /// record in the `window` that is being read, in Unix milliseconds, which moves it out; the others are new records.
    /// Each change moves the clock on, if it stands.
    pub fn churn(&mut self, batch_type: BatchType, window: Range<i64>, rate: f64, clock: &mut Clock) {
        let mut draw = self.next_change();
        let whole = rate.floor();
        let times = whole as usize + usize::from(draw.chance(rate - whole));
        for _ in 0..times {
            let now = clock.tick();
            let updated = now * 1000 + draw.between(0, 999);
            // Records ahead of the clock are left out, because an update at the present time would make them older.
            let inside = self.window(batch_type, window.start, window.end.min(updated));
            if !inside.is_empty() && draw.chance(0.8) {
                let index = draw.between(inside.start as i64, inside.end as i64 - 1) as usize;
                self.renew(batch_type, index, updated);
                continue;
            }
            let age = if draw.chance(0.5) { RECENTLY } else { LONG_AGO };
            let mut free = Free::of(self, batch_type);
            if let Some(entry) = self.arriving(&mut draw, Arrival { updated, age }, now, &mut free) {
                let list = self.list(batch_type);
                let index = list.entries.partition_point(|other| other.place() < entry.place());
                list.entries.insert(index, entry);
                list.version += 1;
            }
        }
    }

    /// Updates a record at a later time, which moves it towards the end of its list.
    fn renew(&mut self, batch_type: BatchType, index: usize, updated: i64) {
        let list = self.list(batch_type);
        let renewed = Entry { updated, ..list.entries[index] };
        let place = list.entries.partition_point(|other| other.place() < renewed.place());
        list.entries[index..place].rotate_left(1);
        list.entries[place - 1] = renewed;
        list.version += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::Size;
    use super::*;

    const NOW: i64 = 1_751_284_800;

    fn data() -> AppData {
        AppData::new(3, NOW, Size { users: 20, days: 60, records: 4000 })
    }

    #[test]
    fn records_leave_the_window_that_is_read() {
        let mut data = data();
        let window = (NOW - 30 * 86_400) * 1000..(NOW - 86_400) * 1000;
        let before = data.window(BatchType::HeartRates, window.start, window.end).len();
        let total = data.count(BatchType::HeartRates);
        let mut clock = Clock::standing(NOW);
        data.churn(BatchType::HeartRates, window.clone(), 100.0, &mut clock);
        assert_eq!(clock.seconds(), NOW + 100);
        let left = before - data.window(BatchType::HeartRates, window.start, window.end).len();
        let new = data.count(BatchType::HeartRates) - total;
        assert_eq!(left + new, 100);
        assert!(left >= 70, "{left} left, {new} are new");
        assert!(data.entries(BatchType::HeartRates).is_sorted_by_key(Entry::place));
    }

    #[test]
    fn where_the_window_is_empty_records_arrive() {
        let mut data = data();
        let total = data.count(BatchType::Heights);
        data.churn(BatchType::Heights, 0..1, 10.0, &mut Clock::standing(NOW));
        assert_eq!(data.count(BatchType::Heights), total + 10);
    }

    #[test]
    fn nothing_that_is_ahead_of_the_clock_is_made_older() {
        let mut data = data();
        let total = data.count(BatchType::Heights);
        // The clock was set back by a year, so that all records are ahead of it.
        data.churn(BatchType::Heights, 0..i64::MAX, 10.0, &mut Clock::standing(NOW - 365 * 86_400));
        assert!(data.count(BatchType::Heights) > total);
        let ahead = data.window(BatchType::Heights, (NOW - 61 * 86_400) * 1000, i64::MAX).len();
        assert_eq!(ahead, total);
    }

    #[test]
    fn half_a_change_is_one_every_second_time() {
        let mut data = data();
        let mut clock = Clock::standing(NOW);
        for _ in 0..400 {
            data.churn(BatchType::Weights, 0..i64::MAX, 0.5, &mut clock);
        }
        let changes = clock.seconds() - NOW;
        assert!((150..250).contains(&changes), "{changes}");
    }
}
