//! Recognises servers that would keep a walk going for ever: those that send the same records whatever the offset, and
//! those that say that the list goes on but send nothing new.

use super::fetch::FetchedPage;
use super::list_end::Contribution;
use super::next_link::NextLink;
use super::{ListTransport, Walk};
use crate::clock::Clock;
use crate::error::{Error, ProtocolError};

/// A list may grow at its front as fast as the walk reads it, but hardly for so many pages.
const MAX_IDLE_PAGES: u32 = 1000;
/// How much an empty page counts for, if the list is said to go on.
const EMPTY_PAGE: u32 = 4;
/// How much a page counts for that holds only its seam: the server may have cut it short by chance.
const SEAM_PAGE: u32 = 1;
/// The most that such pages may count for in a row.
const MAX_DRYNESS: u32 = 12;
/// So many pages in a row that end with the last known record show the end of a list that grows as fast as it is read.
/// Fewer may have been cut short by chance.
const EDGE_PAGES_SHOW_END: u32 = 6;
/// How much further the server is asked if it seems to ignore the offset. It is most unlikely that a list moves by
/// exactly these distances at exactly these moments.
const PROBES: [u64; 2] = [1, 8];
/// The same for a page of one record, which is more likely to be sent again by chance.
const PROBES_OF_ONE: [u64; 3] = [1, 8, 3];

/// The error that ends such a walk.
pub static NO_PROGRESS: ProtocolError = ProtocolError {
    code: "no-progress",
    message: "the server answers different offsets with the same records, so that the rest of the list cannot be read",
};

/// The pages in a row, up to the last one, that had no record that this pass had not read.
#[derive(Debug, Default)]
pub struct Standstill {
    /// How many they are.
    idle: u32,
    /// How many of the last ones ended with the last known record, although they had room for more.
    at_edge: u32,
    /// What the last ones count for that were empty or held only their seam.
    dry: u32,
}

impl Standstill {
    /// Counts a page that was joined.
    pub fn count(&mut self, brings_news: bool, contribution: Contribution, is_at_edge: bool) {
        self.idle = if brings_news { 0 } else { self.idle.saturating_add(1) };
        self.dry = match contribution {
            Contribution::Nothing => self.dry.saturating_add(EMPTY_PAGE),
            Contribution::SeamOnly => self.dry.saturating_add(SEAM_PAGE),
            Contribution::Records => 0,
        };
        self.at_edge = if is_at_edge { self.at_edge.saturating_add(1) } else { 0 };
    }

    /// Whether the last pages show the end of the list.
    pub fn shows_end(&self) -> bool {
        self.at_edge >= EDGE_PAGES_SHOW_END
    }

    /// Whether the server keeps the walk going without anything new.
    pub fn is_endless(&self) -> bool {
        self.idle >= MAX_IDLE_PAGES || self.dry >= MAX_DRYNESS
    }
}

impl<T: ListTransport, C: Clock> Walk<T, C> {
    /// Whether the server sends the same records whatever the offset, and these are the whole list. [`Error::Protocol`]
    /// if the list has, or may have, more records than these.
    pub(super) async fn offset_is_ignored(&self, page: &FetchedPage<T::Records>) -> Result<bool, Error> {
        if self.request.is_opaque() {
            return Err(Error::Protocol(&NO_PROGRESS));
        }
        let probes = if page.len() > 1 { &PROBES[..] } else { &PROBES_OF_ONE[..] };
        for &distance in probes {
            let probe = self.fetch(page.start.saturating_add(distance), page.asked).await?;
            if probe.keys != page.keys {
                return Ok(false);
            }
        }
        let limit = u64::from(self.list.query.limit().get());
        // They are the whole list if they reach the total; or, without a total, if they are fewer than the limit or
        // more than were requested.
        let is_whole = match page.total {
            Some(total) => page.len() >= total,
            None => page.len() < limit || page.len() > page.asked,
        };
        let goes_on =
            matches!(page.next, NextLink::AtOffset { .. } | NextLink::Opaque(_) | NextLink::Refused(_));
        if is_whole && !goes_on { Ok(true) } else { Err(Error::Protocol(&NO_PROGRESS)) }
    }
}
