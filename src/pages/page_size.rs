//! How many records to request for a page, and how many to expect.

use super::fetch::FetchedPage;

/// The size of the pages to come.
pub struct PageSize {
    /// What would be best: one more than the caller's `limit`, for the record that pages share.
    wanted: u64,
    /// What is requested: less, if the server failed on a page of that size.
    asked: u64,
    /// The size of the last page, if it was smaller than requested: the server's own limit, or a single short page.
    short: Option<u64>,
    /// The last two pages were of the same short size, or the last one had full size: the next ones can be predicted.
    steady: bool,
    /// How many pages in a row were sent at the size that is requested now.
    streak: u32,
    /// How many of those it takes before a larger size is tried. It doubles each time the larger size fails.
    patience: u32,
}

const PATIENCE: u32 = 4;
const MAX_PATIENCE: u32 = 256;

impl PageSize {
    /// Pages of `wanted` records.
    pub fn new(wanted: u64) -> Self {
        Self { wanted, asked: wanted, short: None, steady: true, streak: 0, patience: PATIENCE }
    }

    /// How many records to request.
    pub fn asked(&self) -> u64 {
        self.asked
    }

    /// How many records to expect of a page.
    pub fn expected(&self) -> u64 {
        self.short.unwrap_or(self.asked)
    }

    /// Whether the size of the next pages is known, so that they can be prefetched.
    pub fn is_steady(&self) -> bool {
        self.steady
    }

    /// Learns from a page that is not the last one.
    pub fn learn<R>(&mut self, page: &FetchedPage<R>) {
        if page.asked < page.wanted {
            self.asked = page.asked.max(1);
            self.streak = 0;
            self.patience = self.patience.saturating_mul(2).min(MAX_PATIENCE);
        } else if self.asked < self.wanted {
            self.streak = self.streak.saturating_add(1);
            if self.streak >= self.patience {
                self.streak = 0;
                self.asked = self.asked.saturating_mul(2).min(self.wanted);
            }
        }
        let short = (page.len() < page.asked).then(|| page.len());
        // A single page may be short by chance: only a second one of the same size shows a limit of the server's.
        self.steady = short.is_none() || short == self.short;
        self.short = short;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::links::Links;
    use crate::pages::next_link::NextLink;
    use crate::pages::{AnswerTime, RecordKey};
    use crate::testing::test;

    fn page(wanted: u64, asked: u64, came: u64) -> FetchedPage<()> {
        let keys = (0..came).map(|number| RecordKey::of_id(number.to_string())).collect();
        let (links, next) = (Links::default(), NextLink::NoField);
        let answer_time = AnswerTime { sent: 0, date: None };
        FetchedPage {
            start: 0,
            wanted,
            asked,
            answer_time,
            keys,
            records: (),
            total: None,
            links,
            next,
            largest: 0,
        }
    }

    #[test]
    fn one_short_page_does_not_shorten_later_ones() {
        let mut size = PageSize::new(501);
        size.learn(&page(501, 501, 2));
        assert_eq!((size.asked(), size.expected(), size.is_steady()), (501, 2, false));
        size.learn(&page(501, 501, 501));
        assert_eq!((size.asked(), size.expected(), size.is_steady()), (501, 501, true));
    }

    #[test]
    fn a_limit_of_the_server_is_expected_after_two_pages() {
        let mut size = PageSize::new(51);
        size.learn(&page(51, 51, 20));
        size.learn(&page(51, 51, 20));
        assert_eq!((size.asked(), size.expected(), size.is_steady()), (51, 20, true));
    }

    #[test]
    fn a_size_that_failed_is_tried_again_later_and_less_and_less_often() {
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
        // The gateway has recovered.
        for _ in 0..1000 {
            size.learn(&page(size.asked(), size.asked(), size.asked()));
        }
        assert_eq!(size.asked(), 400);
    }
}
