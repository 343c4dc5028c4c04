//! Checkpoints: positions as text, which consumers store together with the records.
//!
//! A checkpoint is bound to the owner of the data, to the type and to the conditions of the sync, and has a version and
//! a checksum. It contains no secret, no person and no record.

use super::position::Position;
use crate::api::shown;
use crate::base64;
use crate::error::{Error, OptionError};
use crate::store::{ByteReader, ByteWriter, ValueKind, open, seal};

/// What a checkpoint belongs to.
#[derive(Clone, Copy, Debug)]
pub struct CheckpointScope<'name> {
    /// See [`SyncOwner::fingerprint`](super::SyncOwner::fingerprint).
    pub owner: [u8; 16],
    /// The name of the type.
    pub name: &'name str,
    /// See [`conditions_fingerprint`](super::sync_owner::conditions_fingerprint).
    pub conditions: u64,
}

impl CheckpointScope<'_> {
    /// `position` as text: at most 2000 characters.
    pub fn to_text(self, position: &Position) -> String {
        let mut out = ByteWriter::default();
        out.raw(&self.owner);
        out.number(self.conditions);
        out.bytes(self.name.as_bytes());
        position.write(&mut out);
        base64::encode(&seal(ValueKind::Checkpoint, &out.finish()))
    }

    /// Reads what [`CheckpointScope::to_text`] wrote. Errors, about `option`: a text that is damaged or was made by a
    /// later version; one of another owner, another type or other conditions.
    pub fn position(self, option: &str, text: &str) -> Result<Position, OptionError> {
        let refuse = |why: &[&str]| {
            OptionError::new(option, ["`", option, "` has a checkpoint that ", &why.concat()].concat())
        };
        let damaged =
            "is damaged, or is none that this library made; give `delta.checkpoint` as it was stored";
        let value = base64::decode(text).ok_or_else(|| refuse(&[damaged]))?;
        let content = open(ValueKind::Checkpoint, &value).map_err(|error| match error {
            Error::Store(error) if error.code == "newer" => {
                refuse(&["was made by a later version of this library; update it here as well"])
            }
            _ => refuse(&[damaged]),
        })?;
        let from = &mut ByteReader::new(content);
        let parts = (|| Some((from.raw(16)?, from.number()?, from.text()?, Position::read(from)?)))();
        let (owner, conditions, name, position) =
            parts.filter(|_| from.is_at_end()).ok_or_else(|| refuse(&[damaged]))?;
        if name != self.name {
            return Err(refuse(&[
                "is of the type \"",
                &shown(&name),
                "\" and not of \"",
                self.name,
                "\"; store the checkpoints of each type apart",
            ]));
        }
        if owner != self.owner {
            return Err(refuse(&[
                "belongs to another client: to another server, app or account; store the checkpoints of each apart, or \
                 leave it out to begin anew",
            ]));
        }
        if conditions != self.conditions {
            return Err(refuse(&[
                "belongs to a sync with another `source` or other `params`; store the checkpoints of each apart, or \
                 leave it out to begin anew",
            ]));
        }
        Ok(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::coverage::Coverage;
    use crate::sync::position::{UnfinishedWindow, UpdateFilter};
    use crate::sync::window::Window;
    use crate::testing::test;
    use proptest::prelude::*;

    const SCOPE: CheckpointScope = CheckpointScope { owner: [7; 16], name: "weights", conditions: 9 };

    fn position() -> Position {
        let mut coverage = Coverage::default();
        (0..8).for_each(|year| {
            coverage.add(Window { since: year * 1000, before: year * 1000 + 900 }, i64::MAX)
        });
        let unfinished = UnfinishedWindow {
            window: Window { since: 2, before: 7 },
            until: 5,
            cursor: "A".repeat(494),
            doubt: Some(1),
        };
        let (beginning, frontier) = (Some(0), Some(3));
        Position { beginning, coverage, unfinished: Some(unfinished), frontier, filter: UpdateFilter::Works }
    }

    fn message(scope: CheckpointScope, text: &str) -> String {
        let error = scope.position("from", text).unwrap_err();
        assert_eq!(error.option, "from");
        error.message
    }

    #[test]
    fn it_comes_back_and_is_short() {
        let text = SCOPE.to_text(&position());
        assert!(text.len() <= 2000, "{}", text.len());
        assert_eq!(SCOPE.position("from", &text).unwrap(), position());
    }

    #[test]
    fn one_of_something_else_is_refused_and_the_error_says_which() {
        let text = SCOPE.to_text(&position());
        let of = |scope| message(scope, &text);
        assert!(
            of(CheckpointScope { name: "sleeps", ..SCOPE }).contains("\"weights\" and not of \"sleeps\"")
        );
        assert!(of(CheckpointScope { owner: [8; 16], ..SCOPE }).contains("another client"));
        assert!(of(CheckpointScope { conditions: 0, ..SCOPE }).contains("`source`"));
        let mut later = base64::decode(&text).unwrap();
        later[3] += 1;
        assert!(message(SCOPE, &base64::encode(&later)).contains("later version"));
        assert!(message(SCOPE, "2024-01-01").contains("damaged"));
    }

    proptest! {
        #[test]
        fn a_changed_character_is_damage(place: prop::sample::Index, by in 1_u8..63) {
            let text = SCOPE.to_text(&position());
            let digits: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['-', '_']).collect();
            let mut chars: Vec<char> = text.chars().collect();
            let place = place.index(chars.len());
            let digit = digits.iter().position(|own| *own == chars[place]).unwrap();
            chars[place] = digits[(digit + by as usize) % 64];
            let changed: String = chars.into_iter().collect();
            prop_assert!(SCOPE.position("from", &changed).is_err());
        }

        #[test]
        fn no_text_is_a_panic(text: String, content: Vec<u8>) {
            let _ = SCOPE.position("from", &text);
            let _ = SCOPE.position("from", &base64::encode(&seal(ValueKind::Checkpoint, &content)));
        }
    }
}
