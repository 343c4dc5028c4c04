//! Numbers, texts and lists as bytes, and back. Little-endian, each with its length in front where it has one.

/// Appends.
#[derive(Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    /// One byte.
    pub fn byte(&mut self, value: u8) {
        self.0.push(value);
    }

    /// A number.
    pub fn number(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// How many of something follow.
    pub fn count(&mut self, value: usize) {
        self.number(u64::try_from(value).unwrap_or(u64::MAX));
    }

    /// A signed number.
    pub fn signed(&mut self, value: i64) {
        self.number(value.cast_unsigned());
    }

    /// Bytes as they are, without their length.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Bytes with their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.raw(bytes);
    }

    /// Numbers with their count.
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

/// Takes apart what a [`Writer`] has put together. Every method gives `None` where the bytes are other ones, and never
/// takes more memory than there are bytes.
pub struct Reader<'bytes>(&'bytes [u8]);

impl<'bytes> Reader<'bytes> {
    /// From the start of `bytes`.
    pub fn new(bytes: &'bytes [u8]) -> Self {
        Self(bytes)
    }

    /// Whether nothing is left.
    pub fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes as they are.
    pub fn raw(&mut self, count: usize) -> Option<&'bytes [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    /// One byte.
    pub fn byte(&mut self) -> Option<u8> {
        self.raw(1)?.first().copied()
    }

    /// A number.
    pub fn number(&mut self) -> Option<u64> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*bytes))
    }

    /// How many of something follow, of which each has at least `size` bytes.
    pub fn count(&mut self, size: usize) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count.checked_mul(size)? <= self.0.len()).then_some(count)
    }

    /// A signed number.
    pub fn signed(&mut self) -> Option<i64> {
        Some(self.number()?.cast_signed())
    }

    /// Bytes with their length.
    pub fn bytes(&mut self) -> Option<&'bytes [u8]> {
        let count = self.count(1)?;
        self.raw(count)
    }

    /// A text.
    pub fn text(&mut self) -> Option<String> {
        Some(std::str::from_utf8(self.bytes()?).ok()?.to_owned())
    }

    /// Numbers with their count.
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
        fn what_is_written_comes_back(byte: u8, number: u64, signed: i64, text: String, numbers: Vec<u64>) {
            let mut writer = Writer::default();
            writer.byte(byte);
            writer.number(number);
            writer.signed(signed);
            writer.bytes(text.as_bytes());
            writer.numbers(&numbers);
            let bytes = writer.finish();
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.byte(), Some(byte));
            prop_assert_eq!(reader.number(), Some(number));
            prop_assert_eq!(reader.signed(), Some(signed));
            prop_assert_eq!(reader.text(), Some(text));
            prop_assert_eq!(reader.numbers(), Some(numbers));
            prop_assert!(reader.is_at_end());
        }

        #[test]
        fn other_bytes_are_nothing_and_cost_nothing(bytes: Vec<u8>) {
            let _ = Reader::new(&bytes).numbers();
            let _ = Reader::new(&bytes).text();
            // A count that the bytes cannot hold is no count, however large it is.
            let mut large = u64::MAX.to_le_bytes().to_vec();
            large.extend(bytes);
            prop_assert_eq!(Reader::new(&large).numbers(), None);
        }
    }
}
