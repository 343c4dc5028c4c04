//! CRC-32 and length of a content as zip and gzip have them, eight bytes at a time.

/// The polynomial, its bits in reverse.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// Checksum and length of bytes that come in turn.
pub(crate) struct Crc {
    /// What each byte adds, for each of eight places. Made when needed: as a constant it would be 8 KB to load.
    tables: Box<[[u32; 256]; 8]>,
    value: u32,
    length: u32,
}

/// Checksum and length of a content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContentDigest {
    pub(crate) crc: u32,
    /// In bytes, the lower 32 bits.
    pub(crate) length: u32,
}

impl Crc {
    pub(crate) fn new() -> Self {
        let mut tables = Box::new([[0; 256]; 8]);
        let mut before = [0; 256];
        for (byte, entry) in (0_u32..).zip(&mut before) {
            *entry = (0..8).fold(byte, |value, _| (value >> 1) ^ (POLYNOMIAL * (value & 1)));
        }
        let first = before;
        for table in tables.iter_mut() {
            *table = before;
            for value in &mut before {
                *value = *value >> 8 ^ entry(&first, *value);
            }
        }
        Self { tables, value: u32::MAX, length: 0 }
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        crate::scan_count::add(bytes.len());
        let (words, rest) = bytes.as_chunks::<8>();
        let [t0, t1, t2, t3, t4, t5, t6, t7] = &*self.tables;
        let mut value = self.value;
        for &[a, b, c, d, e, f, g, h] in words {
            let low = value ^ u32::from_le_bytes([a, b, c, d]);
            let high = u32::from_le_bytes([e, f, g, h]);
            value = entry(t7, low)
                ^ entry(t6, low >> 8)
                ^ entry(t5, low >> 16)
                ^ entry(t4, low >> 24)
                ^ entry(t3, high)
                ^ entry(t2, high >> 8)
                ^ entry(t1, high >> 16)
                ^ entry(t0, high >> 24);
        }
        for &byte in rest {
            value = value >> 8 ^ entry(t0, value ^ u32::from(byte));
        }
        self.value = value;
        // The length counts modulo 2³², as both formats have it.
        let [a, b, c, d, ..] = bytes.len().to_le_bytes();
        self.length = self.length.wrapping_add(u32::from_le_bytes([a, b, c, d]));
    }

    /// Those of all that was added; the next bytes begin another content.
    pub(crate) fn take(&mut self) -> ContentDigest {
        let digest = ContentDigest { crc: self.so_far(), length: self.length };
        (self.value, self.length) = (u32::MAX, 0);
        digest
    }

    pub(crate) fn so_far(&self) -> u32 {
        !self.value
    }
}

#[inline(always)]
fn entry(table: &[u32; 256], value: u32) -> u32 {
    let [low, ..] = value.to_le_bytes();
    table.get(usize::from(low)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_check_value_of_the_standard_comes_out() {
        let mut crc = Crc::new();
        crc.add(b"123456789");
        assert_eq!(crc.take(), ContentDigest { crc: 0xcbf4_3926, length: 9 });
        assert_eq!(crc.take(), ContentDigest::default());
    }

    proptest! {
        #[test]
        fn it_is_what_another_reckons_however_it_is_cut(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0..200_usize) {
            let mut other = flate2::Crc::new();
            other.update(&bytes);
            let (head, tail) = bytes.split_at(cut.min(bytes.len()));
            let mut crc = Crc::new();
            crc.add(head);
            crc.add(tail);
            prop_assert_eq!(crc.take(), ContentDigest { crc: other.sum(), length: other.amount() });
        }
    }
}
