//! What the `Date` of answers says about the server's clock, and which answers agree.

use humansync_ingest::time::parse_http_date;

/// No clock is believed from the year 2200 on. In seconds since the epoch.
pub const CLOCKS_END: i64 = 7_258_118_400;

/// The server's clock by a `Date` field, in seconds since the epoch. `None` for dates that no clock can mean: a clock
/// in the year 9999 would be believed like any other, and there would be thousands of years to read.
pub fn server_clock(date: &str, now_unix_seconds: i64) -> Option<i64> {
    parse_http_date(date, now_unix_seconds).filter(|seconds| (0..CLOCKS_END).contains(seconds))
}

/// Answers whose `Date` fields agree. A clock is described by how far it is ahead of this host's monotonic clock, in
/// milliseconds: for a clock that runs correctly that is always the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// By the first of these answers; less than a second too much.
    pub first: i64,
    /// The least that any of them allows.
    pub earliest: i64,
    /// The most that any of them allows.
    pub latest: i64,
    /// The number of answers.
    pub answers: u32,
}

/// Clocks that differ by no more than this agree, in milliseconds: several servers may share one address, and clocks
/// drift.
pub const AGREE: i64 = 60_000;
/// The most clocks that are told apart.
const MOST: usize = 16;

impl ClockReading {
    /// Adds an answer whose request was sent at `sent`, which came at `received`, and whose `Date` is this, in seconds
    /// since the epoch.
    pub fn note(all: &mut Vec<Self>, sent: u64, received: u64, date: i64) {
        let signed = |moment: u64| i64::try_from(moment).unwrap_or(i64::MAX);
        // The date is cut to seconds, and was written at some moment between the two times.
        let second = date.saturating_mul(1000);
        let earliest = second.saturating_add(999).saturating_sub(signed(received));
        let latest = second.saturating_add(1000).saturating_sub(signed(sent));
        let agrees = |known: &&mut Self| {
            earliest <= known.first.saturating_add(AGREE) && latest >= known.first.saturating_sub(AGREE)
        };
        if let Some(known) = all.iter_mut().find(agrees) {
            known.earliest = known.earliest.min(earliest);
            known.latest = known.latest.max(latest);
            known.answers = known.answers.saturating_add(1);
            return;
        }
        if all.len() >= MOST {
            let rarest = (0..all.len()).min_by_key(|&index| all.get(index).map(|known| known.answers));
            rarest.map(|index| all.remove(index));
        }
        all.push(Self { first: earliest, earliest, latest, answers: 1 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    #[test]
    fn a_date_that_no_clock_can_mean_is_none() {
        let table = [
            ("Fri, 01 Mar 2024 12:00:00 GMT", Some(1_709_294_400)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Wed, 31 Dec 1969 23:59:59 GMT", None),
            ("Mon, 01 Jan 0001 00:00:00 GMT", None),
            ("Tue, 31 Dec 2199 23:59:59 GMT", Some(CLOCKS_END - 1)),
            ("Wed, 01 Jan 2200 00:00:00 GMT", None),
            ("Fri, 31 Dec 9999 23:59:59 GMT", None),
            ("soon", None),
        ];
        for (date, expected) in table {
            assert_eq!(server_clock(date, 1_709_294_400), expected, "{date}");
        }
    }

    #[test]
    fn answers_of_one_clock_agree_however_long_they_took_and_an_odd_one_stands_alone() {
        let mut all = Vec::new();
        ClockReading::note(&mut all, 0, 0, 1000);
        ClockReading::note(&mut all, 500, 29_000, 1003);
        ClockReading::note(&mut all, 40_000, 40_100, 0);
        ClockReading::note(&mut all, 80_000, 80_000, 1080);
        assert_eq!(all.len(), 2);
        assert_eq!(
            all[0],
            ClockReading { first: 1_000_999, earliest: 974_999, latest: 1_003_500, answers: 3 }
        );
        assert_eq!(all[1].answers, 1);
    }

    #[test]
    fn however_many_clocks_there_are_few_are_kept() {
        let mut all = Vec::new();
        (0..1000).for_each(|day| ClockReading::note(&mut all, 0, 0, day * 86_400));
        ClockReading::note(&mut all, 0, 0, i64::MAX);
        assert_eq!(all.len(), MOST);
    }
}
