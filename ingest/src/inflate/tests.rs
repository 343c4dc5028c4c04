//! Compared with flate2, for valid and for damaged streams.

use super::*;
use crate::test_support::{deflate, pieces};
use flate2::{Decompress, FlushDecompress, Status};
use proptest::prelude::*;

/// Inflates in pieces of the given sizes, in turn. Returns the output and the last status.
fn inflate(packed: &[u8], sizes: &[usize]) -> Result<(Vec<u8>, InflateStatus), CorruptData> {
    let mut inflate = Inflater::new();
    let mut all = Vec::new();
    for mut piece in pieces(packed, sizes) {
        loop {
            let stop = inflate.run(&mut piece)?;
            all.extend_from_slice(inflate.output());
            match stop {
                InflateStatus::OutputFull => {}
                InflateStatus::StreamEnd => return Ok((all, stop)),
                InflateStatus::NeedsInput => break,
            }
        }
        assert!(piece.is_empty());
    }
    Ok((all, InflateStatus::NeedsInput))
}

/// Bytes with runs, repetitions near and far, and noise.
fn contents() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        "[a-e<>= ]{0,300}".prop_map(String::into_bytes),
        (any::<u8>(), 0..70_000_usize).prop_map(|(byte, count)| vec![byte; count]),
        ("[a-z]{1,9}", 0..3000_usize).prop_map(|(text, count)| text.repeat(count).into_bytes()),
    ];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn streams_are_read_however_they_are_cut(bytes in contents(), level in 0..10_u32, sizes in prop::collection::vec(1..5000_usize, 1..5)) {
        let packed = deflate(&bytes, level);
        prop_assert!(inflate(&packed, &sizes) == Ok((bytes, InflateStatus::StreamEnd)));
    }

    #[test]
    fn single_bytes_are_enough(bytes in "[a-f]{0,400}", level in 0..10_u32) {
        prop_assert_eq!(inflate(&deflate(bytes.as_bytes(), level), &[1]), Ok((bytes.into_bytes(), InflateStatus::StreamEnd)));
    }

    #[test]
    fn a_cut_off_stream_has_no_end(bytes in contents(), level in 0..10_u32, part in 0.0..1.0) {
        let packed = deflate(&bytes, level);
        let cut = (packed.len() as f64 * part) as usize;
        let (all, stop) = inflate(&packed[..cut], &[700]).unwrap();
        prop_assert_eq!(stop, InflateStatus::NeedsInput);
        prop_assert!(bytes.starts_with(&all));
    }

    #[test]
    fn a_damaged_stream_is_refused_or_read_as_flate2_does(
        bytes in "[a-h<>]{0,2000}", level in 0..10_u32, place in any::<prop::sample::Index>(), bit in 0..8_u32,
    ) {
        let mut packed = deflate(bytes.as_bytes(), level);
        let place = place.index(packed.len());
        packed[place] ^= 1_u8 << bit;
        let mut other = Vec::with_capacity(1 << 20);
        let read = Decompress::new(false).decompress_vec(&packed, &mut other, FlushDecompress::None);
        // flate2 accepts some incomplete codes. zlib does not, and neither do we.
        if let Ok((all, stop)) = inflate(&packed, &[333]) {
            prop_assert_eq!(read.unwrap() == Status::StreamEnd, stop == InflateStatus::StreamEnd);
            prop_assert!(all == other);
        }
    }

    #[test]
    fn no_bytes_make_the_inflater_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), size in 1..20_usize) {
        let _ = inflate(&bytes, &[size]);
    }
}

#[test]
fn bytes_after_the_stream_are_returned() {
    for level in [0, 6] {
        let mut inflater = Inflater::new();
        let bytes = [&*deflate(b"abc abc abc", level), b"after"].concat();
        for cut in 0..bytes.len() {
            inflater.restart();
            let (mut first, mut second) = bytes.split_at(cut);
            let mut out = Vec::new();
            let mut after = Vec::new();
            for piece in [&mut first, &mut second] {
                if inflater.run(piece).unwrap() == InflateStatus::StreamEnd {
                    while let Some(byte) = inflater.byte_after_stream(piece) {
                        after.push(byte);
                    }
                }
                out.extend_from_slice(inflater.output());
            }
            assert_eq!((&*out, &*after), (&b"abc abc abc"[..], &b"after"[..]), "{level}, {cut}");
            assert!(!inflater.has_bits_left());
        }
    }
}
