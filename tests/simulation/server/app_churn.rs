//! How the records of an app change between requests and between runs.

use super::Row;
use crate::world::Chance;
use std::collections::BTreeMap;

/// Changes of all kinds. None of them sets the update time of a record back.
#[derive(Clone, Debug)]
pub struct AppChurn {
    chance: Chance,
    /// How likely each of [`CHANGES`] is.
    weights: Vec<u64>,
    /// How late a record may become visible, in milliseconds.
    late: u64,
    /// The most changes before one request.
    burst: u64,
    /// The probability that a request finds something changed.
    frequency: f64,
    /// The tick of the server's clock, in milliseconds.
    tick: i64,
    left: u64,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Touched,
    TouchedInWindow,
    Returned,
    New,
    NewOfLongAgo,
    VisibleLate,
    Backdated,
    InOneSecond,
    SoonToCome,
    DaysToCome,
    Removed,
}

const CHANGES: [Change; 11] = [
    Change::Touched,
    Change::TouchedInWindow,
    Change::Returned,
    Change::New,
    Change::NewOfLongAgo,
    Change::VisibleLate,
    Change::Backdated,
    Change::InOneSecond,
    Change::SoonToCome,
    Change::DaysToCome,
    Change::Removed,
];
const DAY: u64 = 86_400_000;

impl AppChurn {
    /// Up to `changes` changes between requests. A record becomes visible up to `late` milliseconds after its update.
    pub fn drawn(mut chance: Chance, changes: u64, late: u64) -> Self {
        let weights = CHANGES.iter().map(|_| chance.within(0..=10)).collect();
        let burst = chance.pick(&[1, 3, 15]);
        let frequency = chance.pick(&[0.1, 0.5, 1.0]);
        Self { chance, weights, late, burst, frequency, tick: 1, left: changes }
    }

    /// Only records that leave the window that is being read.
    pub fn away(chance: Chance, changes: u64) -> Self {
        Self::only(chance, changes, |change| matches!(change, Change::TouchedInWindow))
    }

    /// Only records that are updated, often to the content that they had before.
    pub fn to_and_fro(chance: Chance, changes: u64) -> Self {
        Self::only(chance, changes, |change| matches!(change, Change::Touched | Change::Returned))
    }

    fn only(mut chance: Chance, changes: u64, is_made: impl Fn(Change) -> bool) -> Self {
        let weights = CHANGES.iter().map(|change| u64::from(is_made(*change))).collect();
        let burst = chance.pick(&[1, 2, 5, 30]);
        let frequency = chance.pick(&[0.3, 1.0]);
        Self { chance, weights, late: 0, burst, frequency, tick: 1, left: changes }
    }

    /// The same changes by a clock with this tick, in milliseconds.
    #[must_use]
    pub fn ticking(self, tick: i64) -> Self {
        Self { tick, ..self }
    }

    /// Changes the records of a type as they change before a request for `window`.
    pub fn apply(&mut self, rows: &mut Vec<Row>, made: &mut u64, now: i64, window: Option<(i64, i64)>) {
        if !self.chance.happens(self.frequency) {
            return;
        }
        let changes = self.chance.within(1..=self.burst).min(self.left);
        self.left -= changes;
        for _ in 0..changes {
            self.change_one(rows, made, now, window);
        }
    }

    /// Makes one change to a random type.
    pub fn change(
        &mut self,
        rows: &mut BTreeMap<String, Vec<Row>>,
        made: &mut u64,
        now: i64,
        window: Option<(i64, i64)>,
    ) {
        let chosen = self.chance.index(rows.len());
        self.change_one(rows.values_mut().nth(chosen).unwrap(), made, now, window);
    }

    fn change_one(&mut self, rows: &mut Vec<Row>, made: &mut u64, now: i64, window: Option<(i64, i64)>) {
        let change = self.pick();
        let chance = &mut self.chance;
        // All records of a type are of one kind.
        let like = rows.first().cloned();
        let mut add = |updated: i64, recorded: i64, visible_from: i64| {
            let row = Row { recorded, visible_from, ..Row::new(*made, updated) };
            *made += 1;
            rows.push(match &like {
                Some(like) => row.of_kind(like),
                None => row,
            });
        };
        // Records appear with an earlier time only as far as the overlap of windows allows for.
        let late = if self.late < 2000 { 0 } else { chance.within(0..=self.late - 1500) as i64 };
        match change {
            Change::New => add(now, now, i64::MIN),
            Change::NewOfLongAgo => add(now, now - chance.within(1..=300 * DAY) as i64, i64::MIN),
            Change::VisibleLate => add(now, now, now + late),
            Change::Backdated => add(now - late, now, i64::MIN),
            Change::InOneSecond => {
                let second = now.div_euclid(1000) * 1000;
                let first = if self.late < 2000 { now } else { second };
                for at in [first, second + 999, second + 999] {
                    add(at.max(first), now, i64::MIN);
                }
            }
            Change::SoonToCome => add(now + chance.within(1..=90_000) as i64, now, i64::MIN),
            Change::DaysToCome => add(now + chance.within(1..=15 * DAY) as i64, now, i64::MIN),
            Change::Touched | Change::TouchedInWindow | Change::Returned | Change::Removed => {
                let is_in = |row: &Row| {
                    let (since, before) = window.unwrap_or((i64::MIN / 1000, i64::MAX / 1000));
                    row.is_visible(now) && (since * 1000..before * 1000).contains(&row.updated)
                };
                let found: Vec<usize> = (0..rows.len())
                    .filter(|&index| match change {
                        Change::TouchedInWindow => is_in(&rows[index]),
                        _ => rows[index].is_visible(now),
                    })
                    .collect();
                if found.is_empty() {
                    return;
                }
                let row = &mut rows[found[chance.index(found.len())]];
                match change {
                    Change::Removed => row.removed = true,
                    Change::Returned => row.return_to(row.version.saturating_sub(1), now, self.tick),
                    _ => row.touch(now, self.tick),
                }
            }
        }
    }

    fn pick(&mut self) -> Change {
        let total: u64 = self.weights.iter().sum();
        let mut drawn = self.chance.within(0..=total.max(1) - 1);
        let chosen = self.weights.iter().position(|&weight| {
            let hit = drawn < weight;
            drawn = drawn.saturating_sub(weight);
            hit
        });
        CHANGES[chosen.unwrap_or(0)]
    }
}
