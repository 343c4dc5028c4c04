//! Numbers, text and lists as bytes, and back. Little-endian; lists and text begin with their length.

use humansync_ingest::time::Instant;

/// Writes values one after the other.
#[derive(Default)]
pub struct ByteWriter(Vec<u8>);

impl ByteWriter {
    /// All bytes written.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    /// Appends one byte.
    pub fn byte(&mut self, value: u8) {
        self.0.push(value);
    }

    /// Appends a number.
    pub fn number(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// Appends the length of a list whose items follow.
    pub fn count(&mut self, value: usize) {
        self.number(u64::try_from(value).unwrap_or(u64::MAX));
    }

    /// Appends a signed number.
    pub fn signed(&mut self, value: i64) {
        self.number(value.cast_unsigned());
    }

    /// Appends bytes without their length.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Appends bytes with their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.raw(bytes);
    }

    /// Appends a moment as it was given: in the form of RFC 3339.
    pub fn moment(&mut self, moment: Instant) {
        let mut text = Vec::new();
        moment.write_rfc3339(&mut text);
        self.bytes(&text);
    }

    /// Appends numbers with their count.
    pub fn numbers(&mut self, numbers: &[u64]) {
        self.count(numbers.len());
        let start = self.0.len();
        self.0.resize(start.saturating_add(numbers.len().saturating_mul(8)), 0);
        let (places, _) = self.0.get_mut(start..).unwrap_or_default().as_chunks_mut::<8>();
        for (place, number) in places.iter_mut().zip(numbers) {
            *place = number.to_le_bytes();
        }
    }
}

/// Reads what a [`ByteWriter`] has written. Every method returns `None` if the bytes do not fit, and never allocates
/// more than there are bytes.
pub struct ByteReader<'bytes>(&'bytes [u8]);

impl<'bytes> ByteReader<'bytes> {
    /// Reads from the start of `bytes`.
    pub fn new(bytes: &'bytes [u8]) -> Self {
        Self(bytes)
    }

    /// Whether all bytes were read.
    pub fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads bytes without a length.
    pub fn raw(&mut self, count: usize) -> Option<&'bytes [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    /// Reads one byte.
    pub fn byte(&mut self) -> Option<u8> {
        self.raw(1)?.first().copied()
    }

    /// Reads a number.
    pub fn number(&mut self) -> Option<u64> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*bytes))
    }

    /// Reads the length of a list whose items have at least `size` bytes each.
    pub fn count(&mut self, size: usize) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count.checked_mul(size)? <= self.0.len()).then_some(count)
    }

    /// Reads a signed number.
    pub fn signed(&mut self) -> Option<i64> {
        Some(self.number()?.cast_signed())
    }

    /// Reads bytes with their length.
    pub fn bytes(&mut self) -> Option<&'bytes [u8]> {
        let count = self.count(1)?;
        self.raw(count)
    }

    /// Reads text.
    pub fn text(&mut self) -> Option<String> {
        Some(std::str::from_utf8(self.bytes()?).ok()?.to_owned())
    }

    /// Reads a moment.
    pub fn moment(&mut self) -> Option<Instant> {
        Instant::parse_rfc3339(self.bytes()?)
    }

    /// Reads numbers with their count.
    pub fn numbers(&mut self) -> Option<Vec<u64>> {
        let count = self.count(8)?;
        (0..count).map(|_| self.number()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn written_values_are_read_back(byte: u8, number: u64, signed: i64, text: String, numbers: Vec<u64>) {
            let mut writer = ByteWriter::default();
            writer.byte(byte);
            writer.number(number);
            writer.signed(signed);
            writer.bytes(text.as_bytes());
            writer.numbers(&numbers);
            let bytes = writer.finish();
            let mut reader = ByteReader::new(&bytes);
            prop_assert_eq!(reader.byte(), Some(byte));
            prop_assert_eq!(reader.number(), Some(number));
            prop_assert_eq!(reader.signed(), Some(signed));
            prop_assert_eq!(reader.text(), Some(text));
            prop_assert_eq!(reader.numbers(), Some(numbers));
            prop_assert!(reader.is_at_end());
        }

        #[test]
        fn lengths_beyond_the_bytes_are_refused(bytes: Vec<u8>) {
            let _ = ByteReader::new(&bytes).numbers();
            let _ = ByteReader::new(&bytes).text();
            // A count larger than the bytes can hold is refused.
            let mut large = u64::MAX.to_le_bytes().to_vec();
            large.extend(bytes);
            prop_assert_eq!(ByteReader::new(&large).numbers(), None);
        }
    }
}
