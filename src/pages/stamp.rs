//! Which state a record is in: when it was updated last.

use crate::fnv::Fnv64;
use humansync_ingest::Moment;

/// What `updatedAt` of a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// In milliseconds since the epoch, rounded down; absent where there is none that can be read.
    pub at: Option<i64>,
    /// Tells texts of `updatedAt` apart, to the last digit.
    text: u64,
}

impl Stamp {
    /// The stamp of a record with this `updatedAt`, in UTF-8; empty where it has none.
    pub fn of(updated_at: &[u8]) -> Self {
        // By the reader of samples' times, which is quick: there is a stamp for each record.
        let at = Moment::parse_rfc3339(updated_at).map(Moment::unix_millis);
        Self { at, text: Fnv64::of(updated_at).0 }
    }

    /// A number for the text.
    pub fn hash(self) -> u64 {
        self.text
    }
}

/// When the server read a page from its data: not before its request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadAt {
    /// When that was, on the monotonic clock.
    pub sent: u64,
    /// The answer's own `Date`, in seconds since the epoch, if it can be read.
    pub date: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use humansync_ingest::time::Instant;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_read_has_no_time_and_is_told_apart_all_the_same() {
        assert_eq!(Stamp::of(b"").at, None);
        assert_eq!(Stamp::of(b"yesterday").at, None);
        assert_ne!(Stamp::of(b"yesterday"), Stamp::of(b"today"));
        assert_eq!(Stamp::of(b"1969-12-31T23:59:59.999Z").at, Some(-1));
    }

    proptest! {
        #[test]
        fn it_reads_times_as_options_are_read(millis in -60_000_000_000_000_i64..250_000_000_000_000) {
            let text = Instant::from_unix_millis(millis as f64).unwrap().to_rfc3339();
            prop_assert_eq!(Stamp::of(text.as_bytes()).at, Some(millis));
        }
    }
}
