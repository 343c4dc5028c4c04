//! Reads gzip files (RFC 1952): one or more members, each with a checksum and a length, which are verified.

use crate::crc::Crc;
use crate::inflate::{CorruptData, InflateStatus, Inflater};

pub(crate) struct GzipReader {
    state: State,
    inflater: Inflater,
    /// Checksum of the present header, and then of the text.
    crc: Crc,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// In the fixed part of a header: bytes so far, and the flags.
    Header(u8, u8),
    /// In the extra field, whose first two bytes are its length.
    Extra {
        flags: u8,
        seen: u32,
        length: u32,
    },
    ZeroTerminated {
        flags: u8,
    },
    HeaderChecksum {
        seen: u8,
        value: u16,
    },
    Data,
    /// After the data: bytes of checksum and length so far, and these as a number.
    Trailer(u8, u64),
    /// After a member: another may follow.
    Between,
    /// After the last member: zeros may follow, which fill a block of a tape.
    Padding,
}

const HAS_CHECKSUM: u8 = 1 << 1;
const HAS_EXTRA: u8 = 1 << 2;
const HAS_NAME: u8 = 1 << 3;
const HAS_COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

impl GzipReader {
    pub(crate) fn new() -> Self {
        Self { state: State::Header(0, 0), inflater: Inflater::new(), crc: Crc::new() }
    }

    /// Takes `input`, and passes the text to `out` until that returns true. Returns the input that is left.
    pub(crate) fn take<'input>(
        &mut self,
        mut input: &'input [u8],
        mut out: impl FnMut(&[u8]) -> bool,
    ) -> Result<&'input [u8], CorruptData> {
        loop {
            if matches!(self.state, State::Data) {
                let stop = self.inflater.run(&mut input)?;
                let text = self.inflater.output();
                self.crc.add(text);
                let is_enough = out(text);
                match stop {
                    // Without input left the caller would not call again, and text would be missing.
                    InflateStatus::OutputFull if is_enough && !input.is_empty() => return Ok(input),
                    InflateStatus::OutputFull => {}
                    InflateStatus::NeedsInput => return Ok(input),
                    InflateStatus::StreamEnd => self.state = State::Trailer(0, 0),
                }
                continue;
            }
            let Some(byte) = self.next_byte(&mut input) else { return Ok(input) };
            self.header_byte(byte)?;
        }
    }

    /// Whether the file may end here.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.state, State::Between | State::Padding)
    }

    fn next_byte(&mut self, input: &mut &[u8]) -> Option<u8> {
        if matches!(self.state, State::Trailer(..)) {
            return self.inflater.byte_after_stream(input);
        }
        let (&byte, rest) = input.split_first()?;
        *input = rest;
        Some(byte)
    }

    fn header_byte(&mut self, byte: u8) -> Result<(), CorruptData> {
        match self.state {
            State::Header(seen, flags) => {
                let is_valid = match seen {
                    0 => byte == 0x1f,
                    1 => byte == 0x8b,
                    2 => byte == 8,
                    3 => byte & RESERVED == 0,
                    _ => true,
                };
                if !is_valid {
                    return Err(CorruptData);
                }
                self.crc.add(&[byte]);
                let flags = if seen == 3 { byte } else { flags };
                self.state = if seen == 9 { self.next_part(flags) } else { State::Header(seen + 1, flags) };
            }
            State::Extra { flags, seen, length } => {
                self.crc.add(&[byte]);
                let length = if seen < 2 { length | u32::from(byte) << (8 * seen) } else { length };
                let seen = seen + 1;
                let is_over = seen >= 2 && seen == length + 2;
                self.state =
                    if is_over { self.next_part(flags) } else { State::Extra { flags, seen, length } };
            }
            State::ZeroTerminated { flags } => {
                self.crc.add(&[byte]);
                if byte == 0 {
                    self.state = self.next_part(flags);
                }
            }
            State::HeaderChecksum { seen: 0, .. } => {
                self.state = State::HeaderChecksum { seen: 1, value: u16::from(byte) };
            }
            State::HeaderChecksum { value, .. } => {
                let [low, high, ..] = self.crc.so_far().to_le_bytes();
                if u16::from_le_bytes([low, high]) != value | u16::from(byte) << 8 {
                    return Err(CorruptData);
                }
                self.begin_data();
            }
            State::Trailer(seen, value) => {
                let value = value | u64::from(byte) << (8 * seen);
                self.state = State::Trailer(seen + 1, value);
                if seen == 7 {
                    let digest = self.crc.take();
                    if value != u64::from(digest.crc) | u64::from(digest.length) << 32 {
                        return Err(CorruptData);
                    }
                    self.state = State::Between;
                }
            }
            State::Between if byte == 0x1f => {
                self.crc.add(&[byte]);
                self.state = State::Header(1, 0);
            }
            State::Between | State::Padding if byte == 0 => self.state = State::Padding,
            State::Between | State::Padding | State::Data => return Err(CorruptData),
        }
        Ok(())
    }

    /// The next optional part of a header; `flags` are those of the parts that are still to come.
    fn next_part(&mut self, flags: u8) -> State {
        if flags & HAS_EXTRA != 0 {
            State::Extra { flags: flags & !HAS_EXTRA, seen: 0, length: 0 }
        } else if flags & HAS_NAME != 0 {
            State::ZeroTerminated { flags: flags & !HAS_NAME }
        } else if flags & HAS_COMMENT != 0 {
            State::ZeroTerminated { flags: flags & !HAS_COMMENT }
        } else if flags & HAS_CHECKSUM != 0 {
            State::HeaderChecksum { seen: 0, value: 0 }
        } else {
            self.begin_data();
            State::Data
        }
    }

    fn begin_data(&mut self) {
        self.inflater.restart();
        self.crc.take();
        self.state = State::Data;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, GzBuilder};
    use proptest::prelude::*;
    use std::io::Write;

    fn gunzip(file: &[u8], size: usize) -> Result<Vec<u8>, Option<CorruptData>> {
        let mut gzip = GzipReader::new();
        let mut text = Vec::new();
        for mut piece in file.chunks(size) {
            while !piece.is_empty() {
                let left = gzip.take(piece, |part| {
                    text.extend_from_slice(part);
                    true
                });
                piece = left.map_err(Some)?;
            }
        }
        if gzip.is_whole() { Ok(text) } else { Err(None) }
    }

    fn gzip_of(text: &[u8], builder: GzBuilder) -> Vec<u8> {
        let mut encoder = builder.write(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// A header with all optional parts: extra field, name, comment and its own checksum.
    fn with_all_header_parts(text: &[u8]) -> Vec<u8> {
        let plain = gzip_of(text, GzBuilder::new().extra(vec![1, 2, 3]).filename("a.json").comment("c"));
        let end = 10 + 5 + 7 + 2;
        let mut file = plain[..end].to_vec();
        file[3] |= HAS_CHECKSUM;
        let mut crc = Crc::new();
        crc.add(&file);
        file.extend_from_slice(&crc.take().crc.to_le_bytes()[..2]);
        file.extend_from_slice(&plain[end..]);
        file
    }

    #[test]
    fn all_members_are_read_however_they_are_cut() {
        let one = gzip_of(b"one ", GzBuilder::new());
        let two = with_all_header_parts(b"two ");
        let empty = gzip_of(b"", GzBuilder::new().extra(vec![]));
        let file = [&*one, &*two, &*empty, &*one, &[0; 100][..]].concat();
        for size in [1, 2, 7, 1000] {
            assert_eq!(gunzip(&file, size), Ok(b"one two one ".to_vec()), "{size}");
        }
    }

    #[test]
    fn a_cut_off_file_is_not_complete() {
        let file = with_all_header_parts(&b"text ".repeat(50));
        for cut in 0..file.len() {
            assert_eq!(gunzip(&file[..cut], 10), Err(None), "{cut}");
        }
    }

    #[test]
    fn only_members_or_zeros_may_follow() {
        let file = gzip_of(b"text", GzBuilder::new());
        for trailing in [&b"x"[..], b"\x1f\x8c", b"\0x", b"\0\x1f\x8b\x08\0\0\0\0\0\0\0"] {
            assert_eq!(gunzip(&[&*file, trailing].concat(), 3), Err(Some(CorruptData)), "{trailing:?}");
        }
        assert_eq!(gunzip(&[&*file, &b"\x1f\x8b"[..]].concat(), 3), Err(None));
    }

    #[test]
    fn a_long_text_is_complete_even_if_every_part_ends_a_turn() {
        let file = gzip_of(&[b','; 3_000_000], GzBuilder::new());
        for size in [1, 7, 100, usize::MAX] {
            assert_eq!(gunzip(&file, size).map(|text| text.len()), Ok(3_000_000), "{size}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn a_flipped_bit_is_an_error_or_makes_no_difference(text in "[a-d]{0,60}", place in any::<prop::sample::Index>(), bit in 0..8_u32) {
            let mut file = [with_all_header_parts(text.as_bytes()), gzip_of(b"more", GzBuilder::new())].concat();
            let place = place.index(file.len());
            file[place] ^= 1_u8 << bit;
            if let Ok(read) = gunzip(&file, 50) {
                prop_assert_eq!(read, [text.as_bytes(), b"more"].concat());
            }
        }
    }
}
