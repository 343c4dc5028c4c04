//! Equal byte strings get equal small numbers.

use crate::hash;
use crate::slot_table::SlotTable;

/// Byte strings, numbered from 0 in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interner {
    /// All of them, one after the other.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    table: SlotTable,
}

impl Interner {
    /// The number of these bytes, and whether they are new.
    pub(crate) fn number(&mut self, text: &[u8]) -> (u32, bool) {
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX - 1);
        let (bytes, ends) = (&self.bytes, &self.ends);
        let known = self.table.find_or_insert(
            number,
            hash::with_bytes(0, text),
            |other| entry(bytes, ends, other) == text,
            |other| hash::with_bytes(0, entry(bytes, ends, other)),
        );
        if let Some(known) = known {
            return (known, false);
        }
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
        (number, true)
    }

    pub(crate) fn get(&self, number: u32) -> &[u8] {
        entry(&self.bytes, &self.ends, number)
    }
}

fn entry<'bytes>(bytes: &'bytes [u8], ends: &[usize], number: u32) -> &'bytes [u8] {
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    let start = index.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let end = ends.get(index).copied().unwrap_or(start);
    bytes.get(start..end).unwrap_or_default()
}
