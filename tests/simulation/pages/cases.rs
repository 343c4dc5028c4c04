//! Limits, lengths and hints that tests run through.

use crate::server::{LinkForm, Totals};

pub const LIMITS: [u64; 6] = [1, 2, 7, 50, 499, 500];

pub const HINTS: [(Totals, LinkForm); 8] = [
    (Totals::True, LinkForm::Wire),
    (Totals::True, LinkForm::Relative),
    (Totals::True, LinkForm::Documented),
    (Totals::True, LinkForm::Hidden),
    (Totals::Hidden, LinkForm::Wire),
    (Totals::Hidden, LinkForm::Relative),
    (Totals::Hidden, LinkForm::Documented),
    (Totals::Hidden, LinkForm::Hidden),
];

/// The fewest requests that read `length` records in pages of `limit` if each page shares a record with the one before,
/// with `after` requests more to find the end.
///
/// The first page has `limit` records. Each further one is requested with one record more, but no more than 500, and
/// has one new record fewer than requested. The walk ends if total and link agree. If they do not, it requests one page
/// with only the shared record, and if they still do not agree, an empty one after the last record.
pub fn fewest_requests(length: u64, limit: u64, after: u64) -> usize {
    let pages = 1 + length.saturating_sub(limit).div_ceil(limit.min(499));
    (pages + after) as usize
}

pub fn lengths(limit: u64) -> Vec<u64> {
    let mut lengths =
        vec![0, 1, 2, limit - 1, limit, limit + 1, 2 * limit, 2 * limit + 1, 3 * limit - 1, 5 * limit, 234];
    lengths.extend((limit > 40).then_some(2000));
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}
