//! Counts as doubles, the numbers of JavaScript, for `#[serde(serialize_with)]`.

use serde::Serializer;

/// A count, or none, as the nearest double: exact up to 2^53. What a server claims may be larger; a serializer that
/// refused it would take the rest of the object along.
#[allow(clippy::as_conversions)]
pub fn as_double<S: Serializer>(
    count: &(impl Copy + Into<Option<u64>>),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match (*count).into() {
        Some(count) => serializer.serialize_f64(count as f64),
        None => serializer.serialize_none(),
    }
}
