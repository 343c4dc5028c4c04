//! The directory at an archive's end (APPNOTE 4.3.11 to 4.3.16), against what stood before the entries.

use super::local_header::{SIGNATURE, Sums, ZIP64, low, u16_at, u32_at, u64_at, zip64};
use crate::hash;

/// Bytes of an entry's header in the directory, before its name.
const FIXED: usize = 46;
/// Longest record that is waited for: those that have a length of their own hold keys and the like.
const LONGEST: u64 = 1 << 20;

/// What stands in the directory.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Not enough to tell.
    More,
    /// An entry's header, of so many bytes, and what it tells as a number.
    Entry {
        length: usize,
        hash: u64,
    },
    /// Something else that belongs there, of so many bytes.
    Passed(usize),
    /// The end, and how many entries there are by it, as far as 16 bits say.
    End {
        entries: u16,
    },
    Other,
}

/// Reads what `bytes` begin with.
pub fn read(bytes: &[u8]) -> Found {
    if bytes.len() < SIGNATURE {
        return Found::More;
    }
    let found = match bytes {
        [b'P', b'K', 1, 2, ..] => entry(bytes),
        [b'P', b'K', 5, 5, ..] => u16_at(bytes, 4).and_then(|size| passed(bytes, 6, u64::from(size))),
        [b'P', b'K', 6, 8, ..] => u32_at(bytes, 4).and_then(|size| passed(bytes, 8, u64::from(size))),
        [b'P', b'K', 6, 6, ..] => u64_at(bytes, 4).and_then(|size| passed(bytes, 12, size)),
        [b'P', b'K', 6, 7, ..] => passed(bytes, 20, 0),
        // The comment behind it is of no interest.
        [b'P', b'K', 5, 6, ..] => {
            u16_at(bytes, 20).and(u16_at(bytes, 10)).map(|entries| Found::End { entries })
        }
        _ => Some(Found::Other),
    };
    found.unwrap_or(Found::More)
}

/// A record of fixed and more bytes, if it is there.
fn passed(bytes: &[u8], fixed: usize, more: u64) -> Option<Found> {
    if more > LONGEST {
        return Some(Found::Other);
    }
    let length = fixed.saturating_add(usize::try_from(more).ok()?);
    (bytes.len() >= length).then_some(Found::Passed(length))
}

fn entry(bytes: &[u8]) -> Option<Found> {
    let method = u16_at(bytes, 10)?;
    let crc = u32_at(bytes, 16)?;
    let packed = u32_at(bytes, 20)?;
    let unpacked = u32_at(bytes, 24)?;
    let name = usize::from(u16_at(bytes, 28)?);
    let extra = usize::from(u16_at(bytes, 30)?);
    let comment = usize::from(u16_at(bytes, 32)?);
    let extras = FIXED.saturating_add(name);
    let comments = extras.saturating_add(extra);
    let length = comments.saturating_add(comment);
    bytes.get(..length)?;
    let (name, extras) = (bytes.get(FIXED..extras)?, bytes.get(extras..comments)?);
    let is_long = unpacked == ZIP64;
    let length_of = if is_long { zip64(extras, 0).map_or(unpacked, low) } else { unpacked };
    let packed =
        if packed == ZIP64 { zip64(extras, usize::from(is_long)).map_or(packed, low) } else { packed };
    let hash = hash(identity(name, method), packed, Sums { crc, length: length_of });
    Some(Found::Entry { length, hash })
}

/// An entry's name and method as a number.
pub fn identity(name: &[u8], method: u16) -> u64 {
    hash::with_bytes(u64::from(method), name)
}

/// What is told of an entry as a number.
pub fn hash(identity: u64, packed: u32, sums: Sums) -> u64 {
    let both = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
    hash::with(hash::with(identity, both(packed, sums.length)), u64::from(sums.crc))
}

/// What the entries' headers have told less what the directory has.
#[derive(Debug, Default)]
pub struct Told {
    sum: u64,
    entries: u64,
    /// Entries in the directory.
    listed: u64,
}

impl Told {
    /// Takes what the header of an entry told.
    pub fn add(&mut self, hash: u64) {
        self.sum = self.sum.wrapping_add(hash);
        self.entries = self.entries.wrapping_add(1);
    }

    /// Takes what the directory told of one.
    pub fn take_away(&mut self, hash: u64) {
        self.sum = self.sum.wrapping_sub(hash);
        self.listed = self.listed.wrapping_add(1);
    }

    /// Whether both have told the same, at the directory's end, which counts so many entries in 16 bits; all of them set refer to
    /// a record for larger archives.
    pub fn is_settled(&self, entries: u16) -> bool {
        let counted = u16::try_from(self.listed & u64::from(u16::MAX)).unwrap_or_default();
        self.sum == 0 && self.entries == self.listed && (entries == counted || entries == u16::MAX)
    }
}
