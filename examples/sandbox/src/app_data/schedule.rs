//! When each record was recorded and updated, and its user.

use super::Size;
use super::batch_type::BatchType;
use super::entry::Entry;
use super::traits;
use crate::draw::{Draw, purpose};

/// The number of entries of a type at the start.
#[must_use]
pub fn count(batch_type: BatchType, size: Size) -> u64 {
    let count = size.records * batch_type.share() / 1000;
    match batch_type {
        // Each person has each trait once.
        BatchType::GeneticTraits => count.min(u64::from(size.users) * traits::COUNT),
        _ => count,
    }
}

/// All entries of a type, sorted by update.
#[must_use]
pub fn entries(batch_type: BatchType, seed: u64, now: i64, size: Size) -> Vec<Entry> {
    let name = purpose(batch_type.name());
    let mut entries: Vec<Entry> = (0..count(batch_type, size))
        .map(|index| {
            let entry = entry(&mut Draw::new(seed, &[name, index]), now, size);
            match batch_type {
                // The traits of one person after the other.
                BatchType::GeneticTraits => Entry { key: index, user: traits::owner(index), ..entry },
                _ => entry,
            }
        })
        .collect();
    entries.sort_unstable_by_key(Entry::place);
    entries
}

fn entry(draw: &mut Draw, now: i64, size: Size) -> Entry {
    let first = now - size.days * 86_400 + 4 * 3600;
    // A phone sends all of its new records at once, so that many share a second, and some of them its first
    // millisecond.
    let mut seen = draw.between(first, now - 1);
    if draw.chance(0.3) {
        seen -= seen % 600;
    }
    let milliseconds = if draw.chance(0.1) { 0 } else { draw.between(0, 999) };
    let created = (seen * 1000 + milliseconds).max(first * 1000);
    // An edit in the future has not been made yet.
    let edited = draw.chance(0.12).then(|| created + draw.between(60_000, 12 * 86_400_000));
    let updated = edited.filter(|edited| *edited < now * 1000).unwrap_or(created);
    let at = created / 1000 - draw.between(40, 4 * 3600);
    Entry { updated, key: draw.bits(), at, created, user: draw.between(0, i64::from(size.users) - 1) as u32 }
}
