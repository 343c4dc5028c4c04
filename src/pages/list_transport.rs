//! The port for lists: records stay where the host has them, and the walk asks only for what it needs.

use super::{People, RecordKey};
use crate::http::Transport;

/// The records of one answer, held by the host.
pub trait RecordList: Sized + 'static {
    /// How many they are.
    fn count(&self) -> usize;

    /// One key for each record, in order, by which it is told from the others of a list of these people.
    fn keys(&self, people: People) -> Vec<RecordKey>;

    /// Calls `visit` with the `updatedAt` of each record in order, in UTF-8; with nothing where a record has none.
    fn each_updated_at(&self, visit: impl FnMut(&[u8]));

    /// Only the records at these indices, which go up.
    fn select(self, indices: &[usize]) -> Self;
}

/// A transport whose documents may be lists.
pub trait ListTransport: Transport {
    /// A list's records.
    type Records: RecordList;

    /// The records of a document, or `None` where it is not a list.
    fn records(document: Self::Document) -> Option<Self::Records>;
}
