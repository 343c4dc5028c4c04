//! What a record is known by while a list is walked.

use crate::fnv::Fnv128;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// A record's identity, in sixteen bytes whatever its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordKey {
    /// It has an id. Ids of up to 30 hexadecimal digits (Human API's have 24) are held exactly, others by a 128-bit hash.
    Id(u128),
    /// It has none: this is a hash of its content, good for seeing that two pages are the same, and for nothing else.
    Content(u128),
}

/// Set where the rest is a hash.
const HASHED: u128 = 1 << 127;
/// Set where it is one of a whole content.
const CONTENT: u128 = 1 << 126;
const HEX_DIGITS_AT_MOST: usize = 30;

impl RecordKey {
    /// The key of a record with this id.
    pub fn of_id(id: &str) -> Self {
        Self::of_id_bytes(id.as_bytes())
    }

    /// The same of an id in UTF-8.
    pub fn of_id_bytes(id: &[u8]) -> Self {
        Self::Id(exact(id).unwrap_or_else(|| hash(id) & !CONTENT))
    }

    /// The key of a record whose id is not plain text: a number, or text that UTF-8 cannot hold. It is given as JSON, and
    /// never equals that of the same bytes as plain text.
    pub fn of_json_id_bytes(id: &[u8]) -> Self {
        // No UTF-8 text begins with this byte.
        Self::Id(hash(&[&[0xff], id].concat()) & !CONTENT)
    }

    /// The key of the same record in a list of many people, of whom `person` is the owner; where the record does not say it,
    /// `person` is empty, and the key stays.
    #[must_use]
    pub fn owned_by(self, person: &[u8]) -> Self {
        match self {
            Self::Id(key) if !person.is_empty() => {
                Self::Id(hash(&[person, &[0xff], &key.to_be_bytes()].concat()) & !CONTENT)
            }
            // A content says whose it is.
            Self::Id(key) | Self::Content(key) => Self::Id(key),
        }
    }

    /// The key of a record without an id, from its content in any stable text form.
    pub fn of_content(text: &str) -> Self {
        Self::of_content_bytes(text.as_bytes())
    }

    /// The same of a text in UTF-8.
    pub fn of_content_bytes(text: &[u8]) -> Self {
        Self::Content(hash(text) | CONTENT)
    }

    /// 64 bits of it.
    pub fn hash(self) -> u64 {
        let (Self::Id(key) | Self::Content(key)) = self;
        mix(key)
    }

    /// 48 bits of it, for cursors; `None` where the record has no id.
    pub fn short(self) -> Option<u64> {
        let Self::Id(key) = self else { return None };
        let [a, b, c, d, e, f, ..] = mix(key).to_be_bytes();
        Some(u64::from_be_bytes([0, 0, a, b, c, d, e, f]))
    }
}

/// Lower-case hexadecimal digits as a number, behind their count, so that `0a` and `a` differ.
fn exact(id: &[u8]) -> Option<u128> {
    if id.is_empty() || id.len() > HEX_DIGITS_AT_MOST {
        return None;
    }
    let count = u128::try_from(id.len()).ok()?;
    id.iter().try_fold(count, |value, &byte| {
        let digit = match byte {
            b'0'..=b'9' => byte.wrapping_sub(b'0'),
            b'a'..=b'f' => byte.wrapping_sub(b'a').wrapping_add(10),
            _ => return None,
        };
        Some(value << 4 | u128::from(digit))
    })
}

fn hash(text: &[u8]) -> u128 {
    Fnv128::of(text).0 | HASHED
}

/// Spreads both halves over 64 bits (the finalizer of MurmurHash3).
fn mix(key: u128) -> u64 {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = key.to_be_bytes();
    let high = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    let low = u64::from_be_bytes([i, j, k, l, m, n, o, p]);
    // Finished each by itself: halves that depend on each other must not cancel each other out.
    finish(low ^ finish(high))
}

fn finish(mut value: u64) -> u64 {
    value = (value ^ value >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    value = (value ^ value >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    value ^ value >> 33
}

/// Keys are hashes or ids already; hashing them again byte by byte would only cost.
#[derive(Default)]
pub struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = mix(key);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Ids that have been read.
pub type KeySet = HashSet<u128, BuildHasherDefault<KeyHasher>>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    #[test]
    fn ids_of_the_api_are_held_exactly() {
        let RecordKey::Id(key) = RecordKey::of_id("5502b1e1bfc3ab1c00be0a17") else { panic!() };
        assert_eq!(key & ((1 << 96) - 1), 0x5502_b1e1_bfc3_ab1c_00be_0a17);
        assert_eq!(key & HASHED, 0);
    }

    #[test]
    fn a_leading_zero_makes_another_id() {
        assert_ne!(RecordKey::of_id("0a"), RecordKey::of_id("a"));
    }

    #[test]
    fn a_record_without_an_id_has_no_short_key_unless_its_content_identifies_it() {
        assert_eq!(RecordKey::of_content("{}").short(), None);
        assert!(RecordKey::of_content("{}").owned_by(b"").short().is_some());
    }

    #[test]
    fn keys_of_contents_and_of_ids_are_apart() {
        for text in ["{}", "a", "5502b1e1bfc3ab1c00be0a17", "some-other-id"] {
            assert_ne!(RecordKey::of_content(text).owned_by(b""), RecordKey::of_id(text));
        }
    }

    #[test]
    fn an_id_that_is_a_number_is_another_than_the_same_digits_as_text() {
        assert_ne!(RecordKey::of_json_id_bytes(b"1"), RecordKey::of_id("1"));
        assert_ne!(RecordKey::of_json_id_bytes(b"1"), RecordKey::of_json_id_bytes(b"2"));
        assert_ne!(RecordKey::of_json_id_bytes(b"\"a\""), RecordKey::of_id("\"a\""));
    }

    #[test]
    fn the_same_id_of_two_people_is_two_records() {
        let key = RecordKey::of_id("5502b1e1bfc3ab1c00be0a17");
        assert_ne!(key.owned_by(b"anna"), key.owned_by(b"berta"));
        assert_eq!(key.owned_by(b"anna"), key.owned_by(b"anna"));
        assert_eq!(key.owned_by(b""), key);
        assert_ne!(RecordKey::of_id("b").owned_by(b"a"), RecordKey::of_id("").owned_by(b"ab"));
    }

    #[test]
    fn short_keys_differ_where_both_halves_of_an_id_count_up_together() {
        let id = |n: u64| format!("{n:08x}{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let keys: HashSet<_> = (0..1000).map(|n| RecordKey::of_id(&id(n)).short()).collect();
        assert_eq!(keys.len(), 1000);
    }

    proptest! {
        #[test]
        fn different_ids_have_different_keys(a in "[0-9a-z-]{1,40}", b in "[0-9a-z-]{1,40}") {
            prop_assert_eq!(a == b, RecordKey::of_id(&a) == RecordKey::of_id(&b));
        }

        #[test]
        fn short_keys_have_48_bits(id in ".{1,40}") {
            prop_assert!(RecordKey::of_id(&id).short().unwrap() < 1 << 48);
        }
    }
}
