//! What time it is for the server, estimated from the `Date` of all answers and from this machine's clock, any of which
//! may be wrong.
//!
//! Being late delivers records twice, being early loses them. So a run is complete up to the earliest believable clock,
//! and clocks that are not believable are ignored. Answers that agree ([`ClockReading`]) count as one clock with that many
//! votes, and this machine's clock is a vote for the one that it agrees with. The clock with most votes leads. Another
//! one counts too if it has at least two votes and is within a day: servers behind one address may differ. A single
//! answer is ignored.

use super::window::{LONGEST_WINDOW, Window};
use crate::http::{AGREE, CLOCKS_END, ClockReading};
use crate::pages::AnswerTime;

/// A day, in milliseconds. Of two clocks that differ by more, one is set to another time.
const DAY: i64 = 86_400_000;
/// How far this machine's clock may be ahead of the server's where no answer has a date, in milliseconds.
const HOST_MARGIN: i64 = 60_000;
/// How much later than its first answer a clock may seem because of delays, in milliseconds.
const DATE_NOISE: i64 = 5000;
/// This many answers that agree outvote this machine's clock. Two would not do: answers to requests in flight overtake
/// each other, so that the first two may both be wrong.
const ENOUGH_ANSWERS: u32 = 3;
/// A `Date` is cut to the second. In milliseconds.
const SECOND: i64 = 999;

/// Estimates the server's clock. Holds this machine's clocks at the beginning of a run.
#[derive(Clone, Copy, Debug)]
pub struct ClockEstimator {
    /// The monotonic clock.
    began: u64,
    /// How far the wall clock is ahead of the monotonic one.
    host: i64,
    /// How far clocks may differ without a warning, in milliseconds.
    tolerance: i64,
}

/// An estimate of the server's clock. Clocks are given relative to the monotonic one, as in [`ClockReading`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockEstimate {
    /// Everything updated before this clock, at the beginning of the run, can be read.
    pub ceiling: i64,
    /// The clock with most votes.
    pub lead: i64,
    /// The earliest of the believable clocks.
    pub earliest: i64,
    /// The latest of them.
    pub latest: i64,
    /// One more answer cannot change the estimate.
    pub is_certain: bool,
    /// This machine's clock differs from the server's.
    pub host_differs: bool,
    /// Some answers were ignored.
    pub has_odd: bool,
}

/// What the server's clock can have been at a moment, in milliseconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub struct ServerTime {
    /// At the earliest.
    pub earliest: i64,
    /// At the latest.
    pub latest: i64,
}

impl ClockEstimator {
    /// `now` is the wall clock in milliseconds when the monotonic one says `began`; `overlap` is in seconds.
    pub fn new(now: i64, began: u64, overlap: i64) -> Self {
        // Capped like a `Date`.
        let now = now.min(CLOCKS_END.saturating_mul(1000));
        let tolerance = overlap.saturating_mul(1000).clamp(AGREE, DAY);
        Self { began, host: now.saturating_sub(signed(began)), tolerance }
    }

    /// This machine's wall clock at the beginning of the run, in seconds since the epoch.
    pub fn host_seconds(&self) -> i64 {
        self.host.saturating_add(signed(self.began)).div_euclid(1000)
    }

    /// The estimate from these dates; `None` if there are none.
    pub fn estimate(&self, dates: &[ClockReading]) -> Option<ClockEstimate> {
        let is_near = |known: &ClockReading, tolerance: i64| {
            known.earliest <= self.host.saturating_add(tolerance)
                && known.latest >= self.host.saturating_sub(tolerance)
        };
        let agrees = |known: &ClockReading| is_near(known, AGREE);
        let voices = |known: &ClockReading| known.answers.saturating_add(u32::from(agrees(known)));
        let rank = |known: &ClockReading| (voices(known), agrees(known), std::cmp::Reverse(known.first));
        let lead = *dates.iter().max_by_key(|known| rank(known))?;
        let counts = |known: &ClockReading| {
            *known == lead
                || voices(known) > 1 && known.first.saturating_sub(lead.first).saturating_abs() <= DAY
        };
        let is_certain = agrees(&lead)
            || lead.answers >= ENOUGH_ANSWERS
                && dates.iter().all(|other| counts(other) || voices(other) < voices(&lead));
        let mut estimate = ClockEstimate {
            ceiling: i64::MAX,
            lead: lead.first,
            earliest: i64::MAX,
            latest: i64::MIN,
            is_certain,
            host_differs: !is_near(&lead, self.tolerance),
            has_odd: false,
        };
        for known in dates {
            // As long as nothing is certain, any of them may be right.
            if is_certain && !counts(known) {
                estimate.has_odd = true;
                continue;
            }
            let is_noise = known.first.saturating_sub(known.earliest) <= DATE_NOISE;
            let own = if is_noise { known.first } else { known.earliest };
            estimate.ceiling = estimate.ceiling.min(own);
            estimate.earliest = estimate.earliest.min(known.earliest);
            estimate.latest = estimate.latest.max(known.latest);
        }
        let apart = self.host.saturating_sub(lead.first).saturating_abs();
        if !is_certain || apart <= DAY {
            estimate.ceiling = estimate.ceiling.min(self.host);
        }
        if !is_certain {
            estimate.earliest = estimate.earliest.min(self.host);
            estimate.latest = estimate.latest.max(self.host);
        }
        Some(estimate)
    }

    /// The estimate, or one from this machine's clock if no answer has a `Date`.
    fn estimate_or_host(&self, dates: &[ClockReading]) -> ClockEstimate {
        self.estimate(dates).unwrap_or_else(|| {
            let trusted = self.host.saturating_sub(HOST_MARGIN);
            ClockEstimate {
                ceiling: trusted,
                lead: self.host,
                earliest: trusted,
                latest: self.host,
                is_certain: true,
                host_differs: false,
                has_odd: false,
            }
        })
    }

    /// Whether one more answer would make no difference. Until then nothing is concluded from the clocks.
    pub fn is_certain(&self, dates: &[ClockReading]) -> bool {
        self.estimate_or_host(dates).is_certain
    }

    /// Everything updated before this could be read when the run began, in seconds since the epoch, rounded down.
    pub fn ceiling(&self, dates: &[ClockReading]) -> i64 {
        self.ceiling_at(dates, self.began)
    }

    /// The same when the monotonic clock said `moment`.
    pub fn ceiling_at(&self, dates: &[ClockReading], moment: u64) -> i64 {
        self.estimate_or_host(dates).ceiling.saturating_add(signed(moment)).div_euclid(1000)
    }

    /// The server's clock, in seconds since the epoch, when the monotonic one says `now`.
    pub fn server_seconds(&self, dates: &[ClockReading], now: u64) -> i64 {
        self.estimate_or_host(dates).lead.saturating_add(signed(now)).div_euclid(1000)
    }

    /// The server's clock with most votes when the run began, and how far it was ahead of this machine's. In seconds.
    pub fn server_began(&self, dates: &[ClockReading]) -> (i64, i64) {
        let lead = self.estimate_or_host(dates).lead;
        let began = lead.saturating_add(signed(self.began)).div_euclid(1000);
        (began, lead.saturating_sub(self.host).div_euclid(1000))
    }

    /// Whether the server's clock is past a window when the monotonic one says `now`; `None` if another answer is
    /// needed to tell. A single answer is enough if it is within the window and this machine's clock is not just past
    /// it.
    pub fn is_past(&self, window: Window, dates: &[ClockReading], now: u64) -> Option<bool> {
        let estimate = self.estimate_or_host(dates);
        let at = |clock: i64| clock.saturating_add(signed(now)).div_euclid(1000);
        if estimate.is_certain {
            return Some(at(estimate.latest) > window.before);
        }
        let is_within =
            |known: &ClockReading| at(known.earliest) >= window.since && at(known.latest) <= window.before;
        if dates.iter().all(is_within) && !self.is_just_past(window, now) {
            return Some(false);
        }
        (at(estimate.earliest) > window.before).then_some(true)
    }

    /// The same where requests for the clock have not helped: by the clock with most votes, or by this machine's if
    /// that is just past the window. The latest clock may be decades ahead.
    pub fn seems_past(&self, window: Window, dates: &[ClockReading], now: u64) -> bool {
        self.server_seconds(dates, now) > window.before || self.is_just_past(window, now)
    }

    fn is_just_past(&self, window: Window, now: u64) -> bool {
        let host = self.host.saturating_add(signed(now)).div_euclid(1000);
        host > window.before && host <= window.before.saturating_add(LONGEST_WINDOW)
    }

    /// What the server's clock can have been when it read a page that arrived before `now`. The page's own `Date`
    /// counts unless the others are earlier: no single answer outweighs all of them.
    pub fn server_time(&self, dates: &[ClockReading], page: AnswerTime, now: u64) -> ServerTime {
        let estimate = self.estimate_or_host(dates);
        let earliest = estimate.earliest.saturating_sub(SECOND).saturating_add(signed(page.sent));
        let own = page.date.map_or(i64::MAX, |date| date.saturating_mul(1000));
        // Without any date, this machine's clock may be behind by years.
        let latest = if dates.is_empty() { i64::MAX } else { estimate.latest.saturating_add(signed(now)) };
        ServerTime { earliest: earliest.min(own), latest }
    }
}

fn signed(moment: u64) -> i64 {
    i64::try_from(moment).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    const NOW: i64 = 1_709_294_400_000;

    /// The estimate where this machine's clock is off by `host` seconds, and the answers by these.
    fn estimated(host: i64, answers: &[i64]) -> (ClockEstimate, i64) {
        let estimator = ClockEstimator::new(NOW + host * 1000, 0, 300);
        let mut dates = Vec::new();
        for (index, off) in answers.iter().enumerate() {
            let now = index as u64 * 10;
            ClockReading::note(&mut dates, now, now, NOW / 1000 + off);
        }
        (estimator.estimate(&dates).unwrap(), estimator.ceiling(&dates) - NOW / 1000)
    }

    #[test]
    fn the_earliest_believable_clock_counts() {
        let (hour, year) = (3600, 31_536_000);
        #[rustfmt::skip]
        let table: [(i64, &[i64], i64); 14] = [
            // this machine's, answers',               what counts
            (0,      &[0],                             0),
            (-hour,  &[0, 0],                          -hour),
            (hour,   &[0, 0],                          0),
            // More than a day apart: the server's clock counts.
            (-year,  &[0, 0, 0],                       0),
            (year,   &[0, 0, 0],                       0),
            // One wrong answer among many.
            (0,      &[0, -54 * year, 0, 0],           0),
            (0,      &[75 * year, 0],                  0),
            (0,      &[1200, 0],                       0),
            (year,   &[1200, 0, 0, 0],                 0),
            (year,   &[-54 * year, 0, 0, 0],           0),
            // Servers that differ repeatedly.
            (0,      &[0, 0, -1200, 0, -1200],         -1200),
            // Nothing is certain yet: the earliest clock counts.
            (year,   &[0],                             0),
            (-year,  &[0],                             -year),
            (year,   &[0, -hour],                      -hour),
        ];
        for (host, answers, expected) in table {
            assert_eq!(estimated(host, answers).1, expected, "{host}, {answers:?}");
        }
    }

    #[test]
    fn a_clock_is_certain_if_another_agrees() {
        assert!(estimated(0, &[0]).0.is_certain);
        assert!(!estimated(7200, &[0]).0.is_certain);
        assert!(!estimated(7200, &[0, 0]).0.is_certain);
        assert!(estimated(7200, &[0, 0, 0]).0.is_certain);
        // The overlap makes no difference.
        assert!(!estimated(200, &[0]).0.is_certain);
        assert!(!estimated(7200, &[0, 5000]).0.is_certain);
        assert!(estimated(7200, &[0, 5000, 0, 0]).0.is_certain);
    }

    #[test]
    fn clocks_that_disagree_do_not_lead_through_decades() {
        let (day, year) = (86_400, 31_536_000);
        let now = NOW / 1000;
        let estimator = ClockEstimator::new(NOW - 3 * year * 1000, 0, 300);
        let mut dates = Vec::new();
        ClockReading::note(&mut dates, 0, 0, now + 75 * year);
        ClockReading::note(&mut dates, 0, 0, now);
        let window = |before: i64| Window { since: before - LONGEST_WINDOW, before };
        for before in [now + day, now + 60 * year, now + 90 * year] {
            assert_eq!(estimator.is_past(window(before), &dates, 0), None);
            assert!(!estimator.seems_past(window(before), &dates, 0));
        }
        assert!(estimator.seems_past(window(now - day), &dates, 0));
        // This machine's clock may be the right one, but only for one window.
        let estimator = ClockEstimator::new(NOW + 40 * day * 1000, 0, 300);
        assert!(estimator.seems_past(window(now + 10 * day), &dates, 0));
        assert!(!estimator.seems_past(window(now + 41 * day), &dates, 0));
        assert!(!estimator.seems_past(window(now + 5 * day), &dates, 0));
    }

    #[test]
    fn clocks_that_differ_are_reported() {
        let flags = |host, answers: &[i64]| {
            let (estimate, _) = estimated(host, answers);
            (estimate.host_differs, estimate.has_odd)
        };
        assert_eq!(flags(299, &[0, 0, 0]), (false, false));
        assert_eq!(flags(302, &[0, 0, 0]), (true, false));
        assert_eq!(flags(0, &[0, 0, 1200]), (false, true));
    }
}
