//! Counts the bytes that readers look at, in tests only: a measure of work that does not depend on the machine.

#[cfg(test)]
thread_local!(pub(crate) static SCANNED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) });

/// Counts bytes that were looked at.
#[inline(always)]
pub(crate) fn add(_bytes: usize) {
    #[cfg(test)]
    SCANNED.set(SCANNED.get() + _bytes);
}

/// Counts the bytes of a search, up to the one that was found.
#[inline(always)]
pub(crate) fn add_until(bytes: &[u8], at: Option<usize>) -> Option<usize> {
    add(at.unwrap_or(bytes.len()).saturating_add(1));
    at
}
