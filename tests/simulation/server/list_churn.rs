//! How a list changes between requests.

use super::MovingList;
use crate::world::Chance;

/// Changes of a list between requests. Their number is limited, as no walk could reach the end of a list that grows for
/// ever.
#[derive(Clone, Debug)]
pub struct ListChurn {
    chance: Chance,
    /// How likely each of [`MOVEMENTS`] is.
    weights: Vec<u64>,
    /// The most changes before one request.
    burst: u64,
    /// The probability that a request finds the list changed.
    frequency: f64,
    left: u64,
}

#[derive(Clone, Copy, Debug)]
enum Movement {
    InFront,
    Anywhere,
    AtEnd,
    NearFrontGone,
    AnywhereGone,
    LastGone,
    Touched,
    MovedDown,
}

const MOVEMENTS: [Movement; 8] = [
    Movement::InFront,
    Movement::Anywhere,
    Movement::AtEnd,
    Movement::NearFrontGone,
    Movement::AnywhereGone,
    Movement::LastGone,
    Movement::Touched,
    Movement::MovedDown,
];
/// How many of them every list may show; the others break its order.
const ORDERLY: usize = 7;

impl ListChurn {
    /// The same changes, but no record moves to the front.
    #[must_use]
    pub fn without_touches(mut self) -> Self {
        self.weights[ORDERLY - 1..].fill(0);
        self
    }

    /// The same changes, and records also move down.
    #[must_use]
    pub fn with_moves_down(mut self) -> Self {
        self.weights[ORDERLY] = self.chance.within(1..=10);
        self
    }

    /// Only changes of place: no record arrives or leaves.
    #[must_use]
    pub fn of_moves_only(mut self) -> Self {
        self.weights[..ORDERLY - 1].fill(0);
        self.weights[ORDERLY - 1] = self.chance.within(0..=10);
        self.weights[ORDERLY] = self.chance.within(1..=10);
        self
    }

    /// Whether no record arrives or leaves.
    pub fn has_moves_only(&self) -> bool {
        self.weights[..ORDERLY - 1].iter().all(|&weight| weight == 0)
    }

    /// Whether records may change their place.
    pub fn reorders(&self) -> bool {
        self.weights[ORDERLY - 1..].iter().any(|&weight| weight > 0)
    }

    /// Up to `changes` changes: often mostly of one kind, sometimes of all kinds.
    pub fn drawn(mut chance: Chance, changes: u64) -> Self {
        let mixed = chance.happens(0.5);
        let only = chance.index(ORDERLY);
        // Arrivals together with departures hide losses from totals, so every kind may happen at least rarely.
        let weight = |index: usize, chance: &mut Chance| match (mixed, index == only) {
            (true, _) => chance.within(0..=10),
            (false, true) => 20,
            (false, false) => chance.within(0..=1),
        };
        let mut weights: Vec<u64> = (0..ORDERLY).map(|index| weight(index, &mut chance)).collect();
        weights.push(0);
        let burst = chance.pick(&[1, 2, 5, 40]);
        let frequency = chance.pick(&[0.1, 0.5, 1.0]);
        Self { chance, weights, burst, frequency, left: changes }
    }

    /// Changes `list` as it changes before the next request.
    pub fn apply(&mut self, list: &mut MovingList) {
        if !self.chance.happens(self.frequency) {
            return;
        }
        let changes = self.chance.within(1..=self.burst).min(self.left);
        self.left -= changes;
        for _ in 0..changes {
            self.change(list);
        }
    }

    fn change(&mut self, list: &mut MovingList) {
        let chance = &mut self.chance;
        let length = list.len();
        let total: u64 = self.weights.iter().sum();
        if total == 0 {
            return;
        }
        let mut drawn = chance.within(0..=total - 1);
        let chosen = self.weights.iter().position(|&weight| {
            let hit = drawn < weight;
            drawn = drawn.saturating_sub(weight);
            hit
        });
        match MOVEMENTS[chosen.unwrap_or(0)] {
            Movement::InFront => list.insert(0),
            Movement::Anywhere => list.insert(chance.index(length + 1)),
            Movement::AtEnd => list.insert(length),
            _ if length == 0 => {}
            Movement::NearFrontGone => list.remove(chance.index(length.div_ceil(4))),
            Movement::AnywhereGone => list.remove(chance.index(length)),
            Movement::LastGone => list.remove(length - 1),
            Movement::Touched => list.touch(chance.index(length)),
            Movement::MovedDown => {
                let (count, distance) = (chance.pick(&[1, 1, 3, 20]), chance.index(length));
                list.move_down(chance.index(length), count, distance);
            }
        }
    }
}
