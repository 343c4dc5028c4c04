//! How the next page is asked for: as this library asks, or as the server's own link says.

use super::next_link::{Next, page_of_link};
use super::{Listing, Paging};
use crate::api::{Limit, Offset};
use crate::error::ProtocolError;
use crate::http::Base;

/// The form of the requests that follow.
pub enum Form {
    /// This library's own query string.
    Query,
    /// The server's next link, with offset and limit put in.
    Link(String),
    /// The server's next link as it is: it has no offset. Holds those that were followed.
    Opaque { next: String, followed: Vec<String> },
}

static LEADS_BACK: ProtocolError = ProtocolError {
    code: "next-leads-back",
    message: "the server's next link leads back to what was read; following it would never end",
};

impl Form {
    /// Whether positions mean nothing to the server.
    pub fn is_opaque(&self) -> bool {
        matches!(self, Self::Opaque { .. })
    }

    /// Takes the form of `next`, which came with the page at `start`.
    ///
    /// # Errors
    /// Why that link cannot be followed.
    pub fn follow(&mut self, next: &Next, start: u64) -> Result<(), &'static ProtocolError> {
        match next {
            // Of a link to another list, it counts only that there is more; where it is, this library's own query says.
            Next::NoLink | Next::Nowhere | Next::At { is_same_list: false, .. } => {}
            Next::Refused(error) => return Err(error),
            Next::At { offset, .. } if *offset <= start => return Err(&LEADS_BACK),
            Next::At { url, .. } => *self = Self::Link(url.clone()),
            Next::Opaque(url) => {
                let mut followed = match self {
                    Self::Opaque { followed, .. } => std::mem::take(followed),
                    Self::Query | Self::Link(_) => Vec::new(),
                };
                if followed.contains(url) {
                    return Err(&LEADS_BACK);
                }
                followed.push(url.clone());
                *self = Self::Opaque { next: url.clone(), followed };
            }
        }
        Ok(())
    }

    /// Whether the page at `start` can be asked for in another size.
    pub fn has_sizes(&self, listing: &Listing, origin: u64, start: u64) -> bool {
        match self {
            Self::Opaque { .. } => false,
            Self::Link(_) => true,
            Self::Query => listing.paging == Paging::Pages || start != origin,
        }
    }

    /// The URL of the page of `size` records at `start`, in a walk that begins at `origin`.
    pub fn url(&self, base: &Base, listing: &Listing, origin: u64, start: u64, size: u64) -> String {
        let query = match self {
            Self::Opaque { next, .. } => return next.clone(),
            Self::Link(link) => return page_of_link(link, start, size),
            Self::Query if listing.paging == Paging::Whole && start == origin => {
                return base.url(&listing.path, listing.query.filters());
            }
            Self::Query => &listing.query,
        };
        let limit = u16::try_from(size).ok().and_then(Limit::new).unwrap_or_default();
        let offset = if start > 0 { Offset::new(start) } else { query.offset() };
        base.url(&listing.path, &query.page_query_string(limit, offset))
    }
}
