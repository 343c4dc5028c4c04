//! The records that a consumer has: a port, through which they come in chunks and are held by nobody.

use crate::error::Error;
use crate::pages::{KeySet, RecordKey};
use std::future::Future;

/// What a consumer has, and which of it is still looked for.
pub trait KnownRecords {
    /// The next chunk; `None` at the end. The chunk before it is forgotten, but for what was kept.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<KnownRecord>>, Error>>;

    /// Keeps of the last chunk the records at these indices, which are in ascending order.
    fn keep(&mut self, indices: &[usize]);

    /// Goes over the records that were kept so far, from the first one, and over no others. None of them is kept until
    /// [`KnownRecords::keep`] says so again.
    fn narrow(&mut self);
}

/// What identifies a record of the consumer.
#[derive(Clone, Debug)]
pub struct KnownRecord {
    /// Its id as text.
    id: RecordKey,
    /// The same id as a number, if it may be one.
    number: Option<RecordKey>,
    person: Vec<u8>,
}

impl KnownRecord {
    /// The record of `person` with this id, both in UTF-8.
    pub fn of_id(id: &[u8], person: &[u8]) -> Self {
        let digits = id.strip_prefix(b"-").unwrap_or(id);
        let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
        Self {
            id: RecordKey::of_id(id),
            number: is_number.then(|| RecordKey::of_json_id(id)),
            person: person.to_vec(),
        }
    }

    /// The record of `person` with an id that UTF-8 cannot hold, as JSON.
    pub fn of_json_id(id: &[u8], person: &[u8]) -> Self {
        Self { id: RecordKey::of_json_id(id), number: None, person: person.to_vec() }
    }

    /// Whether a list with these keys has the record. In doubt it does: a record with the same id that does not say whose
    /// it is may be this one, and so may one whose id is a number with the same digits.
    pub fn is_in(&self, keys: &KeySet) -> bool {
        let ids = [Some(self.id), self.number].into_iter().flatten();
        ids.flat_map(|id| [id.owned_by(&self.person), id]).any(|key| keys.contains(key.number()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    const ID: &str = "5502b1e1bfc3ab1c00be0a17";

    fn set(keys: &[RecordKey]) -> KeySet {
        keys.iter().map(|key| key.number()).collect()
    }

    #[test]
    fn a_record_is_known_by_its_id_and_its_person() {
        let known = KnownRecord::of_id(ID.as_bytes(), b"anna");
        assert!(known.is_in(&set(&[RecordKey::of_id(ID).owned_by(b"anna")])));
        assert!(!known.is_in(&set(&[RecordKey::of_id(ID).owned_by(b"berta")])));
        assert!(!known.is_in(&set(&[RecordKey::of_id("5502").owned_by(b"anna")])));
        assert!(!known.is_in(&KeySet::default()));
    }

    #[test]
    fn a_record_that_does_not_say_whose_it_is_may_be_this_one() {
        let known = KnownRecord::of_id(ID.as_bytes(), b"anna");
        assert!(known.is_in(&set(&[RecordKey::of_id(ID).owned_by(b"")])));
    }

    #[test]
    fn a_number_may_be_the_same_id_as_its_digits() {
        for person in [&b""[..], b"anna"] {
            let is_known = |id: &[u8]| {
                KnownRecord::of_id(id, b"anna").is_in(&set(&[RecordKey::of_json_id(b"12").owned_by(person)]))
            };
            assert!(is_known(b"12"));
            assert!(!is_known(b"13") && !is_known(b"-12") && !is_known(b"12a"));
        }
    }

    #[test]
    fn an_id_that_utf8_cannot_hold_is_compared_as_json() {
        let known = KnownRecord::of_json_id(br#""\ud800""#, b"anna");
        assert!(known.is_in(&set(&[RecordKey::of_json_id(br#""\ud800""#).owned_by(b"anna")])));
        assert!(!known.is_in(&set(&[RecordKey::of_json_id(br#""\ud801""#).owned_by(b"anna")])));
    }
}
