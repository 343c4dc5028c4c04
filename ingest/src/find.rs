//! Finds, counts and compares bytes, eight at a time.
//!
//! In WebAssembly neither the standard library's searches nor its comparisons take more than one byte at a time.

use crate::scan_count;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte that is 0; of those after the first such byte it may be set without reason.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// How many bytes are before the lowest bit that is set, if one is.
fn bytes_before(bits: u64) -> usize {
    usize::try_from(bits.trailing_zeros() / 8).unwrap_or(0)
}

/// Where one of the wanted bytes stands first.
#[inline(always)]
fn find_by(bytes: &[u8], marks: impl Fn(u64) -> u64, is_wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let search = || {
        let (words, tail) = bytes.as_chunks::<8>();
        let mut at = 0;
        for word in words {
            let found = marks(u64::from_le_bytes(*word));
            if found != 0 {
                return Some(at + bytes_before(found));
            }
            at += 8;
        }
        Some(at + tail.iter().position(|&byte| is_wanted(byte))?)
    };
    scan_count::add_until(bytes, search())
}

#[inline]
pub fn find(bytes: &[u8], wanted: u8) -> Option<usize> {
    find_by(bytes, |word| zeros(word ^ eight(wanted)), |byte| byte == wanted)
}

#[inline]
pub fn find_either(bytes: &[u8], one: u8, other: u8) -> Option<usize> {
    let marks = |word| zeros(word ^ eight(one)) | zeros(word ^ eight(other));
    find_by(bytes, marks, |byte| byte == one || byte == other)
}

#[inline]
pub fn find_any(bytes: &[u8], wanted: [u8; 3]) -> Option<usize> {
    let [one, two, three] = wanted;
    let marks = |word| zeros(word ^ eight(one)) | zeros(word ^ eight(two)) | zeros(word ^ eight(three));
    find_by(bytes, marks, |byte| byte == one || byte == two || byte == three)
}

/// Where the first byte stands that a JSON string cannot have as it is: a quote, a backslash or a control character.
pub fn find_special(bytes: &[u8]) -> Option<usize> {
    // As in `zeros`, of the bytes after the first marked one some may be marked without reason.
    let controls = |word: u64| word.wrapping_sub(eight(b' ')) & !word & HIGHS;
    let marks = |word| zeros(word ^ eight(b'"')) | zeros(word ^ eight(b'\\')) | controls(word);
    find_by(bytes, marks, |byte| matches!(byte, b'"' | b'\\' | 0..32))
}

pub fn line_feeds(bytes: &[u8]) -> u64 {
    scan_count::add(bytes.len());
    let (words, tail) = bytes.as_chunks::<8>();
    let mut total = 0_u64;
    // So many words can be counted, a byte for each place, before one overflows.
    for words in words.chunks(255) {
        let mut places = 0_u64;
        for word in words {
            let word = u64::from_le_bytes(*word) ^ eight(b'\n');
            // Exact for every byte: no carry leaves it.
            let filled = ((word & !HIGHS) + !HIGHS) | word;
            places += (!filled & HIGHS) >> 7;
        }
        let pairs = (places & 0x00ff_00ff_00ff_00ff) + (places >> 8 & 0x00ff_00ff_00ff_00ff);
        total += pairs.wrapping_mul(0x0001_0001_0001_0001) >> 48;
    }
    total + tail.iter().map(|&byte| u64::from(byte == b'\n')).sum::<u64>()
}

/// How many bytes the two have in common from their start on.
#[inline]
pub fn common(one: &[u8], other: &[u8]) -> usize {
    let ((words, tail), (others, others_tail)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    let mut at = 0;
    for (word, other) in words.iter().zip(others) {
        let differing = u64::from_le_bytes(*word) ^ u64::from_le_bytes(*other);
        if differing != 0 {
            return at + bytes_before(differing);
        }
        at += 8;
    }
    // The shorter of the two is through with its words.
    let (tail, others_tail) = match words.len().cmp(&others.len()) {
        std::cmp::Ordering::Equal => (tail, others_tail),
        std::cmp::Ordering::Less => (tail, other.get(at..).unwrap_or_default()),
        std::cmp::Ordering::Greater => (one.get(at..).unwrap_or_default(), others_tail),
    };
    at + tail.iter().zip(others_tail).take_while(|(byte, other)| byte == other).count()
}

/// What follows `start`, if `text` begins with it: for texts that are known only when the program runs.
#[inline(always)]
pub fn strip_start<'text>(text: &'text [u8], start: &[u8]) -> Option<&'text [u8]> {
    let (head, rest) = text.split_at_checked(start.len())?;
    scan_count::add(start.len());
    let ((words, tail), (others, others_tail)) = (head.as_chunks::<8>(), start.as_chunks::<8>());
    let mut differ = 0;
    for (word, other) in words.iter().zip(others) {
        differ |= u64::from_le_bytes(*word) ^ u64::from_le_bytes(*other);
    }
    if differ != 0 {
        return None;
    }
    // The last eight bytes at once, though some have been compared already.
    let is_same = match (head.last_chunk::<8>(), start.last_chunk::<8>()) {
        (Some(word), Some(other)) => u64::from_le_bytes(*word) == u64::from_le_bytes(*other),
        _ => tail == others_tail,
    };
    is_same.then_some(rest)
}

/// What follows `start`, if `text` begins with it: for texts that are known when the program is compiled.
#[inline(always)]
pub fn strip_literal<'text, const N: usize>(text: &'text [u8], start: &[u8; N]) -> Option<&'text [u8]> {
    let (head, rest) = text.split_first_chunk::<N>()?;
    strip_start(head, start).map(|_| rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_are_found_where_a_look_at_each_finds_them(bytes in "[ab<\n\u{80}\u{ff}]{0,40}") {
            let bytes = bytes.as_bytes();
            prop_assert_eq!(find(bytes, b'<'), bytes.iter().position(|&byte| byte == b'<'));
            let either = bytes.iter().position(|&byte| byte == b'<' || byte == b'b');
            prop_assert_eq!(find_either(bytes, b'<', b'b'), either);
            let any = bytes.iter().position(|byte| b"<b\n".contains(byte));
            prop_assert_eq!(find_any(bytes, *b"<b\n"), any);
        }

        #[test]
        fn special_bytes_are_found_where_a_look_at_each_finds_them(
            bytes in prop::collection::vec(prop_oneof![40 => 0x23..=0xff_u8, 1 => any::<u8>(), 1 => Just(b'"'), 1 => Just(b'\\')], 0..60),
        ) {
            let expected = bytes.iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\');
            prop_assert_eq!(find_special(&bytes), expected);
        }

        #[test]
        fn line_feeds_are_counted(bytes in prop::collection::vec(9_u8..12, 0..5000)) {
            let count = bytes.iter().filter(|&&byte| byte == b'\n').count();
            prop_assert_eq!(line_feeds(&bytes), u64::try_from(count).unwrap());
        }

        #[test]
        fn beginnings_are_compared(one in "[ab]{0,30}", other in "[ab]{0,30}", rest in "[ab]{0,9}") {
            for (one, other) in [(one.clone(), other.clone()), ([&*one, &*rest].concat(), [&*one, &*other].concat())] {
                let (one, other) = (one.as_bytes(), other.as_bytes());
                let common_bytes = one.iter().zip(other).take_while(|(byte, other)| byte == other).count();
                prop_assert_eq!(common(one, other), common_bytes);
                prop_assert_eq!(strip_start(one, other), one.strip_prefix(other));
                prop_assert_eq!(strip_literal(one, b"abaabbabb"), one.strip_prefix(b"abaabbabb"));
            }
        }
    }

    #[test]
    fn many_line_feeds_do_not_overflow() {
        assert_eq!(line_feeds(&[b'\n'; 100_003]), 100_003);
    }
}
