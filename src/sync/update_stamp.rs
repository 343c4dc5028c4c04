//! Which state a record is in: when it was updated last.

use crate::fnv::Fnv64;
use crate::pages::RecordList;
use humansync_ingest::time::Instant;

/// What `updatedAt` of a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateStamp {
    /// In milliseconds since the epoch, rounded down; absent where there is none that can be read.
    pub at: Option<i64>,
    /// Tells texts of `updatedAt` apart, to the last digit.
    text: u64,
}

impl UpdateStamp {
    /// The stamp of a record with this `updatedAt`, in UTF-8; empty where it has none.
    pub fn of(updated_at: &[u8]) -> Self {
        // By the reader of samples' times, which is quick: there is a stamp for each record.
        let at = Instant::parse_rfc3339(updated_at).map(Instant::unix_millis);
        Self { at, text: Fnv64::of(updated_at).0 }
    }

    /// One stamp for each of `records`, in their order.
    pub fn of_records(records: &impl RecordList) -> Vec<Self> {
        let mut stamps = Vec::with_capacity(records.count());
        records.each_updated_at(|updated_at| stamps.push(Self::of(updated_at)));
        stamps
    }

    /// A number for the text.
    pub fn hash(self) -> u64 {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use humansync_ingest::time::Instant;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_read_has_no_time_and_is_told_apart_all_the_same() {
        assert_eq!(UpdateStamp::of(b"").at, None);
        assert_eq!(UpdateStamp::of(b"yesterday").at, None);
        assert_ne!(UpdateStamp::of(b"yesterday"), UpdateStamp::of(b"today"));
        assert_eq!(UpdateStamp::of(b"1969-12-31T23:59:59.999Z").at, Some(-1));
    }

    proptest! {
        #[test]
        fn it_reads_times_as_options_are_read(millis in -60_000_000_000_000_i64..250_000_000_000_000) {
            let text = Instant::from_unix_millis(millis as f64).unwrap().to_rfc3339();
            prop_assert_eq!(UpdateStamp::of(text.as_bytes()).at, Some(millis));
        }
    }
}
