//! Numbers that stand for texts and for samples, the same on every machine and in every release: they are kept on disk.

/// The golden ratio's bits: sets equal inputs at different places apart.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash so far and one more number.
#[inline(never)]
pub(crate) const fn with(hash: u64, number: u64) -> u64 {
    inlined_with(hash, number)
}

/// As [`with`], for a loop.
#[inline(always)]
pub(crate) const fn inlined_with(hash: u64, number: u64) -> u64 {
    finish(hash.wrapping_add(STEP) ^ finish(number.wrapping_add(STEP)))
}

/// Spreads every bit over all of them (the finalizer of SplitMix64, Stafford's variant 13). It loses nothing: different
/// numbers stay different.
#[inline(always)]
const fn finish(mut value: u64) -> u64 {
    value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ value >> 31
}

/// Sorts hashes, with memory for half of them beside. It is done here because this crate is compiled for speed, and by
/// `sort` because the standard library is compiled for size: there `sort_unstable` is a heap sort, and slower.
#[inline(never)]
pub fn sort_hashes(hashes: &mut [u64]) {
    hashes.sort();
}

/// The hash so far and the bytes of a text, with its length, so that `ab` and `c` differ from `a` and `bc`.
pub(crate) fn with_bytes(hash: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut hash = words.iter().fold(hash, |hash, word| with(hash, u64::from_le_bytes(*word)));
    let last = rest.iter().rev().fold(0, |last, &byte| last << 8 | u64::from(byte));
    hash = with(hash, last);
    with(hash, u64::try_from(bytes.len()).unwrap_or(u64::MAX))
}
