//! The stored form of marks: in a slot, a value of their own, or as a part of the value of a position.

use super::marks::Mark;
use crate::error::Error;
use crate::store::{ByteReader, ByteWriter, ValueKind, damaged, open_version, seal};

/// How many slots the first version of the format had. It used them as a ring.
pub const FIRST_VERSION_SLOTS: u64 = 16;

/// The value of a slot with these marks.
pub fn encode(marks: &[Mark]) -> Vec<u8> {
    let mut out = ByteWriter::default();
    write_marks(marks, &mut out);
    seal(ValueKind::Marks, &out.finish())
}

/// The stored form: for each mark its hash and the seconds since the oldest mark.
pub fn write_marks(marks: &[Mark], out: &mut ByteWriter) {
    let base = marks.iter().map(|mark| mark.at()).min().unwrap_or_default();
    out.signed(base);
    out.count(marks.len());
    for mark in marks {
        out.number(mark.hash());
        // 136 years are enough: a later mark counts as that late.
        out.raw(&u32::try_from(mark.at().saturating_sub(base)).unwrap_or(u32::MAX).to_le_bytes());
    }
}

/// Reads the value of a slot. The first version also marked records that could still change under the same stamp, so of its
/// marks only those updated before `settled` count.
pub fn decode(value: &[u8], settled: i64) -> Result<Vec<Mark>, Error> {
    let (version, content) = open_version(ValueKind::Marks, value)?;
    let mut from = ByteReader::new(content);
    let marks = match version {
        1 => first_version(&mut from, settled),
        _ => read_marks(&mut from),
    };
    marks.filter(|_| from.is_at_end()).ok_or_else(|| damaged(ValueKind::Marks))
}

fn first_version(from: &mut ByteReader, settled: i64) -> Option<Vec<Mark>> {
    from.number()?;
    let marks = (0..from.count(16)?).map(|_| Some(Mark::from_parts(from.number()?, from.signed()?)));
    Some(marks.collect::<Option<Vec<Mark>>>()?.into_iter().filter(|mark| mark.at() < settled).collect())
}

/// Reads what [`write_marks`] wrote.
pub fn read_marks(from: &mut ByteReader) -> Option<Vec<Mark>> {
    let base = from.signed()?;
    let marks = (0..from.count(12)?).map(|_| {
        let hash = from.number()?;
        let (after, _) = from.raw(4)?.split_first_chunk()?;
        Some(Mark::from_parts(hash, base.saturating_add(i64::from(u32::from_le_bytes(*after)))))
    });
    marks.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::MarkCapacity;
    use crate::testing::test;

    #[test]
    fn a_value_is_no_larger_than_documented() {
        let capacity = MarkCapacity::default();
        let most = i64::try_from(capacity.marks_per_slot).unwrap() + 499;
        let marks: Vec<Mark> =
            (0..most).map(|number| Mark::from_parts(number as u64 * 7919, number)).collect();
        let value = encode(&marks);
        assert!(value.len() <= 43 * 1024, "{}", value.len());
        assert!(capacity.slots * capacity.marks_per_slot > 262_144);
    }

    #[test]
    fn the_first_version_of_the_format_is_read() {
        let mut out = ByteWriter::default();
        out.number(5);
        out.count(2);
        for (hash, at) in [(1, 100), (2, 200)] {
            out.number(hash);
            out.signed(at);
        }
        let mut value = seal(ValueKind::Marks, &out.finish());
        value[3] = 1;
        assert_eq!(decode(&value, 150).unwrap(), [Mark::from_parts(1, 100)]);
    }

    #[test]
    fn the_stored_form_is_stable() {
        let marks = [Mark::from_parts(1, 300), Mark::from_parts(2, 301)];
        let content = [
            44, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0,
            0, 0, 0, 0, 1, 0, 0, 0,
        ];
        let mut out = ByteWriter::default();
        write_marks(&marks, &mut out);
        assert_eq!(out.finish(), content);
        assert_eq!(decode(&seal(ValueKind::Marks, &content), 0).unwrap(), marks);
    }
}
