//! A number that stands for a text, the same on every machine and in every release.

/// 64-bit FNV-1a of a text's UTF-8 bytes.
///
/// A cursor carries it to tell that it is used with the query it came from. It guards against mistakes, not against
/// an attacker: texts with the same fingerprint are easily made. Cursors outlive releases, so the function is fixed
/// here and is not `std`'s hasher, which may change with the toolchain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of one text.
    pub fn of(text: &str) -> Self {
        Self(0xcbf2_9ce4_8422_2325).with_bytes(text.as_bytes())
    }

    /// The fingerprint of the texts so far and `text`. `0xff` goes in between, a byte that UTF-8 does not have, so
    /// that `ab` and `c` differ from `a` and `bc`.
    #[must_use]
    pub fn and(self, text: &str) -> Self {
        self.with_bytes(&[0xff]).with_bytes(text.as_bytes())
    }

    /// The number itself.
    pub fn value(self) -> u64 {
        self.0
    }

    fn with_bytes(self, bytes: &[u8]) -> Self {
        let mut hash = self.0;
        for &byte in bytes {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self(hash)
    }
}
