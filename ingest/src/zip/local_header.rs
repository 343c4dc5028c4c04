//! Reads the local header of an entry (APPNOTE 4.3.7), and recognizes what else can be in its place.

use super::error::ZipError;
use crate::crc::ContentDigest;

pub const SIGNATURE: usize = 4;
/// Bytes of a header before the name.
pub const FIXED: usize = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompressionMethod {
    Stored,
    /// A raw deflate stream (RFC 1951), without a zlib header.
    Deflated,
}

impl CompressionMethod {
    /// Its number in the format.
    pub fn number(self) -> u16 {
        match self {
            Self::Stored => 0,
            Self::Deflated => 8,
        }
    }
}

pub struct LocalHeader {
    pub length: usize,
    /// Bytes of the name, which begins at [`FIXED`].
    pub name: usize,
    pub method: CompressionMethod,
    /// Compressed size; `None` if only a descriptor after the data has it.
    pub size: Option<u64>,
    /// The compressed size in the header, whether or not a descriptor follows.
    pub declared: u64,
    /// What the header says of the content. If a descriptor follows, that counts instead.
    pub digest: ContentDigest,
}

/// What is in the place of an entry.
pub enum LocalRecord {
    /// There are not enough bytes to tell.
    Incomplete,
    Entry(LocalHeader),
    /// An entry that cannot be read.
    Refused(ZipError),
    /// The directory: there are no more entries.
    Directory,
    /// The mark of an archive that was meant to be split and was not (APPNOTE 8.5.4).
    SpanMarker,
    Other,
}

/// General purpose flags: the three forms of encryption, and a descriptor after the data.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const DESCRIPTOR: u16 = 1 << 3;
/// In place of a size: it is in the zip64 extra field.
pub const ZIP64: u32 = u32::MAX;

/// Whether an entry can end before `bytes`: another one begins, or the directory.
pub fn follows_an_entry(bytes: &[u8]) -> bool {
    matches!(bytes, [b'P', b'K', 3, 4, ..]) || is_directory(bytes)
}

/// Whether a source that begins with `first` is a zip archive; `None` if there are fewer than four bytes.
pub(crate) fn is_zip(first: &[u8]) -> Option<bool> {
    match first {
        [b'P', b'K', 3, 4, ..]
        | [b'P', b'K', 5, 6, ..]
        | [b'P', b'K', 7, 8, ..]
        | [b'P', b'K', b'0', b'0', ..] => Some(true),
        [] | [b'P'] | [b'P', b'K'] | [b'P', b'K', 3 | 5 | 7 | b'0'] => None,
        _ => Some(false),
    }
}

/// Whether these bytes, four or fewer, may begin an archive.
pub fn may_begin(bytes: &[u8]) -> bool {
    !bytes.is_empty() && is_zip(bytes) != Some(false)
}

/// Whether the directory begins here: an entry of it, a signature or keys before it, or an end record if it is empty.
fn is_directory(bytes: &[u8]) -> bool {
    matches!(bytes, [b'P', b'K', 1, 2, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 6, 6 | 8, ..])
}

/// Reads what `bytes` begin with.
pub fn read(bytes: &[u8]) -> LocalRecord {
    if bytes.len() < SIGNATURE {
        return LocalRecord::Incomplete;
    }
    if is_directory(bytes) {
        return LocalRecord::Directory;
    }
    match bytes {
        [b'P', b'K', 3, 4, ..] => entry(bytes).unwrap_or(LocalRecord::Incomplete),
        [b'P', b'K', 7, 8, ..] | [b'P', b'K', b'0', b'0', ..] => LocalRecord::SpanMarker,
        _ => LocalRecord::Other,
    }
}

/// What an entry's local header and its header in the directory both have, in the same order.
pub struct EntryFields {
    flags: u16,
    pub method: u16,
    crc: u32,
    compressed: u32,
    uncompressed: u32,
    pub name: usize,
    pub extra: usize,
}

impl EntryFields {
    /// Reads them from where the flags are.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.first_chunk::<24>()?;
        Some(Self {
            flags: u16_at(bytes, 0)?,
            method: u16_at(bytes, 2)?,
            crc: u32_at(bytes, 8)?,
            compressed: u32_at(bytes, 12)?,
            uncompressed: u32_at(bytes, 16)?,
            name: usize::from(u16_at(bytes, 20)?),
            extra: usize::from(u16_at(bytes, 22)?),
        })
    }

    /// The compressed size, `None` if it should be in the extra fields and is not; and what is said of the content.
    pub fn sizes(&self, extras: &[u8]) -> (Option<u64>, ContentDigest) {
        let is_long = self.uncompressed == ZIP64;
        let length = if is_long { zip64(extras, 0).map_or(ZIP64, low_half) } else { self.uncompressed };
        let is_short = self.compressed != ZIP64;
        let compressed =
            if is_short { Some(self.compressed.into()) } else { zip64(extras, usize::from(is_long)) };
        (compressed, ContentDigest { crc: self.crc, length })
    }
}

/// `None` if `bytes` end within the header.
fn entry(bytes: &[u8]) -> Option<LocalRecord> {
    let fields = EntryFields::read(bytes.get(6..)?)?;
    if fields.flags & ENCRYPTED != 0 {
        return Some(LocalRecord::Refused(ZipError::Encrypted));
    }
    let method = match fields.method {
        0 => CompressionMethod::Stored,
        8 => CompressionMethod::Deflated,
        other => return Some(LocalRecord::Refused(ZipError::Method(other))),
    };
    let extras = FIXED.saturating_add(fields.name);
    let length = extras.saturating_add(fields.extra);
    let (declared, digest) = fields.sizes(bytes.get(extras..length)?);
    let size = match declared {
        _ if fields.flags & DESCRIPTOR != 0 => None,
        None => return Some(LocalRecord::Refused(ZipError::Damaged)),
        size => size,
    };
    let declared = declared.unwrap_or(0);
    Some(LocalRecord::Entry(LocalHeader { length, name: fields.name, method, size, declared, digest }))
}

/// The number with this index in the zip64 extra field, which has all numbers that do not fit their places, in order.
#[inline(never)]
fn zip64(mut extras: &[u8], before: usize) -> Option<u64> {
    loop {
        let id = u16_at(extras, 0)?;
        let (field, rest) = extras.get(4..)?.split_at_checked(usize::from(u16_at(extras, 2)?))?;
        if id == 1 {
            return u64_at(field, before.saturating_mul(8));
        }
        extras = rest;
    }
}

/// All numbers of the format are little-endian.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The lower half of a number.
pub fn low_half(number: u64) -> u32 {
    u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default()
}
