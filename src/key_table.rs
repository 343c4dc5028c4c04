//! A hash table of keys that are hashes, or ids that are as good as hashes.
//!
//! It is a fraction of the standard library's in WebAssembly (docs/decisions/0009-size.md), and takes a byte less for
//! each key.

/// A key: a number whose bits, once mixed, are spread evenly.
pub trait TableKey: Copy + Default + PartialEq {
    /// 64 bits of the key, well mixed.
    fn mixed(self) -> u64;
}

impl TableKey for u128 {
    fn mixed(self) -> u64 {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = self.to_be_bytes();
        let high = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        let low = u64::from_be_bytes([i, j, k, l, m, n, o, p]);
        // Each half is finished by itself, so that halves that count up together do not cancel each other out.
        (low ^ high.mixed()).mixed()
    }
}

impl TableKey for u64 {
    /// The finalizer of MurmurHash3.
    fn mixed(self) -> u64 {
        let mut value = (self ^ self >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
        value = (value ^ value >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        value ^ value >> 33
    }
}

/// Keys, each with a value; without one, a set. Open addressing with linear probing, at most seven eighths full.
#[derive(Clone, Debug)]
pub struct KeyTable<K, V = ()> {
    /// A power of two, or empty. The default key is a free slot.
    slots: Vec<(K, V)>,
    /// How many slots are taken.
    taken: usize,
    /// The value of the default key, which can take no slot.
    of_default: Option<V>,
}

impl<K, V> Default for KeyTable<K, V> {
    fn default() -> Self {
        Self { slots: Vec::new(), taken: 0, of_default: None }
    }
}

impl<K: TableKey, V: Copy + Default> KeyTable<K, V> {
    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.taken.saturating_add(usize::from(self.of_default.is_some()))
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key.
    pub fn get(&self, key: K) -> Option<V> {
        if key == K::default() {
            return self.of_default;
        }
        self.slots.get(self.slot_of(key)).filter(|(own, _)| *own == key).map(|(_, value)| *value)
    }

    /// Whether the key is there.
    pub fn contains(&self, key: K) -> bool {
        self.get(key).is_some()
    }

    /// Sets the value of a key. Returns the one that it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        if key == K::default() {
            return self.of_default.replace(value);
        }
        if self.taken >= most_in(self.slots.len()) {
            self.resize(self.slots.len().saturating_mul(2).max(16));
        }
        let slot = self.slot_of(key);
        let slot = self.slots.get_mut(slot)?;
        let (before, old) = std::mem::replace(slot, (key, value));
        if before == key {
            return Some(old);
        }
        self.taken = self.taken.saturating_add(1);
        None
    }

    /// Makes room for so many more keys at once.
    pub fn reserve(&mut self, more: usize) {
        let wanted = self.taken.saturating_add(more);
        let mut size = self.slots.len().max(16);
        while most_in(size) < wanted {
            size = size.saturating_mul(2);
        }
        if size > self.slots.len() {
            self.resize(size);
        }
    }

    /// Drops all keys but those that `is_kept`.
    pub fn retain(&mut self, mut is_kept: impl FnMut(K) -> bool) {
        let of_default = self.of_default.filter(|_| is_kept(K::default()));
        let mut kept = Self { of_default, ..Self::default() };
        for &(key, value) in self.slots.iter().filter(|(key, _)| *key != K::default()) {
            if is_kept(key) {
                kept.insert(key, value);
            }
        }
        *self = kept;
    }

    /// All keys with their values, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (K, V)> {
        let of_default = self.of_default.map(|value| (K::default(), value));
        let taken = self.slots.iter().copied().filter(|(key, _)| *key != K::default());
        of_default.into_iter().chain(taken)
    }

    /// The slot that has the key, or the free one that would take it.
    fn slot_of(&self, key: K) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = usize::try_from(key.mixed() & 0xffff_ffff).unwrap_or_default() & mask;
        while self.slots.get(slot).is_some_and(|(own, _)| *own != key && *own != K::default()) {
            slot = slot.wrapping_add(1) & mask;
        }
        slot
    }

    #[cold]
    fn resize(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.slots, vec![(K::default(), V::default()); size]);
        for entry in old.into_iter().filter(|(key, _)| *key != K::default()) {
            let slot = self.slot_of(entry.0);
            if let Some(slot) = self.slots.get_mut(slot) {
                *slot = entry;
            }
        }
    }
}

impl<K: TableKey> KeyTable<K> {
    /// Adds a key to the set. Returns whether it is new.
    pub fn add(&mut self, key: K) -> bool {
        self.insert(key, ()).is_none()
    }
}

impl<K: TableKey> Extend<K> for KeyTable<K> {
    fn extend<I: IntoIterator<Item = K>>(&mut self, keys: I) {
        for key in keys {
            self.add(key);
        }
    }
}

impl<K: TableKey> FromIterator<K> for KeyTable<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut table = Self::default();
        table.extend(keys);
        table
    }
}

/// How many keys this many slots hold: at least one slot stays free, where every search ends.
fn most_in(slots: usize) -> usize {
    slots.saturating_sub(slots / 8).min(slots.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;
    use std::collections::HashMap;

    #[test]
    fn keys_that_count_up_in_both_halves_are_spread() {
        let mut table = KeyTable::<u128>::default();
        table.extend((0..1000).map(|n: u128| n << 64 | n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32));
        assert_eq!(table.len(), 1000);
        let mixed: KeyTable<u64> = table.iter().map(|(key, ())| key.mixed() & 0xffff).collect();
        assert!(mixed.len() > 980, "{}", mixed.len());
    }

    #[test]
    fn room_that_is_made_holds_as_many_without_another_allocation() {
        let mut table = KeyTable::<u128>::default();
        table.reserve(57_344);
        let size = table.slots.len();
        assert_eq!(size, 65_536);
        table.extend(1..=57_344);
        assert_eq!((table.len(), table.slots.len()), (57_344, size));
        table.add(60_000);
        assert_eq!(table.slots.len(), 2 * size);
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Insert(u64, u8),
        Reserve(u8),
        RetainBelow(u64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        // Few keys, so that they come again and collide.
        let key = || prop_oneof![0..40_u64, Just(0), (0..40_u64).prop_map(|n| n << 58)];
        let step = prop_oneof![
            12 => (key(), any::<u8>()).prop_map(|(key, value)| Step::Insert(key, value)),
            1 => any::<u8>().prop_map(Step::Reserve),
            1 => key().prop_map(Step::RetainBelow),
        ];
        proptest::collection::vec(step, 0..200)
    }

    proptest! {
        #[test]
        fn it_is_the_same_as_the_standard_librarys(steps in steps()) {
            let (mut table, mut oracle) = (KeyTable::<u64, u8>::default(), HashMap::new());
            for step in steps {
                match step {
                    Step::Insert(key, value) => prop_assert_eq!(table.insert(key, value), oracle.insert(key, value)),
                    Step::Reserve(more) => table.reserve(usize::from(more)),
                    Step::RetainBelow(bound) => {
                        table.retain(|key| key < bound);
                        oracle.retain(|key, _| *key < bound);
                    }
                }
                prop_assert_eq!((table.len(), table.is_empty()), (oracle.len(), oracle.is_empty()));
            }
            prop_assert_eq!(&table.iter().collect::<HashMap<_, _>>(), &oracle);
            for key in (0..64).chain((0..64).map(|n| n << 58)) {
                prop_assert_eq!(table.get(key), oracle.get(&key).copied());
                prop_assert_eq!(table.contains(key), oracle.contains_key(&key));
            }
        }
    }
}
