//! Archives of other programs, and in every form that the format allows.

mod central_directory;
mod entries;
mod export_detection;
mod export_zip;
mod properties;

use super::error::ZipError;
use super::local_header::CompressionMethod;
use super::reader::{ZipEvent, ZipReader};
use crate::crc::ContentDigest;
use crate::test_support::{deflate, pieces};
use flate2::read::DeflateDecoder;
use std::io::Read;

/// An entry after decompression.
#[derive(Clone, Debug, PartialEq, Eq)]
struct InflatedEntry {
    name: String,
    data: Vec<u8>,
}

fn entry(name: &str, data: &[u8]) -> InflatedEntry {
    InflatedEntry { name: name.to_owned(), data: data.to_vec() }
}

/// The entries of an archive that is fed in pieces of the given sizes, in turn.
fn unzip(archive: &[u8], sizes: &[usize]) -> Result<Vec<InflatedEntry>, ZipError> {
    let mut unzip = ZipReader::default();
    let mut entries = Vec::new();
    let mut open: Option<(String, CompressionMethod, Vec<u8>)> = None;
    for piece in pieces(archive, sizes) {
        unzip.feed(piece);
        while let Some(event) = unzip.next()? {
            match event {
                ZipEvent::EntryStart { name, method } => {
                    assert!(open.is_none());
                    open = Some((String::from_utf8(name.to_vec()).unwrap(), method, Vec::new()));
                }
                ZipEvent::Data(bytes) => {
                    assert!(!bytes.is_empty());
                    open.as_mut().unwrap().2.extend_from_slice(bytes);
                }
                ZipEvent::EntryEnd(digest) => {
                    let (name, method, packed) = open.take().unwrap();
                    let data = inflate(method, &packed);
                    if digest != digest_of(&data) {
                        return Err(ZipError::Damaged);
                    }
                    entries.push(InflatedEntry { name, data });
                }
            }
        }
    }
    unzip.finish().map(|()| entries)
}

/// All of `packed` must be the stream.
fn inflate(method: CompressionMethod, packed: &[u8]) -> Vec<u8> {
    if method == CompressionMethod::Stored {
        return packed.to_vec();
    }
    let mut data = Vec::new();
    let mut decoder = DeflateDecoder::new(packed);
    decoder.read_to_end(&mut data).unwrap();
    assert_eq!(usize::try_from(decoder.total_in()).unwrap(), packed.len());
    data
}

fn digest_of(data: &[u8]) -> ContentDigest {
    let mut crc = flate2::Crc::new();
    crc.update(data);
    ContentDigest { crc: crc.sum(), length: data.len() as u32 }
}

/// How the sizes of an entry are written.
#[derive(Clone, Copy, Debug)]
enum Sizes {
    InHeader,
    InZip64,
    InDescriptor {
        signed: bool,
        long: bool,
    },
    /// In the header, which announces a descriptor that is missing.
    Announced,
}

const FORMS: [Sizes; 7] = [
    Sizes::InHeader,
    Sizes::InZip64,
    Sizes::InDescriptor { signed: true, long: false },
    Sizes::InDescriptor { signed: false, long: false },
    Sizes::InDescriptor { signed: true, long: true },
    Sizes::InDescriptor { signed: false, long: true },
    Sizes::Announced,
];

/// An entry and how it is written.
type Form = (InflatedEntry, CompressionMethod, Sizes);

fn write_entry(archive: &mut Vec<u8>, directory: &mut Vec<u8>, &(ref entry, method, sizes): &Form) {
    let at = archive.len() as u32;
    let packed =
        if method == CompressionMethod::Stored { entry.data.clone() } else { deflate(&entry.data, 6) };
    let (size, full) = (packed.len() as u64, entry.data.len() as u64);
    let crc = digest_of(&entry.data).crc;
    let flags: u16 = if matches!(sizes, Sizes::InDescriptor { .. } | Sizes::Announced) { 1 << 3 } else { 0 };
    let (in_header, extra) = match sizes {
        Sizes::InHeader | Sizes::Announced => ([size as u32, full as u32], Vec::new()),
        Sizes::InDescriptor { .. } => ([0, 0], Vec::new()),
        Sizes::InZip64 => {
            // Another extra field comes first.
            let mut extra = vec![0x55, 0x54, 3, 0, 1, 2, 3, 1, 0, 16, 0];
            extra.extend(full.to_le_bytes());
            extra.extend(size.to_le_bytes());
            ([u32::MAX; 2], extra)
        }
    };
    let header = |crc: u32, sizes: [u32; 2]| {
        let mut header = flags.to_le_bytes().to_vec();
        header.extend([if method == CompressionMethod::Stored { 0 } else { 8 }, 0, 0, 0, 0, 0]);
        header.extend(crc.to_le_bytes());
        header.extend(sizes.iter().flat_map(|size| size.to_le_bytes()));
        header.extend((entry.name.len() as u16).to_le_bytes());
        header.extend((extra.len() as u16).to_le_bytes());
        header
    };
    archive.extend(b"PK\x03\x04\x14\x00");
    archive.extend(header(if matches!(sizes, Sizes::InDescriptor { .. }) { 0 } else { crc }, in_header));
    archive.extend(entry.name.as_bytes());
    archive.extend(&extra);
    archive.extend(packed);
    if let Sizes::InDescriptor { signed, long } = sizes {
        archive.extend(if signed { &b"PK\x07\x08"[..] } else { b"" });
        archive.extend(crc.to_le_bytes());
        for size in [size, full] {
            archive.extend(&size.to_le_bytes()[..if long { 8 } else { 4 }]);
        }
    }
    directory.extend(b"PK\x01\x02\x14\x00\x14\x00");
    let in_directory = if matches!(sizes, Sizes::InZip64) { in_header } else { [size as u32, full as u32] };
    directory.extend(header(crc, in_directory));
    directory.extend([2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    directory.extend(at.to_le_bytes());
    directory.extend(entry.name.as_bytes());
    directory.extend(&extra);
    directory.extend(b"#!");
}

fn archive(entries: &[Form]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    entries.iter().for_each(|form| write_entry(&mut archive, &mut directory, form));
    let at = archive.len() as u32;
    archive.extend(&directory);
    let entries = (entries.len() as u16).to_le_bytes();
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([entries, entries].concat());
    archive.extend((directory.len() as u32).to_le_bytes());
    archive.extend(at.to_le_bytes());
    archive.extend([0, 0]);
    archive
}

fn export() -> Vec<u8> {
    b"<?xml version=\"1.0\"?>\n<HealthData locale=\"en_US\">\n</HealthData>\n".repeat(30)
}
