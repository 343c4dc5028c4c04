//! Reads the central directory at an archive's end (APPNOTE 4.3.11 to 4.3.16), and compares it with the local
//! headers.

use super::local_header::{EntryFields, SIGNATURE, ZIP64, low_half, u16_at, u32_at, u64_at};
use crate::crc::ContentDigest;
use crate::hash;

/// Bytes of an entry's header in the directory before its name.
const FIXED: usize = 46;
/// A longer record counts as damage: those with a length of their own are small, such as keys.
const MAX_RECORD_LENGTH: u64 = 1 << 20;

#[derive(Debug, PartialEq, Eq)]
pub enum DirectoryRecord {
    /// There are not enough bytes to tell.
    Incomplete,
    /// An entry's header of this length, and the hash of what it says.
    Entry {
        length: usize,
        hash: u64,
    },
    /// Another record that belongs here, of this length.
    Ignored(usize),
    /// The end of the directory, and the lower 16 bits of the number of its entries.
    End {
        entries: u16,
    },
    Other,
}

/// Reads the record at the start of `bytes`.
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
        // The comment after it is not read.
        [b'P', b'K', 5, 6, ..] => {
            u16_at(bytes, 20).and(u16_at(bytes, 10)).map(|entries| DirectoryRecord::End { entries })
        }
        _ => Some(DirectoryRecord::Other),
    };
    found.unwrap_or(DirectoryRecord::Incomplete)
}

/// A record of `fixed` and `more` bytes, if it is complete.
fn ignored(bytes: &[u8], fixed: usize, more: u64) -> Option<DirectoryRecord> {
    if more > MAX_RECORD_LENGTH {
        return Some(DirectoryRecord::Other);
    }
    let length = fixed.saturating_add(usize::try_from(more).ok()?);
    (bytes.len() >= length).then_some(DirectoryRecord::Ignored(length))
}

fn entry(bytes: &[u8]) -> Option<DirectoryRecord> {
    let fields = EntryFields::read(bytes.get(8..)?)?;
    let extras = FIXED.saturating_add(fields.name);
    let comments = extras.saturating_add(fields.extra);
    let length = comments.saturating_add(usize::from(u16_at(bytes, 32)?));
    bytes.get(..length)?;
    let (name, extras) = (bytes.get(FIXED..extras)?, bytes.get(extras..comments)?);
    let (compressed, digest) = fields.sizes(extras);
    let hash = hash(identity(name, fields.method), compressed.map_or(ZIP64, low_half), digest);
    Some(DirectoryRecord::Entry { length, hash })
}

/// Hash of an entry's name and method.
pub fn identity(name: &[u8], method: u16) -> u64 {
    hash::with_bytes(u64::from(method), name)
}

/// Hash of all that a header says of an entry.
pub fn hash(identity: u64, compressed: u32, digest: ContentDigest) -> u64 {
    let both = |high: u32, low_half: u32| u64::from(high) << 32 | u64::from(low_half);
    hash::with(hash::with(identity, both(compressed, digest.length)), u64::from(digest.crc))
}

/// Compares what the local headers say with what the directory says, without keeping either: the hashes of one are
/// added, and those of the other subtracted.
#[derive(Debug, Default)]
pub struct DirectoryCheck {
    difference: u64,
    entries: u64,
    listed: u64,
}

impl DirectoryCheck {
    /// Adds an entry by its local header.
    pub fn add_entry(&mut self, hash: u64) {
        self.difference = self.difference.wrapping_add(hash);
        self.entries = self.entries.wrapping_add(1);
    }

    /// Adds an entry of the directory.
    pub fn add_listed(&mut self, hash: u64) {
        self.difference = self.difference.wrapping_sub(hash);
        self.listed = self.listed.wrapping_add(1);
    }

    /// Whether both said the same. The end of the directory counts so many `entries` in 16 bits; all bits are set if
    /// a zip64 record counts them.
    pub fn agrees(&self, entries: u16) -> bool {
        let counted = u16::try_from(self.listed & u64::from(u16::MAX)).unwrap_or_default();
        self.difference == 0 && self.entries == self.listed && (entries == counted || entries == u16::MAX)
    }
}
