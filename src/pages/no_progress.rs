//! Servers that would keep a walk going for ever.

use super::fetch::FetchedPage;
use super::next_link::NextLink;
use super::{ListTransport, Walk};
use crate::clock::Clock;
use crate::error::{Error, ProtocolError};

/// Records may arrive in front as fast as a walk goes on, but hardly for so many pages: this server turns in circles.
pub const MAX_IDLE_PAGES: u32 = 1000;
/// Pages that bring nothing though the list is said to go on: what an empty one counts, what one counts that holds its seam (which may
/// have come short by chance), and how much it may be in a row.
pub const DRYNESS: (u32, u32, u32) = (4, 1, 12);
/// So many pages in a row that end with the last record known show the end of a list to whose front records come as fast as it is asked.
/// Fewer may have come short by chance.
pub const EDGE_PAGES_SHOW_END: u32 = 6;
/// How much further the server is asked when it seems to ignore the offset. A list that moves by just these steps in
/// just these moments is not to be feared.
const PROBES: [u64; 2] = [1, 8];
/// The same for a page of one record, which may come again by chance.
const PROBES_OF_ONE: [u64; 3] = [1, 8, 3];

/// The error of a walk that such a server would keep going.
pub static NO_PROGRESS: ProtocolError = ProtocolError {
    code: "no-progress",
    message: "the server answers different offsets with the same records, so that the rest of the list cannot be read",
};

impl<T: ListTransport, C: Clock> Walk<T, C> {
    /// Whether the server gives the same records from wherever they are asked for, and these are the whole list.
    ///
    /// # Errors
    /// [`Error::Protocol`] where there is or may be more than these.
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
        // A list that is given out at once, whatever is asked for, is as long as nobody asked for, or as it says itself.
        let is_whole = match page.total {
            Some(total) => page.len() >= total,
            None => page.len() < limit || page.len() > page.asked,
        };
        let goes_on =
            matches!(page.next, NextLink::AtOffset { .. } | NextLink::Opaque(_) | NextLink::Refused(_));
        if is_whole && !goes_on { Ok(true) } else { Err(Error::Protocol(&NO_PROGRESS)) }
    }
}
