//! A hash table of small numbers. It knows hashes and slots; what the numbers stand for, its owner knows.

/// Open addressing, at most half full. Holds numbers below `u32::MAX`.
#[derive(Clone, Debug, Default)]
pub(crate) struct SlotTable {
    /// Each number plus one; 0 is free. A power of two.
    slots: Vec<u32>,
    count: usize,
}

impl SlotTable {
    pub(crate) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.count = 0;
    }

    /// The number in the table that stands for the same, by `is_same`; if there is none, puts `number` in and gives
    /// `None`. `hash` is the number's, and `hash_of` gives that of any number in the table.
    #[inline]
    pub(crate) fn find_or_insert(
        &mut self,
        number: u32,
        hash: u64,
        is_same: impl Fn(u32) -> bool,
        hash_of: impl Fn(u32) -> u64,
    ) -> Option<u32> {
        if self.count * 2 >= self.slots.len() {
            self.grow(hash_of);
        }
        let mut slot = self.first_slot(hash);
        while let Some(taken) = self.slots.get(slot).and_then(|taken| taken.checked_sub(1)) {
            if is_same(taken) {
                return Some(taken);
            }
            slot = self.next_slot(slot);
        }
        self.put(slot, number);
        self.count += 1;
        None
    }

    #[cold]
    fn grow(&mut self, hash_of: impl Fn(u32) -> u64) {
        let size = (self.slots.len() * 2).max(16);
        for taken in std::mem::replace(&mut self.slots, vec![0; size]) {
            let Some(number) = taken.checked_sub(1) else { continue };
            let mut slot = self.first_slot(hash_of(number));
            while self.slots.get(slot).is_some_and(|&taken| taken > 0) {
                slot = self.next_slot(slot);
            }
            self.put(slot, number);
        }
    }

    fn first_slot(&self, hash: u64) -> usize {
        usize::try_from(hash & 0xffff_ffff).unwrap_or(0) & self.slots.len().wrapping_sub(1)
    }

    fn next_slot(&self, slot: usize) -> usize {
        (slot + 1) & self.slots.len().wrapping_sub(1)
    }

    fn put(&mut self, slot: usize, number: u32) {
        if let Some(free) = self.slots.get_mut(slot) {
            *free = number + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        #[test]
        fn it_finds_what_a_map_finds(keys in prop::collection::vec(0..200_u64, 0..400), spread in prop_oneof![Just(0), Just(1), Just(u64::MAX / 3)]) {
            let (mut table, mut map) = (SlotTable::default(), HashMap::new());
            // With `spread` 0 all share a slot.
            let hash = |index: u32| keys[index as usize].wrapping_mul(spread);
            for (index, &key) in (0..).zip(&keys) {
                let found = table.find_or_insert(index, hash(index), |other| keys[other as usize] == key, hash);
                prop_assert_eq!(found, map.get(&key).copied());
                map.entry(key).or_insert(index);
            }
            prop_assert_eq!(table.is_empty(), map.is_empty());
        }
    }
}
