//! What time it is for the server: weighed from the `Date` of all answers and from this machine's clock, any of which may be
//! wrong.
//!
//! Being late repeats, being early loses. So a run is complete up to the earliest of all clocks that can be believed, and
//! what cannot be believed is left out. Answers that agree ([`Dated`]) are one opinion, and this machine's clock is a voice
//! for the one that it agrees with. The opinion with most voices leads. Another one counts beside it if it has two voices and
//! is within a day: servers behind one address may differ. One answer alone is set aside.

use crate::http::{AGREE, CLOCKS_END, Dated};
use crate::pages::ReadAt;
use crate::sync::seen::ServerTime;
use crate::sync::span::{LONGEST, Span};

/// A day, in milliseconds. Clocks that differ by more are not both a little wrong: one of them is set to another time.
const DAY: i64 = 86_400_000;
/// What this machine's clock may be ahead of the server's where that one cannot be read, in milliseconds.
const TRUST: i64 = 60_000;
/// By how much answers of one clock may be later than the first one without being taken for another clock, in milliseconds.
const NOISE: i64 = 5000;
/// So many answers that agree are believed though this machine's clock says something else. Not two: pages are asked for ahead, so
/// that answers overtake each other, and two odd ones may come first.
const ENOUGH: u32 = 3;
/// What the second that a `Date` is cut to may hide, in milliseconds.
const SECOND: i64 = 999;

/// This machine's clocks when a run began.
#[derive(Clone, Copy, Debug)]
pub struct Clocks {
    /// The monotonic one.
    began: u64,
    /// How far the wall clock is ahead of it.
    host: i64,
    /// By how much clocks may differ without a word, in milliseconds.
    tolerance: i64,
}

/// What is to be thought of all that was said. Clocks are told as in [`Dated`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The clock up to which all is complete when the run begins.
    pub ceiling: i64,
    /// The server's clock, by most voices.
    pub lead: i64,
    /// The earliest of the server's clocks.
    pub earliest: i64,
    /// The latest.
    pub latest: i64,
    /// It will not become another one by a single answer.
    pub is_certain: bool,
    /// This machine's clock differs from the server's.
    pub host_differs: bool,
    /// Some answers were set aside.
    pub has_odd: bool,
}

impl Clocks {
    /// Those of a host whose wall clock says `now` where its monotonic one says `began`; `overlap` in seconds.
    pub fn new(now: i64, began: u64, overlap: i64) -> Self {
        // As wrong as a `Date` of those years.
        let now = now.min(CLOCKS_END.saturating_mul(1000));
        let tolerance = overlap.saturating_mul(1000).clamp(AGREE, DAY);
        Self { began, host: now.saturating_sub(signed(began)), tolerance }
    }

    /// When the run began, by this machine's wall clock, in seconds.
    pub fn host_seconds(&self) -> i64 {
        self.host.saturating_add(signed(self.began)).div_euclid(1000)
    }

    /// What is to be thought of these; nothing where there are none.
    pub fn judge(&self, dates: &[Dated]) -> Option<Judgement> {
        let is_near = |known: &Dated, tolerance: i64| {
            known.earliest <= self.host.saturating_add(tolerance)
                && known.latest >= self.host.saturating_sub(tolerance)
        };
        let agrees = |known: &Dated| is_near(known, AGREE);
        let voices = |known: &Dated| known.answers.saturating_add(u32::from(agrees(known)));
        let rank = |known: &Dated| (voices(known), agrees(known), std::cmp::Reverse(known.first));
        let lead = *dates.iter().max_by_key(|known| rank(known))?;
        let counts = |known: &Dated| {
            *known == lead
                || voices(known) > 1 && known.first.saturating_sub(lead.first).saturating_abs() <= DAY
        };
        let is_certain = agrees(&lead)
            || lead.answers >= ENOUGH
                && dates.iter().all(|other| counts(other) || voices(other) < voices(&lead));
        let mut judgement = Judgement {
            ceiling: i64::MAX,
            lead: lead.first,
            earliest: i64::MAX,
            latest: i64::MIN,
            is_certain,
            host_differs: !is_near(&lead, self.tolerance),
            has_odd: false,
        };
        for known in dates {
            // As long as nothing is certain, all of them may be right.
            if is_certain && !counts(known) {
                judgement.has_odd = true;
                continue;
            }
            let is_noise = known.first.saturating_sub(known.earliest) <= NOISE;
            let own = if is_noise { known.first } else { known.earliest };
            judgement.ceiling = judgement.ceiling.min(own);
            judgement.earliest = judgement.earliest.min(known.earliest);
            judgement.latest = judgement.latest.max(known.latest);
        }
        let apart = self.host.saturating_sub(lead.first).saturating_abs();
        if !is_certain || apart <= DAY {
            judgement.ceiling = judgement.ceiling.min(self.host);
        }
        if !is_certain {
            judgement.earliest = judgement.earliest.min(self.host);
            judgement.latest = judgement.latest.max(self.host);
        }
        Some(judgement)
    }

    /// The same, or what is to be thought where no answer has a `Date`.
    fn judge_or_trust(&self, dates: &[Dated]) -> Judgement {
        self.judge(dates).unwrap_or_else(|| {
            let trusted = self.host.saturating_sub(TRUST);
            Judgement {
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

    /// Whether one answer more will make no difference. As long as it may, nothing is concluded from clocks.
    pub fn is_certain(&self, dates: &[Dated]) -> bool {
        self.judge_or_trust(dates).is_certain
    }

    /// Everything that was updated before this could be read when the run began, in seconds: less than one too late.
    pub fn ceiling(&self, dates: &[Dated]) -> i64 {
        self.judge_or_trust(dates).ceiling.saturating_add(signed(self.began)).div_euclid(1000)
    }

    /// What the server's clock says, in seconds, where this machine's monotonic one says `now`.
    pub fn server_seconds(&self, dates: &[Dated], now: u64) -> i64 {
        self.judge_or_trust(dates).lead.saturating_add(signed(now)).div_euclid(1000)
    }

    /// What the server's clock said when the run began, by most voices, and how far it was ahead of this machine's. In seconds.
    pub fn server_began(&self, dates: &[Dated]) -> (i64, i64) {
        let lead = self.judge_or_trust(dates).lead;
        let began = lead.saturating_add(signed(self.began)).div_euclid(1000);
        (began, lead.saturating_sub(self.host).div_euclid(1000))
    }

    /// Whether the server's clock is past a span, where this machine's monotonic one says `now`; unknown where it should be
    /// asked for. One answer alone will do if it says that it is within the span, and this machine's clock does not say that it
    /// is just past it.
    pub fn is_past(&self, span: Span, dates: &[Dated], now: u64) -> Option<bool> {
        let judgement = self.judge_or_trust(dates);
        let at = |clock: i64| clock.saturating_add(signed(now)).div_euclid(1000);
        if judgement.is_certain {
            return Some(at(judgement.latest) > span.before);
        }
        let is_within = |known: &Dated| at(known.earliest) >= span.since && at(known.latest) <= span.before;
        if dates.iter().all(is_within) && !self.is_just_past(span, now) {
            return Some(false);
        }
        (at(judgement.earliest) > span.before).then_some(true)
    }

    /// The same where asking has not helped: by the clock that most say, or by this machine's within one span. The latest of them
    /// may be decades ahead.
    pub fn seems_past(&self, span: Span, dates: &[Dated], now: u64) -> bool {
        self.server_seconds(dates, now) > span.before || self.is_just_past(span, now)
    }

    fn is_just_past(&self, span: Span, now: u64) -> bool {
        let host = self.host.saturating_add(signed(now)).div_euclid(1000);
        host > span.before && host <= span.before.saturating_add(LONGEST)
    }

    /// What the server's clock can have been when it read a page that came before `now`. By the answer's own `Date`, unless the
    /// others say less: an odd one does not count for more than all of them.
    pub fn server_time(&self, dates: &[Dated], page: ReadAt, now: u64) -> ServerTime {
        let judgement = self.judge_or_trust(dates);
        let earliest = judgement.earliest.saturating_sub(SECOND).saturating_add(signed(page.sent));
        let own = page.date.map_or(i64::MAX, |date| date.saturating_mul(1000));
        ServerTime { earliest: earliest.min(own), latest: judgement.latest.saturating_add(signed(now)) }
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

    /// What is thought where this machine's clock is off by `host` seconds, and answers by so many.
    fn judged(host: i64, answers: &[i64]) -> (Judgement, i64) {
        let clocks = Clocks::new(NOW + host * 1000, 0, 300);
        let mut dates = Vec::new();
        for (index, off) in answers.iter().enumerate() {
            let now = index as u64 * 10;
            Dated::note(&mut dates, now, now, NOW / 1000 + off);
        }
        (clocks.judge(&dates).unwrap(), clocks.ceiling(&dates) - NOW / 1000)
    }

    #[test]
    fn the_earliest_clock_that_can_be_believed_counts() {
        let (hour, year) = (3600, 31_536_000);
        #[rustfmt::skip]
        let table: [(i64, &[i64], i64); 14] = [
            // this machine's, answers',               what counts
            (0,      &[0],                             0),
            (-hour,  &[0, 0],                          -hour),
            (hour,   &[0, 0],                          0),
            // More than a day apart: the server's.
            (-year,  &[0, 0, 0],                       0),
            (year,   &[0, 0, 0],                       0),
            // An odd one among many.
            (0,      &[0, -54 * year, 0, 0],           0),
            (0,      &[75 * year, 0],                  0),
            (0,      &[1200, 0],                       0),
            (year,   &[1200, 0, 0, 0],                 0),
            (year,   &[-54 * year, 0, 0, 0],           0),
            // Servers that differ, and do so again.
            (0,      &[0, 0, -1200, 0, -1200],         -1200),
            // Nothing is certain yet: whatever is the earliest.
            (year,   &[0],                             0),
            (-year,  &[0],                             -year),
            (year,   &[0, -hour],                      -hour),
        ];
        for (host, answers, expected) in table {
            assert_eq!(judged(host, answers).1, expected, "{host}, {answers:?}");
        }
    }

    #[test]
    fn a_clock_is_certain_when_another_says_the_same() {
        assert!(judged(0, &[0]).0.is_certain);
        assert!(!judged(7200, &[0]).0.is_certain);
        assert!(!judged(7200, &[0, 0]).0.is_certain);
        assert!(judged(7200, &[0, 0, 0]).0.is_certain);
        // However long the overlap is.
        assert!(!judged(200, &[0]).0.is_certain);
        assert!(!judged(7200, &[0, 5000]).0.is_certain);
        assert!(judged(7200, &[0, 5000, 0, 0]).0.is_certain);
    }

    #[test]
    fn where_clocks_do_not_agree_no_decades_are_walked() {
        let (day, year) = (86_400, 31_536_000);
        let now = NOW / 1000;
        let clocks = Clocks::new(NOW - 3 * year * 1000, 0, 300);
        let mut dates = Vec::new();
        Dated::note(&mut dates, 0, 0, now + 75 * year);
        Dated::note(&mut dates, 0, 0, now);
        let span = |before: i64| Span { since: before - LONGEST, before };
        for before in [now + day, now + 60 * year, now + 90 * year] {
            assert_eq!(clocks.is_past(span(before), &dates, 0), None);
            assert!(!clocks.seems_past(span(before), &dates, 0));
        }
        assert!(clocks.seems_past(span(now - day), &dates, 0));
        // This machine's clock may be the right one, but not for long.
        let clocks = Clocks::new(NOW + 40 * day * 1000, 0, 300);
        assert!(clocks.seems_past(span(now + 10 * day), &dates, 0));
        assert!(!clocks.seems_past(span(now + 41 * day), &dates, 0));
        assert!(!clocks.seems_past(span(now + 5 * day), &dates, 0));
    }

    #[test]
    fn what_differs_is_told() {
        let told = |host, answers: &[i64]| {
            let (judgement, _) = judged(host, answers);
            (judgement.host_differs, judgement.has_odd)
        };
        assert_eq!(told(299, &[0, 0, 0]), (false, false));
        assert_eq!(told(302, &[0, 0, 0]), (true, false));
        assert_eq!(told(0, &[0, 0, 1200]), (false, true));
    }
}
