//! The directory at an archive's end (APPNOTE 4.3.11 to 4.3.16), against what stood before the entries.

use super::local_header::{ContentDigest, SIGNATURE, ZIP64, low_half, u16_at, u32_at, u64_at, zip64};
use crate::hash;

/// Bytes of an entry's header in the directory, before its name.
const FIXED: usize = 46;
/// Longest record that is waited for: those that have a length of their own hold keys and the like.
const MAX_RECORD_LENGTH: u64 = 1 << 20;

/// What stands in the directory.
#[derive(Debug, PartialEq, Eq)]
pub enum DirectoryRecord {
    /// Not enough to tell.
    Incomplete,
    /// An entry's header, of so many bytes, and what it tells as a number.
    Entry {
        length: usize,
        hash: u64,
    },
    /// Something else that belongs there, of so many bytes.
    Ignored(usize),
    /// The end, and how many entries there are by it, as far as 16 bits say.
    End {
        entries: u16,
    },
    Other,
}

/// Reads what `bytes` begin with.
pub fn read(bytes: &[u8]) -> DirectoryRecord {
    if bytes.len() < SIGNATURE {
        return DirectoryRecord::Incomplete;
    }
    let found = match bytes {
        [b'P', b'K', 1, 2, ..] => entry(bytes),
        [b'P', b'K', 5, 5, ..] => u16_at(bytes, 4).and_then(|size| ignored(bytes, 6, u64::from(size))),
        [b'P', b'K', 6, 8, ..] => u32_at(bytes, 4).and_then(|size| ignored(bytes, 8, u64::from(size))),
        [b'P', b'K', 6, 6, ..] => u64_at(bytes, 4).and_then(|size| ignored(bytes, 12, size)),
        [b'P', b'K', 6, 7, ..] => ignored(bytes, 20, 0),
        // The comment behind it is of no interest.
        [b'P', b'K', 5, 6, ..] => {
            u16_at(bytes, 20).and(u16_at(bytes, 10)).map(|entries| DirectoryRecord::End { entries })
        }
        _ => Some(DirectoryRecord::Other),
    };
    found.unwrap_or(DirectoryRecord::Incomplete)
}

/// A record of fixed and more bytes, if it is there.
fn ignored(bytes: &[u8], fixed: usize, more: u64) -> Option<DirectoryRecord> {
    if more > MAX_RECORD_LENGTH {
        return Some(DirectoryRecord::Other);
    }
    let length = fixed.saturating_add(usize::try_from(more).ok()?);
    (bytes.len() >= length).then_some(DirectoryRecord::Ignored(length))
}

fn entry(bytes: &[u8]) -> Option<DirectoryRecord> {
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
    let length_of = if is_long { zip64(extras, 0).map_or(unpacked, low_half) } else { unpacked };
    let packed =
        if packed == ZIP64 { zip64(extras, usize::from(is_long)).map_or(packed, low_half) } else { packed };
    let hash = hash(identity(name, method), packed, ContentDigest { crc, length: length_of });
    Some(DirectoryRecord::Entry { length, hash })
}

/// An entry's name and method as a number.
pub fn identity(name: &[u8], method: u16) -> u64 {
    hash::with_bytes(u64::from(method), name)
}

/// What is directory_check of an entry as a number.
pub fn hash(identity: u64, packed: u32, digest: ContentDigest) -> u64 {
    let both = |high: u32, low_half: u32| u64::from(high) << 32 | u64::from(low_half);
    hash::with(hash::with(identity, both(packed, digest.length)), u64::from(digest.crc))
}

/// What the entries' headers have directory_check less what the directory has.
#[derive(Debug, Default)]
pub struct DirectoryCheck {
    sum: u64,
    entries: u64,
    /// Entries in the directory.
    listed: u64,
}

impl DirectoryCheck {
    /// Takes what the header of an entry directory_check.
    pub fn add_entry(&mut self, hash: u64) {
        self.sum = self.sum.wrapping_add(hash);
        self.entries = self.entries.wrapping_add(1);
    }

    /// Takes what the directory directory_check of one.
    pub fn add_listed(&mut self, hash: u64) {
        self.sum = self.sum.wrapping_sub(hash);
        self.listed = self.listed.wrapping_add(1);
    }

    /// Whether both have directory_check the same, at the directory's end, which counts so many entries in 16 bits; all of them set refer to
    /// a record for larger archives.
    pub fn agrees(&self, entries: u16) -> bool {
        let counted = u16::try_from(self.listed & u64::from(u16::MAX)).unwrap_or_default();
        self.sum == 0 && self.entries == self.listed && (entries == counted || entries == u16::MAX)
    }
}
