//! Values with their kind, version and checksum.
//!
//! ```text
//! "HS" · kind · version · checksum of all the rest (8 bytes, little-endian) · content
//! ```

use crate::error::{Error, StoreError};

/// What a value is for. A value of one kind under the key of another is as wrong as a damaged one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Which devices and months a ledger knows.
    Index,
    /// One device's month of a ledger.
    Month,
    /// A batch that was sent or is about to be.
    Batch,
    /// Samples that wait for others.
    Held,
    /// The server that a ledger of an early version belongs to.
    Server,
    /// The server that positions of an early version belong to.
    PositionServer,
    /// Up to where a type was kept in sync.
    Position,
    /// What was delivered last.
    Seen,
}

const MARK: [u8; 2] = *b"HS";
const HEAD: usize = 12;

static DAMAGED: &str = "a value in the store is damaged: it is not what was put there. Restore the store from a copy, or \
                        call forget(), which makes the next upload send everything again";
static DAMAGED_POSITION: &str = "a position in the store is damaged: it is not what was put there. Restore the store from a copy, \
                                 or remove its keys that begin with sync/, which makes the next run begin at `since` again";
static NEWER: &str = "a value in the store was written by a newer version of humansync: use that version, or a store of its \
                      own for this one";

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Self::Index => b'i',
            Self::Month => b'm',
            Self::Batch => b'b',
            Self::Held => b'h',
            Self::Server => b'o',
            Self::PositionServer => b'w',
            Self::Position => b'p',
            Self::Seen => b's',
        }
    }

    /// The version that is written; earlier ones are read as well.
    const fn version(self) -> u8 {
        match self {
            // 2: the first start of each day.
            Self::Month => 2,
            // 2: how far runs have read by a clock that was set back; marks in as many values as it takes.
            Self::Position | Self::Seen => 2,
            _ => 1,
        }
    }
}

/// `content` as it is kept.
pub fn seal(kind: Kind, content: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(content.len().saturating_add(HEAD));
    value.extend_from_slice(&MARK);
    value.extend_from_slice(&[kind.byte(), kind.version()]);
    value.extend_from_slice(&checksum(kind, content).to_le_bytes());
    value.extend_from_slice(content);
    value
}

/// The content of a value.
///
/// # Errors
/// [`Error::Store`] with the code `damaged`, or `newer` where a later version wrote it.
pub fn open(kind: Kind, value: &[u8]) -> Result<&[u8], Error> {
    open_version(kind, value).map(|(_, content)| content)
}

/// The same, with the version in which it was written.
///
/// # Errors
/// Those of [`open`].
pub fn open_version(kind: Kind, value: &[u8]) -> Result<(u8, &[u8]), Error> {
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

/// A value that is not what was put there.
#[cold]
pub fn damaged(kind: Kind) -> Error {
    let message = match kind {
        Kind::Position | Kind::PositionServer | Kind::Seen => DAMAGED_POSITION,
        Kind::Index | Kind::Month | Kind::Batch | Kind::Held | Kind::Server => DAMAGED,
    };
    store_error("damaged", message)
}

fn store_error(code: &'static str, message: &'static str) -> Error {
    Error::Store(Box::new(StoreError { code, message, cause: None }))
}

/// Eight bytes at a time, each step a bijection of what came before: a single changed word always changes the sum. For
/// damage, not for malice: who can write to the store can write the sum as well.
fn checksum(kind: Kind, content: &[u8]) -> u64 {
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
        fn what_is_kept_comes_back(content: Vec<u8>) {
            let value = seal(Kind::Month, &content);
            prop_assert_eq!(open(Kind::Month, &value).unwrap(), &content[..]);
        }

        #[test]
        fn a_changed_bit_is_damage(content: Vec<u8>, place: prop::sample::Index, bit in 0..8_u8) {
            let mut value = seal(Kind::Held, &content);
            let place = place.index(value.len());
            value[place] ^= 1_u8 << bit;
            let expected = if place == 3 && value[3] > Kind::Held.version() { "newer" } else { "damaged" };
            prop_assert_eq!(code(open(Kind::Held, &value)), expected);
        }

        #[test]
        fn a_value_that_was_cut_is_damage(content: Vec<u8>, place: prop::sample::Index) {
            let value = seal(Kind::Index, &content);
            prop_assert_eq!(code(open(Kind::Index, &value[..place.index(value.len())])), "damaged");
        }
    }

    #[test]
    fn a_value_of_another_kind_is_damage() {
        assert_eq!(code(open(Kind::Index, &seal(Kind::Batch, b"x"))), "damaged");
    }

    #[test]
    fn the_form_stays_as_it_is() {
        // Stores outlive versions of the package. The checksum was worked out apart from this code.
        let expected = [72, 83, 104, 1, 216, 151, 246, 231, 30, 150, 21, 33, 97, 98, 99];
        assert_eq!(seal(Kind::Held, b"abc"), expected);
    }
}
