//! The central directory, compared with the local headers.

use super::*;

/// Entries, their archive, and where its directory begins.
fn plain() -> (Vec<InflatedEntry>, Vec<u8>, usize) {
    let entries = vec![entry("a.gpx", b"<gpx/>"), entry("export.xml", &export())];
    let forms: Vec<_> =
        entries.iter().map(|entry| (entry.clone(), CompressionMethod::Deflated, FORMS[2])).collect();
    let archive = archive(&forms);
    let directory = archive.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    (entries, archive, directory)
}

#[test]
fn the_directory_must_agree_with_the_headers() {
    let (entries, archive, directory) = plain();
    assert_eq!(unzip(&archive, &[5]).as_ref(), Ok(&entries));
    // The method, the checksum, both sizes, the name, and the number of entries.
    let end = archive.len() - 22;
    for at in [10, 16, 19, 20, 24, 46, 47].map(|at| directory + at).into_iter().chain([end + 10]) {
        let mut other = archive.clone();
        other[at] ^= 1;
        assert_eq!(unzip(&other, &[5]), Err(ZipError::Damaged), "{at}");
    }
    // Times, attributes and the length of the comment are not compared.
    for at in [4, 12, 38].map(|at| directory + at).into_iter().chain([end + 20]) {
        let mut other = archive.clone();
        other[at] ^= 1;
        assert_eq!(unzip(&other, &[5]).as_ref(), Ok(&entries), "{at}");
    }
}

#[test]
fn an_entry_in_only_one_of_them_is_damage() {
    let (_, archive, directory) = plain();
    let second = archive[directory + 4..].windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let without = [&archive[..directory], &archive[directory + 4 + second..]].concat();
    assert_eq!(unzip(&without, &[5]), Err(ZipError::Damaged));
    let twice = [&archive[..directory + 4 + second], &archive[directory..]].concat();
    assert_eq!(unzip(&twice, &[5]), Err(ZipError::Damaged));
}

#[test]
fn records_of_large_archives_are_skipped() {
    let (entries, archive, directory) = plain();
    let end = archive.len() - 22;
    let mut keys = b"PK\x06\x08\x03\0\0\0abc".to_vec();
    let mut large = b"PK\x05\x05\x02\0abPK\x06\x06\x2c\0\0\0\0\0\0\0".to_vec();
    large.extend([0; 44]);
    large.extend(b"PK\x06\x07");
    large.extend([0; 16]);
    let mut last = archive[end..].to_vec();
    last[8..12].fill(0xff);
    let whole = [&archive[..directory], &*keys, &archive[directory..end], &*large, &*last].concat();
    for size in [1, 1000] {
        assert_eq!(unzip(&whole, &[size]).as_ref(), Ok(&entries));
    }
    // A record of more than a megabyte is damage.
    keys[4..8].fill(0xff);
    let whole = [&archive[..directory], &*keys, &archive[directory..]].concat();
    assert_eq!(unzip(&whole, &[1000]), Err(ZipError::Damaged));
}
