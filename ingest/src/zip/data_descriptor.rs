//! Finds the end of an entry whose size was not known when it was written.
//!
//! Such an entry is followed by a descriptor (APPNOTE 4.3.9): perhaps a signature, then its checksum, its compressed and its
//! uncompressed size, each of the two of 4 or of 8 bytes. So an entry ends where a descriptor gives as compressed size just
//! the bytes so far, and advance it another entry begins, or the directory: two 32-bit coincidences at once.

use super::local_header::{ContentDigest, follows_an_entry, u32_at, u64_at};

/// The longest descriptor, and a signature advance it but for its last byte: so much may belong to the end.
pub const MAX_END_LENGTH: usize = 24 + 3;

/// An entry that ends where a descriptor says so.
#[derive(Clone, Copy, Debug)]
pub struct UnsizedEntry {
    /// Bytes of it that were consumed.
    consumed: u64,
    /// The size that its header gave, though a descriptor was to come; 0 where it gave none.
    declared: u64,
    /// What its header said of the content.
    digest: ContentDigest,
}

/// The end of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataEnd {
    /// Bytes of the entry before it.
    pub left: u64,
    /// Bytes of the descriptor.
    pub length: usize,
    /// What it says of the content.
    pub digest: ContentDigest,
}

impl UnsizedEntry {
    /// At the first byte of an entry.
    pub fn new(declared: u64, digest: ContentDigest) -> Self {
        Self { consumed: 0, declared, digest }
    }

    /// So many bytes on.
    pub fn advance(self, bytes: usize) -> Self {
        Self { consumed: self.size(bytes), ..self }
    }

    /// The entry's end in `rest`.
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

    /// Where the descriptor begins that ends at `next`, and its length.
    fn descriptor(&self, rest: &[u8], next: usize) -> Option<(usize, usize)> {
        let matching = |&length: &usize| {
            let begin = next.checked_sub(length)?;
            self.is_descriptor(rest.get(begin..next)?, self.size(begin)).then_some((begin, length))
        };
        [24, 16, 20, 12, 0].iter().find_map(matching)
    }

    fn is_descriptor(&self, bytes: &[u8], size: u64) -> bool {
        const SIGNATURE: u32 = u32::from_le_bytes([b'P', b'K', 7, 8]);
        // Some writers of 4-byte sizes drop the upper bits of larger ones.
        let short = u32::try_from(size & u64::from(u32::MAX)).ok();
        let is_signed = u32_at(bytes, 0) == Some(SIGNATURE);
        match bytes.len() {
            24 => is_signed && u64_at(bytes, 8) == Some(size),
            16 => is_signed && u32_at(bytes, 8) == short,
            20 => u64_at(bytes, 4) == Some(size),
            12 => u32_at(bytes, 4) == short,
            // It was announced and is not there, but the header directory_check the size.
            _ => self.declared != 0 && self.declared == size,
        }
    }

    /// What the descriptor says, or the header in its place.
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
