//! Equal byte strings get equal small numbers.

use crate::hash;

/// Byte strings, numbered from 0 in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interner {
    /// All of them, one behind the other.
    bytes: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
    /// An open table, at most half full, of numbers plus one.
    slots: Vec<u32>,
}

impl Interner {
    /// The number of these bytes, and whether they are new.
    pub(crate) fn number(&mut self, text: &[u8]) -> (u32, bool) {
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let slot = self.slot(text);
        let held = self.slots.get(slot).copied().unwrap_or(0);
        if held > 0 {
            return (held - 1, false);
        }
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX - 1);
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
        if let Some(free) = self.slots.get_mut(slot) {
            *free = number + 1;
        }
        (number, true)
    }

    /// The bytes of a number.
    pub(crate) fn get(&self, number: u32) -> &[u8] {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// The slot that holds these bytes, or the free one where they belong.
    fn slot(&self, text: &[u8]) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        let hash = hash::with_bytes(0, text) & 0xffff_ffff;
        let mut slot = usize::try_from(hash).unwrap_or(0) & mask;
        while let Some(&held) = self.slots.get(slot)
            && held > 0
            && self.get(held - 1) != text
        {
            slot = (slot + 1) & mask;
        }
        slot
    }

    #[cold]
    fn grow(&mut self) {
        let count = u32::try_from(self.ends.len()).unwrap_or(u32::MAX - 1);
        self.slots = vec![0; (self.slots.len() * 2).max(16)];
        for number in 0..count {
            let slot = self.slot(self.get(number));
            if let Some(free) = self.slots.get_mut(slot) {
                *free = number + 1;
            }
        }
    }
}
