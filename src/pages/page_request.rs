//! How the next page is requested: by this library's own query string, or by the server's next link.

use super::next_link::{NextLink, page_of_link};
use super::{ListQuery, Paging};
use crate::api::{Limit, Offset};
use crate::error::ProtocolError;
use crate::http::BaseUrl;

/// The form of the requests to come.
pub enum PageRequest {
    /// This library's own query string.
    OwnQuery,
    /// The server's next link, with offset and limit replaced.
    NextLink(String),
    /// The server's next link unchanged, as it has no offset; with the links that were followed so far.
    OpaqueLink { url: String, followed: Vec<String> },
}

static LEADS_BACK: ProtocolError = ProtocolError {
    code: "next-leads-back",
    message: "the server's next link leads back to what was read; following it would never end",
};

impl PageRequest {
    /// Whether only the server's links lead on, as they have no offset.
    pub fn is_opaque(&self) -> bool {
        matches!(self, Self::OpaqueLink { .. })
    }

    /// Follows `next`, the next link of the page at `start`. If it cannot be followed, the error says why.
    pub fn follow(&mut self, next: &NextLink, start: u64) -> Result<(), &'static ProtocolError> {
        match next {
            // A link to another list only shows that there are more records: this library's own query asks for them.
            NextLink::NoField | NextLink::Absent | NextLink::AtOffset { is_same_list: false, .. } => {}
            NextLink::Refused(error) => return Err(error),
            NextLink::AtOffset { offset, .. } if *offset <= start => return Err(&LEADS_BACK),
            NextLink::AtOffset { url, .. } => *self = Self::NextLink(url.clone()),
            NextLink::Opaque(url) => {
                let mut followed = match self {
                    Self::OpaqueLink { followed, .. } => std::mem::take(followed),
                    Self::OwnQuery | Self::NextLink(_) => Vec::new(),
                };
                if followed.contains(url) {
                    return Err(&LEADS_BACK);
                }
                followed.push(url.clone());
                *self = Self::OpaqueLink { url: url.clone(), followed };
            }
        }
        Ok(())
    }

    /// Whether the page at `start` can be requested in another size.
    pub fn has_sizes(&self, list: &ListQuery, origin: u64, start: u64) -> bool {
        match self {
            Self::OpaqueLink { .. } => false,
            Self::NextLink(_) => true,
            Self::OwnQuery => list.paging == Paging::Pages || start != origin,
        }
    }

    /// The URL of `size` records from `start` on, in a walk that begins at `origin`.
    pub fn url(&self, base: &BaseUrl, list: &ListQuery, origin: u64, start: u64, size: u64) -> String {
        let query = match self {
            Self::OpaqueLink { url, .. } => return url.clone(),
            Self::NextLink(link) => return page_of_link(link, start, size),
            Self::OwnQuery if list.paging == Paging::Whole && start == origin => {
                return base.url(&list.path, list.query.filters());
            }
            Self::OwnQuery => &list.query,
        };
        let limit = u16::try_from(size).ok().and_then(Limit::new).unwrap_or_default();
        let offset = if start > 0 { Offset::new(start) } else { query.offset() };
        base.url(&list.path, &query.page_query_string(limit, offset))
    }
}
