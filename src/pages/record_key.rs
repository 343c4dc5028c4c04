//! What identifies a record while a list is walked.

use crate::fnv::Fnv128;
use crate::key_table::{KeyTable, TableKey};

/// A record's identity, in sixteen bytes whatever its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordKey {
    /// The record has an id. Ids of up to 30 hexadecimal digits (Human API's have 24) are kept exactly, others as a
    /// hash.
    Id(u128),
    /// The record has no id: a hash of its content, only good for seeing that two pages are the same.
    Content(u128),
}

/// Set if the other bits are a hash.
const HASHED: u128 = 1 << 127;
/// Set if they are a hash of a record's whole content.
const CONTENT: u128 = 1 << 126;
const MAX_HEX_DIGITS: usize = 30;

impl RecordKey {
    /// The key of a record with this id, in UTF-8.
    pub fn of_id(id: impl AsRef<[u8]>) -> Self {
        let id = id.as_ref();
        Self::Id(exact(id).unwrap_or_else(|| hash(id) & !CONTENT))
    }

    /// The key of a record whose id is a number, or text that UTF-8 cannot hold; `id` is the id as JSON. The key
    /// differs from the key of the same bytes as plain text.
    pub fn of_json_id(id: &[u8]) -> Self {
        // No UTF-8 text begins with this byte.
        Self::Id(hash(&[&[0xff], id].concat()) & !CONTENT)
    }

    /// The key of the same record in a list of many people, as a record of `person`. If `person` is empty, as the
    /// record does not say whose it is, the key stays the same.
    #[must_use]
    pub fn owned_by(self, person: &[u8]) -> Self {
        match self {
            Self::Id(key) if !person.is_empty() => {
                let hash = Fnv128::of(person).and(&[0xff]).and(&key.to_be_bytes()).0 | HASHED;
                Self::Id(hash & !CONTENT)
            }
            // The content says whose record it is.
            Self::Id(key) | Self::Content(key) => Self::Id(key),
        }
    }

    /// The key of a record without an id, from its content in any stable text form, in UTF-8.
    pub fn of_content(text: impl AsRef<[u8]>) -> Self {
        Self::Content(hash(text.as_ref()) | CONTENT)
    }

    /// The id, or the hash of the content.
    pub fn number(self) -> u128 {
        let (Self::Id(key) | Self::Content(key)) = self;
        key
    }

    /// Whether the key was made of a record's content, as the record has no id that can be relied on.
    pub fn is_of_content(self) -> bool {
        self.number() & (HASHED | CONTENT) == HASHED | CONTENT
    }

    /// 64 bits of the key, well mixed.
    pub fn hash(self) -> u64 {
        self.number().mixed()
    }

    /// 48 bits of the key, for cursors; `None` if the record has no id.
    pub fn short(self) -> Option<u64> {
        let Self::Id(key) = self else { return None };
        let [a, b, c, d, e, f, ..] = key.mixed().to_be_bytes();
        Some(u64::from_be_bytes([0, 0, a, b, c, d, e, f]))
    }
}

/// Lower-case hexadecimal digits as a number, with their count in front so that `0a` and `a` differ.
fn exact(id: &[u8]) -> Option<u128> {
    if id.is_empty() || id.len() > MAX_HEX_DIGITS {
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

/// A set of ids.
pub type KeySet = KeyTable<u128>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn ids_of_the_api_are_kept_exactly() {
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
    fn a_content_and_an_id_never_have_the_same_key() {
        for text in ["{}", "a", "5502b1e1bfc3ab1c00be0a17", "some-other-id"] {
            assert_ne!(RecordKey::of_content(text).owned_by(b""), RecordKey::of_id(text));
            assert!(RecordKey::of_content(text).owned_by(b"anna").is_of_content());
            let ids = [RecordKey::of_id(text), RecordKey::of_json_id(text.as_bytes())];
            assert!(ids.into_iter().all(|id| !id.is_of_content() && !id.owned_by(b"anna").is_of_content()));
        }
    }

    #[test]
    fn a_number_and_the_same_digits_as_text_are_different_ids() {
        assert_ne!(RecordKey::of_json_id(b"1"), RecordKey::of_id("1"));
        assert_ne!(RecordKey::of_json_id(b"1"), RecordKey::of_json_id(b"2"));
        assert_ne!(RecordKey::of_json_id(b"\"a\""), RecordKey::of_id("\"a\""));
    }

    #[test]
    fn records_of_two_people_with_the_same_id_have_different_keys() {
        let key = RecordKey::of_id("5502b1e1bfc3ab1c00be0a17");
        assert_ne!(key.owned_by(b"anna"), key.owned_by(b"berta"));
        assert_eq!(key.owned_by(b"anna"), key.owned_by(b"anna"));
        assert_eq!(key.owned_by(b""), key);
        assert_ne!(RecordKey::of_id("b").owned_by(b"a"), RecordKey::of_id("").owned_by(b"ab"));
    }

    #[test]
    fn short_keys_differ_where_both_halves_of_an_id_count_up_together() {
        let id = |n: u64| format!("{n:08x}{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let keys: HashSet<_> = (0..1000).map(|n| RecordKey::of_id(id(n)).short()).collect();
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
