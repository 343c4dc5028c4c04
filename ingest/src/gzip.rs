//! A gzip file (RFC 1952): members one after another, each with a checksum and a length, which are looked at.

use crate::crc::Crc;
use crate::inflate::{CorruptData, InflateStatus, Inflater};

/// Takes a file apart as it comes.
pub(crate) struct GzipReader {
    state: State,
    inflate: Inflater,
    /// Of the header, then of the text.
    crc: Crc,
    length: u32,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// So many bytes of the fixed part of a header are behind us, and these are its flags.
    Header(u8, u8),
    /// Within an optional part of it, of which so much was seen.
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
        given: u16,
    },
    Data,
    /// Behind the data: so many bytes of checksum and length, and these.
    Trailer(u8, u64),
    /// Behind a member, where another may begin.
    Between,
    /// Behind the last one: zeros may fill up a block of a tape.
    Padding,
}

const HAS_CHECKSUM: u8 = 1 << 1;
const HAS_EXTRA: u8 = 1 << 2;
const HAS_NAME: u8 = 1 << 3;
const HAS_COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

impl GzipReader {
    /// State the first byte of a file.
    pub(crate) fn new() -> Self {
        Self { state: State::Header(0, 0), inflate: Inflater::new(), crc: Crc::new(), length: 0 }
    }

    /// Takes `input`, and gives the text to `out`, until that says that it is enough for now. Gives what was not taken.
    pub(crate) fn take<'input>(
        &mut self,
        mut input: &'input [u8],
        mut out: impl FnMut(&[u8]) -> bool,
    ) -> Result<&'input [u8], CorruptData> {
        loop {
            if matches!(self.state, State::Data) {
                let stop = self.inflate.run(&mut input)?;
                let text = self.inflate.output();
                self.crc.add(text);
                let [length, ..] = split(text.len());
                self.length = self.length.wrapping_add(length);
                let is_enough = out(text);
                match stop {
                    // Where nothing is left to be taken, nobody would come back for the text.
                    InflateStatus::OutputFull if is_enough && !input.is_empty() => return Ok(input),
                    InflateStatus::OutputFull => {}
                    InflateStatus::NeedsInput => return Ok(input),
                    InflateStatus::StreamEnd => self.state = State::Trailer(0, 0),
                }
                continue;
            }
            let Some(byte) = self.next_byte(&mut input) else { return Ok(input) };
            self.byte(byte)?;
        }
    }

    /// Whether a file may end here.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.state, State::Between | State::Padding)
    }

    fn next_byte(&mut self, input: &mut &[u8]) -> Option<u8> {
        if matches!(self.state, State::Trailer(..)) {
            return self.inflate.byte_after_stream(input);
        }
        let (&byte, rest) = input.split_first()?;
        *input = rest;
        Some(byte)
    }

    /// Goes over a byte of all but the data.
    fn byte(&mut self, byte: u8) -> Result<(), CorruptData> {
        match self.state {
            State::Header(seen, flags) => {
                let is_fit = match seen {
                    0 => byte == 0x1f,
                    1 => byte == 0x8b,
                    2 => byte == 8,
                    3 => byte & RESERVED == 0,
                    _ => true,
                };
                if !is_fit {
                    return Err(CorruptData);
                }
                self.crc.add(&[byte]);
                let flags = if seen == 3 { byte } else { flags };
                self.state = if seen == 9 { self.part(flags) } else { State::Header(seen + 1, flags) };
            }
            State::Extra { flags, seen, length } => {
                self.crc.add(&[byte]);
                let length = if seen < 2 { length | u32::from(byte) << (8 * seen) } else { length };
                let seen = seen + 1;
                let is_over = seen >= 2 && seen == length + 2;
                self.state = if is_over { self.part(flags) } else { State::Extra { flags, seen, length } };
            }
            State::ZeroTerminated { flags } => {
                self.crc.add(&[byte]);
                if byte == 0 {
                    self.state = self.part(flags);
                }
            }
            State::HeaderChecksum { seen: 0, .. } => {
                self.state = State::HeaderChecksum { seen: 1, given: u16::from(byte) };
            }
            State::HeaderChecksum { given, .. } => {
                let [low, high, ..] = self.crc.so_far().to_le_bytes();
                if u16::from_le_bytes([low, high]) != given | u16::from(byte) << 8 {
                    return Err(CorruptData);
                }
                self.begin();
            }
            State::Trailer(seen, given) => {
                let given = given | u64::from(byte) << (8 * seen);
                self.state = State::Trailer(seen + 1, given);
                if seen == 7 {
                    if given != u64::from(self.crc.take()) | u64::from(self.length) << 32 {
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

    /// The next optional part of a header whose flags say what is to come.
    fn part(&mut self, flags: u8) -> State {
        if flags & HAS_EXTRA != 0 {
            State::Extra { flags: flags & !HAS_EXTRA, seen: 0, length: 0 }
        } else if flags & HAS_NAME != 0 {
            State::ZeroTerminated { flags: flags & !HAS_NAME }
        } else if flags & HAS_COMMENT != 0 {
            State::ZeroTerminated { flags: flags & !HAS_COMMENT }
        } else if flags & HAS_CHECKSUM != 0 {
            State::HeaderChecksum { seen: 0, given: 0 }
        } else {
            self.begin();
            State::Data
        }
    }

    fn begin(&mut self) {
        self.inflate.restart();
        self.crc.take();
        self.length = 0;
        self.state = State::Data;
    }
}

/// A number of bytes in two halves, the lower one first.
fn split(length: usize) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = u64::try_from(length).unwrap_or_default().to_le_bytes();
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
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
                let taken = gzip.take(piece, |part| {
                    text.extend_from_slice(part);
                    true
                });
                piece = taken.map_err(Some)?;
            }
        }
        if gzip.is_whole() { Ok(text) } else { Err(None) }
    }

    fn packed(text: &[u8], builder: GzBuilder) -> Vec<u8> {
        let mut encoder = builder.write(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// A header with all that there may be: extra field, name, comment and its own checksum.
    fn full(text: &[u8]) -> Vec<u8> {
        let plain = packed(text, GzBuilder::new().extra(vec![1, 2, 3]).filename("a.json").comment("c"));
        let end = 10 + 5 + 7 + 2;
        let mut file = plain[..end].to_vec();
        file[3] |= HAS_CHECKSUM;
        let mut crc = Crc::new();
        crc.add(&file);
        file.extend_from_slice(&crc.take().to_le_bytes()[..2]);
        file.extend_from_slice(&plain[end..]);
        file
    }

    #[test]
    fn members_come_out_one_after_another_however_they_are_cut() {
        let one = packed(b"one ", GzBuilder::new());
        let two = full(b"two ");
        let empty = packed(b"", GzBuilder::new().extra(vec![]));
        let file = [&*one, &*two, &*empty, &*one, &[0; 100][..]].concat();
        for size in [1, 2, 7, 1000] {
            assert_eq!(gunzip(&file, size), Ok(b"one two one ".to_vec()), "{size}");
        }
    }

    #[test]
    fn what_is_cut_off_is_not_whole() {
        let file = full(&b"text ".repeat(50));
        for cut in 0..file.len() {
            assert_eq!(gunzip(&file[..cut], 10), Err(None), "{cut}");
        }
    }

    #[test]
    fn what_is_behind_is_a_member_zeros_or_damage() {
        let file = packed(b"text", GzBuilder::new());
        for behind in [&b"x"[..], b"\x1f\x8c", b"\0x", b"\0\x1f\x8b\x08\0\0\0\0\0\0\0"] {
            assert_eq!(gunzip(&[&*file, behind].concat(), 3), Err(Some(CorruptData)), "{behind:?}");
        }
        assert_eq!(gunzip(&[&*file, &b"\x1f\x8b"[..]].concat(), 3), Err(None));
    }

    #[test]
    fn a_long_text_comes_out_whole_though_each_part_of_it_is_enough() {
        let file = packed(&[b','; 3_000_000], GzBuilder::new());
        for size in [1, 7, 100, usize::MAX] {
            assert_eq!(gunzip(&file, size).map(|text| text.len()), Ok(3_000_000), "{size}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn a_flipped_bit_is_found_or_does_not_matter(text in "[a-d]{0,60}", place in any::<prop::sample::Index>(), bit in 0..8_u32) {
            let mut file = [full(text.as_bytes()), packed(b"more", GzBuilder::new())].concat();
            let place = place.index(file.len());
            file[place] ^= 1_u8 << bit;
            if let Ok(read) = gunzip(&file, 50) {
                prop_assert_eq!(read, [text.as_bytes(), b"more"].concat());
            }
        }
    }
}
