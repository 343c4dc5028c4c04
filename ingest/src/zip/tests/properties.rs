//! Archives of any form, cut anywhere.

use super::*;
use proptest::prelude::*;
use std::io::{Cursor, Write};

proptest! {
    #[test]
    fn archives_of_any_form_are_read_however_they_are_cut(
        entries in prop::collection::vec(
            ("[a-z\u{e9}/]{1,12}", prop::collection::vec(prop::sample::select(b"PK\x01\x02\x03\x04\x05\x06\x07\x08\x00a".to_vec()), 0..80), any::<bool>(), 0..FORMS.len()),
            0..4,
        ),
        sizes in prop::collection::vec(1_usize..40, 1..6),
    ) {
        let forms: Vec<_> = entries
            .iter()
            .map(|(name, data, stored, form)| {
                let method = if *stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
                // Without a descriptor the header must have the size, and 0 means that it has none.
                let form = if *stored && data.is_empty() && *form == 6 { 0 } else { *form };
                (entry(name, data), method, FORMS[form])
            })
            .collect();
        let expected: Vec<_> = forms.iter().map(|(entry, ..)| entry.clone()).collect();
        prop_assert_eq!(unzip(&archive(&forms), &sizes).unwrap(), expected);
    }

    #[test]
    fn archives_of_the_zip_crate_are_read(
        entries in prop::collection::vec(("[a-z]{1,8}", "[<>a-z\n]{0,300}", any::<bool>(), any::<bool>()), 0..4),
        sizes in prop::collection::vec(1_usize..200, 1..4),
    ) {
        let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
        let mut expected = Vec::new();
        for (index, (name, data, stored, large)) in entries.iter().enumerate() {
            let name = format!("{index}/{name}.xml");
            let method = if *stored { ::zip::CompressionMethod::Stored } else { ::zip::CompressionMethod::Deflated };
            let options = ::zip::write::SimpleFileOptions::default().compression_method(method).large_file(*large);
            writer.start_file(&*name, options).unwrap();
            writer.write_all(data.as_bytes()).unwrap();
            expected.push(entry(&name, data.as_bytes()));
        }
        let archive = writer.finish().unwrap().into_inner();
        prop_assert_eq!(unzip(&archive, &sizes).unwrap(), expected);
    }

    #[test]
    fn no_bytes_make_the_reader_panic_or_hang(mut bytes in prop::collection::vec(any::<u8>(), 0..200), sizes in prop::collection::vec(1_usize..40, 1..4)) {
        let _ = unzip_any(&bytes, &sizes);
        bytes.splice(0..0, *b"PK\x03\x04\x14\x00\x08\x00");
        let _ = unzip_any(&bytes, &sizes);
    }
}

/// Takes all events, and decompresses nothing.
fn unzip_any(archive: &[u8], sizes: &[usize]) -> Result<(), ZipError> {
    let mut unzip = ZipReader::default();
    for piece in pieces(archive, sizes) {
        unzip.feed(piece);
        while unzip.next()?.is_some() {}
    }
    unzip.finish()
}
