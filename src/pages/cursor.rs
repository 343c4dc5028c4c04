//! A place in a list that outlives the process: small, versioned, opaque, without a secret.
//!
//! Lists change, so an offset alone would lose records. A cursor carries seams: 48-bit hashes of records that were read
//! before it, namely the last two dozen and, at growing distances, older ones. However the list has changed since, one
//! of them shows where to go on.

use super::RecordKey;
use crate::api::Fingerprint;
use crate::base64;
use crate::error::OptionError;
use crate::fnv::Fnv32;

/// The place after a page, in the list of one query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Fingerprint of the query and the path that it belongs to.
    pub query: u64,
    /// Where the walk began.
    pub origin: u64,
    /// The position after the last record that was read.
    pub end: u64,
    /// What is known of the pass so far.
    pub pass: PassSummary,
    /// Short keys of records that were read before it, at the `distances` from the last one.
    pub seams: Vec<u64>,
}

/// What is known of a pass over the list: how many records there are, how many were delivered, and whether one may have
/// been missed. Cursors of the first version do not say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PassSummary {
    /// How many records were delivered.
    pub delivered: Option<u64>,
    /// The smallest total that the server reported.
    pub least_total: Option<u64>,
    /// A record may have been missed, so the list must be read again.
    pub doubtful: bool,
    /// How many passes there were before this one.
    pub passes: u8,
}

const VERSION: u8 = 2;
/// With so many seams a cursor has at most 494 characters.
const MAX_SEAMS: usize = 52;
const SEAM_BYTES: usize = 6;
const ONE_BY_ONE: u64 = 24;

/// How many records before the last one each seam was read: 0, 1, 2 … 24, then a third further each time.
fn distances() -> impl Iterator<Item = u64> {
    std::iter::successors(Some(0_u64), |&distance| {
        Some(if distance < ONE_BY_ONE { distance + 1 } else { distance + distance / 3 })
    })
    .take(MAX_SEAMS)
}

impl Cursor {
    /// A cursor after `read`, the short keys of all records read so far, in order.
    pub fn after(query: Fingerprint, origin: u64, end: u64, pass: PassSummary, read: &[u64]) -> Self {
        let seams = distances()
            .map_while(|distance| {
                let index = read.len().checked_sub(usize::try_from(distance).ok()?)?.checked_sub(1)?;
                read.get(index).copied()
            })
            .collect();
        Self { query: query.value(), origin, end, pass, seams }
    }

    /// The seam among `keys` that was read last: its index there, and its distance from the last record read.
    pub(super) fn nearest_seam(&self, keys: &[RecordKey]) -> Option<(usize, u64)> {
        self.seams.iter().zip(distances()).find_map(|(&seam, distance)| {
            // An id may be in the list twice: the last occurrence counts.
            let index = keys.iter().rposition(|key| key.short() == Some(seam))?;
            Some((index, distance))
        })
    }

    /// Whether this record is one of the seams.
    pub(super) fn has_seam(&self, key: RecordKey) -> bool {
        key.short().is_some_and(|short| self.seams.contains(&short))
    }

    /// Whether the page `keys` at position `start` shows beyond doubt where to go on: a seam is where it was, or
    /// follows the same record as before. A single id is no proof, as it may be in the list twice or may have moved.
    pub(super) fn is_certain_in(&self, keys: &[RecordKey], start: u64) -> bool {
        let Some((index, _)) = self.nearest_seam(keys) else { return self.seams.is_empty() };
        let at = |index: usize| keys.get(index).and_then(|key| key.short());
        let place = self.seams.iter().position(|seam| at(index) == Some(*seam));
        let Some(place) = place else { return false };
        let before = self.seams.get(place.saturating_add(1));
        match index.checked_sub(1) {
            Some(previous) => before.is_none() || at(previous) == before.copied(),
            None => start <= self.origin || place == 0 && start.saturating_add(1) == self.end,
        }
    }

    /// The short keys of the last records read, in order, as far back as no record is left out.
    pub(super) fn last_read(&self) -> Vec<u64> {
        let one_by_one = usize::try_from(ONE_BY_ONE).unwrap_or(0).saturating_add(1);
        self.seams.iter().take(one_by_one).rev().copied().collect()
    }

    /// The cursor as text, for a URL, a file or a database.
    pub fn to_text(&self) -> String {
        base64::encode(&self.to_bytes())
    }

    /// What the text is in base64.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.query.to_be_bytes());
        push_varint(&mut bytes, self.origin);
        push_varint(&mut bytes, self.end);
        bytes.push(self.pass.passes.min(127) << 1 | u8::from(self.pass.doubtful));
        for number in [self.pass.delivered, self.pass.least_total] {
            // Plus one: 0 stands for a number that is not known.
            push_varint(&mut bytes, number.map_or(0, |number| number.saturating_add(1)));
        }
        for seam in &self.seams {
            let [_, _, low @ ..] = seam.to_be_bytes();
            bytes.extend_from_slice(&low);
        }
        let sum = checksum(&bytes).to_be_bytes();
        bytes.extend_from_slice(&sum);
        bytes
    }

    /// Reads what [`Cursor::to_text`] wrote, and checks that it belongs to `query`.
    pub fn from_text(text: &str, query: Fingerprint) -> Result<Self, OptionError> {
        let refuse = |why: &str| {
            OptionError::new(
                "cursor",
                ["`cursor` ", why, "; give `Page.cursor` as it was, with the same query"].concat(),
            )
        };
        let bytes = base64::decode(text).ok_or_else(|| refuse("is not one that this library made"))?;
        let cursor = Self::from_bytes(&bytes).ok_or_else(|| match whole(&bytes).and_then(<[u8]>::first) {
            Some(&version) if version > VERSION => refuse("was made by a later version of this library"),
            _ => refuse("is damaged, or not one that this library made"),
        })?;
        if cursor.query != query.value() {
            return Err(refuse("belongs to another query"));
        }
        Ok(cursor)
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&version, rest) = whole(bytes)?.split_first()?;
        if !(1..=VERSION).contains(&version) {
            return None;
        }
        let (query, rest) = rest.split_first_chunk::<8>()?;
        let (origin, rest) = take_varint(rest)?;
        let (end, rest) = take_varint(rest)?;
        let (pass, rest) =
            if version == 1 { (PassSummary::default(), rest) } else { take_pass_summary(rest)? };
        let seams = rest.chunks(SEAM_BYTES).map(|chunk| {
            let &[a, b, c, d, e, f] = chunk else { return None };
            Some(u64::from_be_bytes([0, 0, a, b, c, d, e, f]))
        });
        let query = u64::from_be_bytes(*query);
        Some(Self { query, origin, end, pass, seams: seams.collect::<Option<_>>()? })
    }
}

/// The bytes before the checksum, if it matches.
fn whole(bytes: &[u8]) -> Option<&[u8]> {
    let (content, sum) = bytes.split_last_chunk::<4>()?;
    (u32::from_be_bytes(*sum) == checksum(content)).then_some(content)
}

fn take_pass_summary(bytes: &[u8]) -> Option<(PassSummary, &[u8])> {
    let (&flags, rest) = bytes.split_first()?;
    let (delivered, rest) = take_varint(rest)?;
    let (least_total, rest) = take_varint(rest)?;
    let (delivered, least_total) = (delivered.checked_sub(1), least_total.checked_sub(1));
    Some((PassSummary { delivered, least_total, doubtful: flags & 1 != 0, passes: flags >> 1 }, rest))
}

/// LEB128.
fn push_varint(bytes: &mut Vec<u8>, mut value: u64) {
    loop {
        let [.., low] = value.to_be_bytes();
        value >>= 7;
        if value == 0 {
            bytes.push(low & 0x7f);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn take_varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (index, &byte) in bytes.iter().enumerate().take(9) {
        let shift = 7 * u32::try_from(index).ok()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(index + 1..)?));
        }
    }
    None
}

fn checksum(bytes: &[u8]) -> u32 {
    Fnv32::of(bytes).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    fn pass() -> PassSummary {
        PassSummary {
            delivered: Some((1 << 53) - 1),
            least_total: Some((1 << 53) - 1),
            doubtful: true,
            passes: 2,
        }
    }

    fn query() -> Fingerprint {
        Fingerprint::of("/human/activities")
    }

    #[test]
    fn the_longest_cursor_has_at_most_500_characters() {
        let read: Vec<u64> = (0..10_000_000).collect();
        let cursor = Cursor::after(query(), (1 << 53) - 1, (1 << 53) - 1, pass(), &read);
        assert_eq!(cursor.seams.len(), MAX_SEAMS);
        assert!(cursor.to_text().len() <= 500, "{}", cursor.to_text().len());
    }

    #[test]
    fn the_last_25_records_are_seams_and_older_ones_at_growing_distances() {
        let read: Vec<u64> = (0..1000).collect();
        let cursor = Cursor::after(query(), 0, 1000, pass(), &read);
        assert_eq!(cursor.seams[..3], [999, 998, 997]);
        assert_eq!(cursor.seams[24..27], [975, 967, 957]);
    }

    #[test]
    fn a_cursor_of_another_query_is_refused() {
        let text = Cursor::after(query(), 0, 3, pass(), &[1, 2, 3]).to_text();
        let error = Cursor::from_text(&text, Fingerprint::of("/human/sleeps")).unwrap_err();
        assert!(error.message.contains("another query"), "{error:?}");
    }

    #[test]
    fn a_cursor_of_a_later_version_is_refused_with_its_reason() {
        let mut bytes = base64::decode(&Cursor::after(query(), 0, 3, pass(), &[]).to_text()).unwrap();
        bytes[0] = VERSION + 1;
        let refused = |bytes: &[u8]| Cursor::from_text(&base64::encode(bytes), query()).unwrap_err();
        let error = refused(&bytes);
        assert!(error.message.contains("damaged"), "{error:?}");
        let content = bytes.len() - 4;
        let sum = checksum(&bytes[..content]).to_be_bytes();
        bytes[content..].copy_from_slice(&sum);
        let error = refused(&bytes);
        assert!(error.message.contains("later version"), "{error:?}");
    }

    #[test]
    fn a_cursor_of_the_first_version_is_read() {
        // Made by version 0.1.0 after three records from offset 0, whose short keys are 1, 2 and 3.
        let mut bytes = vec![1];
        bytes.extend_from_slice(&query().value().to_be_bytes());
        bytes.extend_from_slice(&[0, 3, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1]);
        bytes.extend_from_slice(&checksum(&bytes).to_be_bytes());
        let expected = Cursor::after(query(), 0, 3, PassSummary::default(), &[1, 2, 3]);
        assert_eq!(Cursor::from_text(&base64::encode(&bytes), query()), Ok(expected));
    }

    proptest! {
        #[test]
        fn a_cursor_is_the_same_after_a_round_trip_through_text(
            origin in 0..1_u64 << 53,
            end in 0..1_u64 << 53,
            delivered in prop::option::of(0..1_u64 << 53),
            least_total in prop::option::of(0..1_u64 << 53),
            doubtful: bool,
            passes in 0..128_u8,
            read in prop::collection::vec(0..1_u64 << 48, 0..200),
        ) {
            let pass = PassSummary { delivered, least_total, doubtful, passes };
            let cursor = Cursor::after(query(), origin, end, pass, &read);
            prop_assert_eq!(Cursor::from_text(&cursor.to_text(), query()), Ok(cursor));
        }

        #[test]
        fn any_other_text_is_refused(text in ".{0,60}") {
            prop_assert!(Cursor::from_text(&text, query()).is_err());
        }

        #[test]
        fn a_changed_character_is_detected(at in 0_usize..40, read in prop::collection::vec(0..1_u64 << 48, 5..20)) {
            let text = Cursor::after(query(), 0, 99, pass(), &read).to_text();
            let mut bytes = text.into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            prop_assert!(Cursor::from_text(&String::from_utf8(bytes).unwrap(), query()).is_err());
        }
    }
}
