//! How many records a page is asked for, and how many it can be expected to bring.

use super::fetch::Fetched;

/// Sizes of the pages to come.
pub struct PageSize {
    /// What is wanted: one more than the caller's `limit`, for the record by which pages overlap.
    wanted: u64,
    /// What is asked for: less where the server could not give a page of that size.
    asked: u64,
    /// What came last, where it was less than asked for: a bound of the server's own, or a single short page.
    short: Option<u64>,
    /// The server has kept to its bound twice in a row, or there is none: pages can be planned ahead.
    steady: bool,
    /// Pages in a row that came at the size that is asked for.
    streak: u32,
    /// How many of those it takes before more is asked for. It doubles each time that proves too much.
    patience: u32,
}

const PATIENCE: u32 = 4;
const PATIENCE_AT_MOST: u32 = 256;

impl PageSize {
    /// Pages of `wanted` records.
    pub fn new(wanted: u64) -> Self {
        Self { wanted, asked: wanted, short: None, steady: true, streak: 0, patience: PATIENCE }
    }

    /// How many records to ask for.
    pub fn asked(&self) -> u64 {
        self.asked
    }

    /// How many records a page is expected to bring, of those that are asked for.
    pub fn expected(&self) -> u64 {
        self.short.unwrap_or(self.asked)
    }

    /// Whether pages can be asked for ahead: it is known how many records each brings.
    pub fn is_steady(&self) -> bool {
        self.steady
    }

    /// Learns from a page that is not the last one.
    pub fn learn<R>(&mut self, page: &Fetched<R>) {
        if page.asked < page.wanted {
            self.asked = page.asked.max(1);
            self.streak = 0;
            self.patience = self.patience.saturating_mul(2).min(PATIENCE_AT_MOST);
        } else if self.asked < self.wanted {
            self.streak = self.streak.saturating_add(1);
            if self.streak >= self.patience {
                self.streak = 0;
                self.asked = self.asked.saturating_mul(2).min(self.wanted);
            }
        }
        let short = (page.len() < page.asked).then(|| page.len());
        // A page that came short may be the only one: before others are planned by it, one more has to be as short.
        self.steady = short.is_none() || short == self.short;
        self.short = short;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::links::{Links, Next};
    use crate::pages::{ReadAt, RecordKey};
    use crate::testing::test;

    fn page(wanted: u64, asked: u64, came: u64) -> Fetched<()> {
        let keys = (0..came).map(|number| RecordKey::of_id(&number.to_string())).collect();
        let (links, next) = (Links::default(), Next::NoLink);
        let read_at = ReadAt { sent: 0, date: None };
        Fetched { start: 0, wanted, asked, read_at, keys, records: (), total: None, links, next, largest: 0 }
    }

    #[test]
    fn one_short_page_makes_no_later_one_short() {
        let mut size = PageSize::new(501);
        size.learn(&page(501, 501, 2));
        assert_eq!((size.asked(), size.expected(), size.is_steady()), (501, 2, false));
        size.learn(&page(501, 501, 501));
        assert_eq!((size.asked(), size.expected(), size.is_steady()), (501, 501, true));
    }

    #[test]
    fn a_bound_that_the_server_keeps_to_is_planned_by() {
        let mut size = PageSize::new(51);
        size.learn(&page(51, 51, 20));
        size.learn(&page(51, 51, 20));
        assert_eq!((size.asked(), size.expected(), size.is_steady()), (51, 20, true));
    }

    #[test]
    fn what_cannot_be_had_is_not_asked_for_again_at_once_and_ever_less_often() {
        let mut size = PageSize::new(400);
        size.learn(&page(400, 100, 100));
        let mut pages_between = Vec::new();
        for _ in 0..3 {
            let mut pages = 0;
            while size.asked() == 100 {
                size.learn(&page(100, 100, 100));
                pages += 1;
            }
            assert_eq!(size.asked(), 200);
            size.learn(&page(200, 100, 100));
            pages_between.push(pages);
        }
        assert_eq!(pages_between, [8, 16, 32]);
        // The gateway is well again.
        for _ in 0..1000 {
            size.learn(&page(size.asked(), size.asked(), size.asked()));
        }
        assert_eq!(size.asked(), 400);
    }
}
