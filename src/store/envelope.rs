//! The envelope of every stored value: its kind, its version and a checksum.
//!
//! ```text
//! "HS" · kind · version · checksum of all the rest (8 bytes, little-endian) · content
//! ```
//!
//! The version 255 and the kind `j` are never used here: a journal of the file store begins with "HS", the kind of its
//! values (`j` of values without an envelope) and 255, so that versions of the package that know no journals take it for
//! a value of a later one.

use crate::error::{Error, StoreError};

/// What a value is for. A value of one kind under the key of another counts as damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// The devices and months of a ledger.
    Index,
    /// One month of a device in a ledger.
    Month,
    /// A batch that was sent or is about to be.
    Batch,
    /// Samples that wait until there are enough for a batch.
    Held,
    /// The server that owns a ledger of an early version.
    LedgerOwner,
    /// The server that owns positions of an early version.
    PositionOwner,
    /// The position of a type.
    Position,
    /// Marks of delivered records.
    Marks,
    /// A position that the consumer stores, as text.
    Checkpoint,
}

const MARK: [u8; 2] = *b"HS";
const HEAD: usize = 12;

static DAMAGED: &str = "a value in the store is damaged: it is not what was put there. Restore the store \
                        from a copy, or call forget(), which makes the next upload send everything again";
static DAMAGED_POSITION: &str = "a position in the store is damaged: it is not what was put there. Restore \
                                 the store from a copy, or remove its keys that begin with sync/, which \
                                 makes the next run begin at `since` again";
static NEWER: &str = "a value in the store was written by a newer version of humansync: use that version, or \
                      a store of its own for this one";

impl ValueKind {
    const fn byte(self) -> u8 {
        match self {
            Self::Index => b'i',
            Self::Month => b'm',
            Self::Batch => b'b',
            Self::Held => b'h',
            Self::LedgerOwner => b'o',
            Self::PositionOwner => b'w',
            Self::Position => b'p',
            Self::Marks => b's',
            Self::Checkpoint => b'c',
        }
    }

    /// The version that is written. Earlier ones can still be read.
    const fn version(self) -> u8 {
        match self {
            // 2: adds the first start of each day.
            Self::Month => 2,
            // 2: adds how far runs have read by a clock that was set back.
            // 3: the marks that fill no slot yet are part of it; whether the server knows updates.
            Self::Position => 3,
            // 2: adds more slots.
            Self::Marks => 2,
            _ => 1,
        }
    }
}

/// Seals `content` for the store.
pub fn seal(kind: ValueKind, content: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(content.len().saturating_add(HEAD));
    value.extend_from_slice(&MARK);
    value.extend_from_slice(&[kind.byte(), kind.version()]);
    value.extend_from_slice(&checksum(kind, content).to_le_bytes());
    value.extend_from_slice(content);
    value
}

/// The content of a sealed value. Errors: [`Error::Store`] with the code `damaged`, or `newer` if a later version of
/// the package wrote the value.
pub fn open(kind: ValueKind, value: &[u8]) -> Result<&[u8], Error> {
    open_version(kind, value).map(|(_, content)| content)
}

/// The version and the content of a sealed value.
pub fn open_version(kind: ValueKind, value: &[u8]) -> Result<(u8, &[u8]), Error> {
    let (head, rest) = value.split_first_chunk::<4>().ok_or_else(|| damaged(kind))?;
    let (sum, content) = rest.split_first_chunk::<8>().ok_or_else(|| damaged(kind))?;
    let [h, s, its_kind, version] = *head;
    if [h, s] == MARK && its_kind == kind.byte() && version > kind.version() {
        return Err(store_error("newer", NEWER));
    }
    let whole = [h, s] == MARK && its_kind == kind.byte() && version > 0;
    if whole && u64::from_le_bytes(*sum) == checksum(kind, content) {
        Ok((version, content))
    } else {
        Err(damaged(kind))
    }
}

/// The error for a value that was changed since it was stored.
#[cold]
pub fn damaged(kind: ValueKind) -> Error {
    let message = match kind {
        ValueKind::Position | ValueKind::PositionOwner | ValueKind::Marks => DAMAGED_POSITION,
        ValueKind::Index
        | ValueKind::Month
        | ValueKind::Batch
        | ValueKind::Held
        | ValueKind::LedgerOwner
        | ValueKind::Checkpoint => DAMAGED,
    };
    store_error("damaged", message)
}

fn store_error(code: &'static str, message: &'static str) -> Error {
    Error::Store(Box::new(StoreError { code, message, cause: None }))
}

/// Takes eight bytes at a time. Each step is a bijection of the sum so far, so a single changed word always changes the
/// result. It protects against damage, not against malice: whoever can write to the store can write the sum as well.
fn checksum(kind: ValueKind, content: &[u8]) -> u64 {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let step = |sum: u64, word: u64| {
        let mixed = (sum ^ word).wrapping_mul(MIX);
        mixed ^ (mixed >> 32)
    };
    let length = u64::try_from(content.len()).unwrap_or(u64::MAX);
    let mut sum = step(u64::from(kind.byte()), length);
    let (words, rest) = content.as_chunks::<8>();
    for word in words {
        sum = step(sum, u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    step(sum, u64::from_le_bytes(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    fn code(outcome: Result<&[u8], Error>) -> &'static str {
        match outcome {
            Err(Error::Store(error)) => error.code,
            other => panic!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn sealed_content_comes_back(content: Vec<u8>) {
            let value = seal(ValueKind::Month, &content);
            prop_assert_eq!(open(ValueKind::Month, &value).unwrap(), &content[..]);
        }

        #[test]
        fn a_changed_bit_is_damage(content: Vec<u8>, place: prop::sample::Index, bit in 0..8_u8) {
            let mut value = seal(ValueKind::Held, &content);
            let place = place.index(value.len());
            value[place] ^= 1_u8 << bit;
            let expected = if place == 3 && value[3] > ValueKind::Held.version() { "newer" } else { "damaged" };
            prop_assert_eq!(code(open(ValueKind::Held, &value)), expected);
        }

        #[test]
        fn a_truncated_value_is_damage(content: Vec<u8>, place: prop::sample::Index) {
            let value = seal(ValueKind::Index, &content);
            prop_assert_eq!(code(open(ValueKind::Index, &value[..place.index(value.len())])), "damaged");
        }
    }

    #[test]
    fn a_value_of_another_kind_is_damage() {
        assert_eq!(code(open(ValueKind::Index, &seal(ValueKind::Batch, b"x"))), "damaged");
    }

    #[test]
    fn a_journal_of_the_file_store_is_newer_than_any_version() {
        for kind in [
            ValueKind::Index,
            ValueKind::Month,
            ValueKind::Batch,
            ValueKind::Held,
            ValueKind::LedgerOwner,
            ValueKind::PositionOwner,
            ValueKind::Position,
            ValueKind::Marks,
            ValueKind::Checkpoint,
        ] {
            // As in pkg-template/stores/file-journal.ts: what versions without journals read of one of this kind.
            let mut journal = b"HS?\xffjournal\x01".to_vec();
            journal[2] = kind.byte();
            journal.resize(1024, 0);
            assert_eq!(code(open(kind, &journal)), "newer");
            assert!(kind.version() < 0xff && kind.byte() != b'j');
        }
    }

    #[test]
    fn the_stored_form_is_stable() {
        // Stores outlive versions of the package. The checksum was computed independently of this code.
        let expected = [72, 83, 104, 1, 216, 151, 246, 231, 30, 150, 21, 33, 97, 98, 99];
        assert_eq!(seal(ValueKind::Held, b"abc"), expected);
    }
}
