//! What a misspelt name was meant to be, and how a message repeats a text of the caller.

/// The most characters of a caller's text that a message repeats, and the most bytes that are compared.
const SHOWN: usize = 40;

/// The name in `known` that `given` was probably meant to be; of several equally near, the first.
///
/// Capitals, `_` and `-` do not count, so that the wire's `updated_since` finds `updatedSince`. Of what is left, a
/// third may be mistyped: a wrong, missing or additional byte, or two neighbours swapped. Names are ASCII, so a byte is
/// a character; one of another alphabet counts as two to four mistakes.
pub fn nearest<'k>(given: &str, known: &[&'k str]) -> Option<&'k str> {
    // A longer text is no mistyped name, and comparing it would take long.
    if given.len() > SHOWN {
        return None;
    }
    let given = folded(given);
    let mut best = None;
    let mut fewest = usize::MAX;
    for &name in known {
        let candidate = folded(name);
        let mistakes = distance(&given, &candidate);
        let allowed = given.len().max(candidate.len()).max(3) / 3;
        // An empty name, or one that shares no character with any, is no misspelling.
        let alike = mistakes < given.len();
        if mistakes <= allowed && alike && mistakes < fewest {
            fewest = mistakes;
            best = Some(name);
        }
    }
    best
}

/// A name without its case convention.
#[inline(never)]
pub(super) fn folded(name: &str) -> Vec<u8> {
    let mut folded = Vec::with_capacity(name.len());
    for byte in name.bytes() {
        if !matches!(byte, b'_' | b'-') {
            folded.push(byte.to_ascii_lowercase());
        }
    }
    folded
}

/// `text` as a message may repeat it: at most 40 characters, without those that move or hide others.
#[inline(never)]
pub fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    let mut room = SHOWN;
    while let Some(c) = rest.next() {
        room -= 1;
        if room == 0 && !rest.as_str().is_empty() {
            out.push('…');
            break;
        }
        if is_disguise(c) {
            escape_into(&mut out, c);
        } else {
            out.push(c);
        }
    }
    out
}

/// As JavaScript writes it, `\u{202e}`.
fn escape_into(out: &mut String, c: char) {
    let code = u32::from(c);
    out.push_str("\\u{");
    for shift in [20, 16, 12, 8, 4, 0] {
        let is_leading_zero = code >> shift == 0 && shift > 0;
        if let Some(digit) = char::from_digit((code >> shift) & 15, 16)
            && !is_leading_zero
        {
            out.push(digit);
        }
    }
    out.push('}');
}

/// Control characters, and those that break a line, reverse the text's direction or have no width: in a log they
/// make a text look like another one.
fn is_disguise(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Optimal string alignment distance: Damerau's four mistakes, none of them twice at the same place.
#[inline(never)]
fn distance(a: &[u8], b: &[u8]) -> usize {
    // The distances of all beginnings of `a` (rows) from all beginnings of `b` (columns), row by row.
    let mut table = Vec::new();
    let width = b.len() + 1;
    for row in 0..=a.len() {
        for column in 0..width {
            let mut fewest = row + column;
            if row > 0 && column > 0 {
                let to = b.get(column - 1);
                let differ = usize::from(a.get(row - 1) != to);
                fewest = back(&table, width + 1) + differ;
                fewest = fewest.min(back(&table, 1) + 1).min(back(&table, width) + 1);
                if column > 1 && row > 1 && a.get(row - 2) == to && a.get(row - 1) == b.get(column - 2) {
                    fewest = fewest.min(back(&table, 2 * width + 2) + 1);
                }
            }
            table.push(fewest);
        }
    }
    back(&table, 1)
}

/// The cell so many places before the next one.
#[inline(never)]
fn back(table: &[usize], cells: usize) -> usize {
    table.get(table.len().wrapping_sub(cells)).copied().unwrap_or(0)
}
