//! From an archive to the text of its export.

use super::*;
use crate::zip::ExportZip;
use proptest::prelude::*;

/// The text of the export, if there is one, and the number of files.
fn text_of(archive: &[u8], size: usize) -> Result<(Option<Vec<u8>>, u32), ZipError> {
    let mut reader = ExportZip::new();
    let mut text = Vec::new();
    for piece in archive.chunks(size) {
        reader.take(piece, |part| text.extend_from_slice(part))?;
    }
    let (found, files) = reader.finish()?;
    assert!(found || text.is_empty());
    Ok((found.then_some(text), files))
}

fn other(length: usize) -> Vec<u8> {
    [b"<?xml version=\"1.0\"?>\n<ClinicalDocument>", &*vec![b'x'; length]].concat()
}

#[test]
fn the_first_export_is_found_among_other_files() {
    for sizes in FORMS {
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            let entries = [
                ("folder/", vec![]),
                ("folder/photo.jpg", b"\xff\xd8 no picture".to_vec()),
                ("folder/other.xml", other(70_000)),
                ("folder/short.xml", b"<a".to_vec()),
                ("folder/Export.xml", export()),
                ("folder/export copy.xml", export()),
            ];
            let forms: Vec<_> = entries
                .iter()
                .map(|(name, data)| {
                    (entry(name, data), method, if data.is_empty() { Sizes::InHeader } else { sizes })
                })
                .collect();
            for size in [1, 100, 1 << 20] {
                let (text, files) = text_of(&archive(&forms), size).unwrap();
                assert_eq!((text, files), (Some(export()), 5), "{sizes:?}, {method:?}, {size}");
            }
        }
    }
}

#[test]
fn only_a_complete_archive_can_have_no_export() {
    let whole = archive(&[(entry("other.xml", &other(9)), CompressionMethod::Deflated, FORMS[0])]);
    assert_eq!(text_of(&whole, 10), Ok((None, 1)));
    assert_eq!(text_of(&whole[..whole.len() - 1], 10), Err(ZipError::Truncated));
}

#[test]
fn damage_in_a_file_that_may_be_the_export_is_an_error() {
    for (content, method) in [
        (export(), CompressionMethod::Stored),
        (other(9), CompressionMethod::Stored),
        (export(), CompressionMethod::Deflated),
    ] {
        let mut archive = archive(&[(entry("a.xml", &content), method, FORMS[0])]);
        archive[40] ^= 4;
        assert_eq!(text_of(&archive, 10), Err(ZipError::Damaged));
    }
}

/// An archive of one entry whose compressed data are `packed`, and whose headers describe `content`.
fn with_data(packed: &[u8], content: &[u8]) -> Vec<u8> {
    let stored = entry("a.xml", packed);
    let mut archive = archive(&[(stored, CompressionMethod::Stored, Sizes::InHeader)]);
    let ContentDigest { crc, length } = digest_of(content);
    let directory = archive.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    for (method, sum, full) in [(8, 14, 22), (directory + 10, directory + 16, directory + 24)] {
        archive[method] = 8;
        archive[sum..sum + 4].copy_from_slice(&crc.to_le_bytes());
        archive[full..full + 4].copy_from_slice(&length.to_le_bytes());
    }
    archive
}

#[test]
fn compressed_data_must_end_where_their_entry_does() {
    let packed = deflate(&export(), 6);
    assert_eq!(text_of(&with_data(&packed, &export()), 10), Ok((Some(export()), 1)));
    let longer = [&*packed, b"x"].concat();
    for wrong in [&longer, &packed[..packed.len() - 1], &[][..]] {
        for size in [1, 100_000] {
            assert_eq!(text_of(&with_data(wrong, &export()), size), Err(ZipError::Damaged));
        }
    }
    // The length or the checksum is wrong.
    assert_eq!(text_of(&with_data(&packed, &export()[1..]), 10), Err(ZipError::Damaged));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8000))]
    #[test]
    fn a_flipped_bit_is_damage_or_makes_no_difference(form in 0..FORMS.len(), stored: bool, place in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let other = [b"<?xml version=\"1.0\"?><Other>", &*b"abc".repeat(20)].concat();
        let export = b"<HealthData>\n <Record value=\"17\"/>\n</HealthData>".to_vec();
        let entries = [("a/route.gpx", b"<gpx/>".to_vec()), ("a/other.xml", other), ("a/export.xml", export.clone())];
        let forms: Vec<_> = entries.iter().map(|(name, data)| (entry(name, data), method, FORMS[form])).collect();
        let mut archive = archive(&forms);
        let place = place.index(archive.len());
        archive[place] ^= 1_u8 << bit;
        if let Ok((text, _)) = text_of(&archive, 64) {
            prop_assert_eq!(text, Some(export), "{}", place);
        }
    }
}
