//! A map in a sorted vector. A ledger keeps small maps: devices, months, the days of a month, a few hundred batches.
//! For these it is as fast as `BTreeMap`, of which every instance adds some kilobytes of WebAssembly.

/// A map whose entries are sorted by key.
#[derive(Clone, Debug)]
pub struct SortedMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        let position = self.position(key).ok()?;
        self.0.get(position).map(|(_, value)| value)
    }

    /// The value of a key, mutable.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let position = self.position(key).ok()?;
        self.0.get_mut(position).map(|(_, value)| value)
    }

    /// The value of a key, which `make` makes if there is none.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> Option<&mut V> {
        let position = match self.position(&key) {
            Ok(position) => position,
            Err(position) => {
                self.0.insert(position, (key, make()));
                position
            }
        };
        self.0.get_mut(position).map(|(_, value)| value)
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        match self.position(&key) {
            Ok(position) => {
                if let Some((_, known)) = self.0.get_mut(position) {
                    *known = value;
                }
            }
            Err(position) => self.0.insert(position, (key, value)),
        }
    }

    /// Removes a key.
    pub fn remove(&mut self, key: &K) {
        if let Ok(position) = self.position(key) {
            self.0.remove(position);
        }
    }

    /// All entries, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, (K, V)> {
        self.0.iter()
    }

    /// All entries, in order, with mutable values.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.0.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn position(&self, key: &K) -> Result<usize, usize> {
        // Most keys are inserted in order.
        match self.0.last() {
            Some((last, _)) if last < key => Err(self.0.len()),
            _ => self.0.binary_search_by(|(known, _)| known.cmp(key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_behaves_as_a_btree_map(steps in prop::collection::vec((0..3_u8, 0..20_u8, any::<u16>()), 0..60)) {
            let (mut sorted, mut oracle) = (SortedMap::default(), BTreeMap::new());
            for (step, key, value) in steps {
                match step {
                    0 => {
                        sorted.insert(key, value);
                        oracle.insert(key, value);
                    }
                    1 => {
                        sorted.remove(&key);
                        oracle.remove(&key);
                    }
                    _ => {
                        let made = sorted.get_or_insert_with(key, || value).copied();
                        prop_assert_eq!(made, Some(*oracle.entry(key).or_insert(value)));
                    }
                }
                prop_assert_eq!(sorted.get(&key), oracle.get(&key));
                prop_assert!(sorted.iter().map(|(key, value)| (key, value)).eq(&oracle));
                prop_assert_eq!((sorted.len(), sorted.is_empty()), (oracle.len(), oracle.is_empty()));
            }
        }
    }
}
