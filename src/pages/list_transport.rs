//! The port for lists: records stay where the host has them, and the walk asks only for what it needs.

use super::{People, RecordKey};
use crate::http::Transport;

/// The records of one answer, held by the host.
pub trait RecordList: Sized + 'static {
    /// No records.
    fn none() -> Self;

    /// The number of records.
    fn count(&self) -> usize;

    /// One key for each record, in order, that tells it from the other records in a list of these people.
    fn keys(&self, people: People) -> Vec<RecordKey>;

    /// Calls `visit` with the `updatedAt` of each record, in order and in UTF-8; empty if a record has none.
    fn each_updated_at(&self, visit: impl FnMut(&[u8]));

    /// Calls `visit` with the content of each record, in order and in UTF-8: the same text for the same content.
    fn each_content(&self, visit: impl FnMut(&[u8]));

    /// Only the records at these indices, which are in ascending order.
    fn select(self, indices: &[usize]) -> Self;
}

/// A transport whose documents may be lists.
pub trait ListTransport: Transport {
    /// The records of a list.
    type Records: RecordList;

    /// The records of a document, or `None` if it is not a list.
    fn records(document: Self::Document) -> Option<Self::Records>;
}
