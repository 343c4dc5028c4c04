//! How long windows are: as long as the API takes, or so short that none holds more records than a bound.
//!
//! A walk remembers every record of its window, and asks for offsets as far as the window's end. So a window whose total
//! is above the bound is halved before it is walked. The windows after it begin with the length that was found, and grow
//! again where there are few records.

use super::window::Window;

/// Windows are not halved below this length, in seconds.
const SHORTEST: i64 = 10;

/// The length of the next window. Pure: it learns the totals that its user has asked for.
#[derive(Clone, Debug)]
pub struct WindowLength {
    /// The most records that a window should hold.
    most_records: u64,
    /// The longest window, in seconds.
    longest: i64,
    /// The length of the next one, in seconds.
    next: i64,
    /// Whether totals count the records of the window. They do not if a window had far fewer than its total.
    trusts_totals: bool,
}

impl WindowLength {
    /// Begins with the longest windows.
    pub fn new(most_records: u64, longest: i64) -> Self {
        Self { most_records, longest, next: longest, trusts_totals: true }
    }

    /// The length of the next window, in seconds.
    pub fn next(&self) -> i64 {
        self.next
    }

    /// Whether totals count the records of the window, as far as is known.
    pub fn trusts_totals(&self) -> bool {
        self.trusts_totals
    }

    /// From now on totals do not count the records of the window.
    pub fn distrust_totals(&mut self) {
        (self.trusts_totals, self.next) = (false, self.longest);
    }

    /// Whether a window with this total is walked as it is. If not, the next one is half as long.
    pub fn fits(&mut self, window: Window, total: Option<u64>) -> bool {
        let length = window.length();
        let is_large = self.trusts_totals && total.is_some_and(|total| total > self.most_records);
        if !is_large || length <= SHORTEST {
            return true;
        }
        self.next = (length / 2).max(SHORTEST);
        false
    }

    /// Learns that a window had so many `records`, where its first page said that they were `total`.
    pub fn learn(&mut self, window: Window, total: Option<u64>, records: u64) {
        if total.is_some_and(|total| total > self.most_records && total / 2 > records) {
            self.distrust_totals();
        } else if records <= self.most_records / 4 && window.length() >= self.next {
            self.next = self.next.saturating_mul(2).min(self.longest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::window::{LONGEST_WINDOW, SHARED_SECONDS};
    use crate::testing::test;
    use proptest::prelude::*;

    /// Divides `since` to `until` into windows by the totals of `records`. Returns them with their totals, and how many
    /// totals were asked for.
    fn divide(records: &[i64], since: i64, until: i64, most: u64) -> (Vec<(Window, u64)>, usize) {
        let mut length = WindowLength::new(most, LONGEST_WINDOW);
        let (mut windows, mut asked, mut start) = (Vec::new(), 0, since);
        while start < until {
            let window = Window::first(start - SHARED_SECONDS, Some(until), length.next());
            let total =
                records.iter().filter(|&&at| (window.since..=window.before).contains(&at)).count() as u64;
            asked += 1;
            if length.fits(window, Some(total)) {
                length.learn(window, Some(total), total);
                windows.push((window, total));
                start = window.before;
            }
        }
        (windows, asked)
    }

    #[test]
    fn many_records_take_about_as_many_totals_as_windows() {
        let records: Vec<i64> = (0..400_000).map(|number| number * 6).collect();
        let (windows, asked) = divide(&records, 0, 2_400_000, 1000);
        assert!((400..=900).contains(&windows.len()), "{}", windows.len());
        assert!(asked <= windows.len() * 5 / 4 + 20, "{asked} totals for {} windows", windows.len());
    }

    #[test]
    fn a_burst_does_not_leave_short_windows_for_good() {
        let records: Vec<i64> = (0..50_000).map(|number| 1_000_000 + number / 500).collect();
        let (windows, asked) = divide(&records, 0, 300 * 86_400, 5000);
        assert!(windows.iter().all(|(window, total)| *total <= 5000 || window.length() <= SHORTEST + 1));
        assert!(windows.len() <= 60 && asked <= 100, "{} windows, {asked} totals", windows.len());
    }

    #[test]
    fn totals_that_count_something_else_are_not_believed_again() {
        let mut length = WindowLength::new(100, LONGEST_WINDOW);
        let mut window = Window::first(0, None, length.next());
        while !length.fits(window, Some(1_000_000)) {
            window = Window::first(0, None, length.next());
        }
        assert_eq!(window.length(), SHORTEST);
        length.learn(window, Some(1_000_000), 3);
        assert!(length.fits(Window::first(10, None, length.next()), Some(1_000_000)));
        assert_eq!(length.next(), LONGEST_WINDOW);
    }

    #[test]
    fn without_a_total_every_window_fits() {
        let mut length = WindowLength::new(1, LONGEST_WINDOW);
        assert!(length.fits(Window::first(0, None, length.next()), None));
    }

    proptest! {
        #[test]
        fn windows_leave_no_gap_and_hold_no_more_than_the_bound(
            mut records in prop::collection::vec(0_i64..5_000_000, 0..300),
            most in 1_u64..50,
        ) {
            records.sort_unstable();
            let (windows, _) = divide(&records, 0, 5_000_000, most);
            prop_assert_eq!(windows[0].0.since, -SHARED_SECONDS);
            prop_assert_eq!(windows[windows.len() - 1].0.before, 5_000_000);
            prop_assert!(windows.windows(2).all(|pair| pair[1].0.since == pair[0].0.before - SHARED_SECONDS));
            for (window, total) in windows {
                prop_assert!(total <= most || window.length() <= SHORTEST);
                prop_assert!(window.length() <= LONGEST_WINDOW);
            }
        }
    }
}
