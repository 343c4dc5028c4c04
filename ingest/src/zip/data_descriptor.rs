//! Finds the end of an entry whose size was not known when its header was written.
//!
//! A data descriptor follows such an entry (APPNOTE 4.3.9): an optional signature, the checksum, and the compressed
//! and the uncompressed size, in 4 or 8 bytes each. An entry ends where a descriptor gives the number of bytes so far
//! as the compressed size, and another entry or the directory follows. Data would have to match 32 bits twice to look
//! like that.

use super::local_header::{follows_an_entry, u32_at, u64_at};
use crate::crc::ContentDigest;

/// The longest descriptor and the signature after it, except for its last byte. So many bytes may belong to the end.
pub const MAX_END_LENGTH: usize = 24 + 3;

/// An entry that ends at its descriptor.
#[derive(Clone, Copy, Debug)]
pub struct UnsizedEntry {
    /// Bytes of it that were returned as data.
    consumed: u64,
    /// The size in its header, which also announces a descriptor; 0 if it has none.
    declared: u64,
    /// What its header says of the content.
    digest: ContentDigest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataEnd {
    /// Bytes of data before it.
    pub left: u64,
    /// Bytes of the descriptor.
    pub length: usize,
    /// What it says of the content.
    pub digest: ContentDigest,
}

impl UnsizedEntry {
    /// At the first byte of an entry's data.
    pub fn new(declared: u64, digest: ContentDigest) -> Self {
        Self { consumed: 0, declared, digest }
    }

    /// After so many more bytes of data.
    pub fn advance(self, bytes: usize) -> Self {
        Self { consumed: self.size(bytes), ..self }
    }

    /// Finds the entry's end in `rest`.
    pub fn end(&self, rest: &[u8]) -> Option<DataEnd> {
        let mut from = 0_usize;
        loop {
            from = from.saturating_add(rest.get(from..)?.iter().position(|&byte| byte == b'P')?);
            if follows_an_entry(rest.get(from..)?)
                && let Some((end, length)) = self.descriptor(rest, from)
            {
                let digest = self.digest_in(rest.get(end..from)?)?;
                return Some(DataEnd { left: u64::try_from(end).ok()?, length, digest });
            }
            from = from.saturating_add(1);
        }
    }

    /// Where the descriptor that ends at `next` begins, and its length.
    fn descriptor(&self, rest: &[u8], next: usize) -> Option<(usize, usize)> {
        let matching = |&length: &usize| {
            let begin = next.checked_sub(length)?;
            self.is_descriptor(rest.get(begin..next)?, self.size(begin)).then_some((begin, length))
        };
        [24, 16, 20, 12, 0].iter().find_map(matching)
    }

    fn is_descriptor(&self, bytes: &[u8], size: u64) -> bool {
        const SIGNATURE: u32 = u32::from_le_bytes([b'P', b'K', 7, 8]);
        // Some programs drop the upper bits of sizes that do not fit into 4 bytes.
        let short = u32::try_from(size & u64::from(u32::MAX)).ok();
        let is_signed = u32_at(bytes, 0) == Some(SIGNATURE);
        match bytes.len() {
            24 => is_signed && u64_at(bytes, 8) == Some(size),
            16 => is_signed && u32_at(bytes, 8) == short,
            20 => u64_at(bytes, 4) == Some(size),
            12 => u32_at(bytes, 4) == short,
            // The announced descriptor is missing, but the header has the size.
            _ => self.declared != 0 && self.declared == size,
        }
    }

    /// What the descriptor says of the content, or the header if there is none.
    fn digest_in(&self, bytes: &[u8]) -> Option<ContentDigest> {
        let (crc, length) = match bytes.len() {
            24 => (4, 16),
            16 => (4, 12),
            20 => (0, 12),
            12 => (0, 8),
            _ => return Some(self.digest),
        };
        Some(ContentDigest { crc: u32_at(bytes, crc)?, length: u32_at(bytes, length)? })
    }

    fn size(&self, more: usize) -> u64 {
        self.consumed.saturating_add(u64::try_from(more).unwrap_or(u64::MAX))
    }
}
