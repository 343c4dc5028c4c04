//! Judges a page's next link: where it leads, and whether it may be followed.

use crate::api::{LIMIT, MAX_SAFE_INTEGER, OFFSET};
use crate::error::ProtocolError;
use crate::http::BaseUrl;
use crate::uri::{Uri, has_parameters_of, query_parameter, replace_query_parameter};

/// What a page's Link field says about the next page.
#[derive(Clone, Debug)]
pub enum NextLink {
    /// There is no Link field, or the host cannot see it.
    NoField,
    /// There is a Link field without a next page.
    Absent,
    /// The next page begins at this offset.
    AtOffset {
        /// The link.
        url: String,
        /// Its `offset`.
        offset: u64,
        /// Whether it leads to the list that is being read: the same path, with every parameter of the query.
        is_same_list: bool,
    },
    /// There is a next page, but its link has no `offset`.
    Opaque(String),
    /// A link that must not be followed.
    Refused(&'static ProtocolError),
}

impl NextLink {
    /// Whether no Link field can be seen.
    pub fn is_hidden(&self) -> bool {
        matches!(self, Self::NoField)
    }
}

// Messages do not quote the link: it is untrusted text.
static FOREIGN_LINK: ProtocolError = ProtocolError {
    code: "foreign-link",
    message: "the server's next link leads to another server or out of this API; nothing was sent there; is `baseUrl` \
              the address that the server knows itself by?",
};
static NEXT_OFFSET: ProtocolError = ProtocolError {
    code: "next-offset",
    message: "the offset of the server's next link is not a whole number",
};

/// Judges `target`, the next link of the answer to `url`.
pub fn next(target: &str, url: &str, base: &BaseUrl) -> NextLink {
    if base.admit(target).is_err() {
        return NextLink::Refused(&FOREIGN_LINK);
    }
    match query_parameter(target, OFFSET) {
        None => NextLink::Opaque(target.to_owned()),
        Some(offset) => match offset.parse() {
            Ok(offset) if offset <= MAX_SAFE_INTEGER => {
                NextLink::AtOffset { url: target.to_owned(), offset, is_same_list: leads_on(target, url) }
            }
            _ => NextLink::Refused(&NEXT_OFFSET),
        },
    }
}

/// Whether `target` is another page of the list at `url`. Some servers leave filters out of their links: whoever
/// followed these would read another list.
fn leads_on(target: &str, url: &str) -> bool {
    Uri::split(target).path == Uri::split(url).path
        && has_parameters_of(target, url, &[LIMIT, OFFSET, "access_token"])
}

/// The URL of `size` records from `start` on, in the list that `link` leads to.
pub fn page_of_link(link: &str, start: u64, size: u64) -> String {
    let at = replace_query_parameter(link, OFFSET, &start.to_string());
    replace_query_parameter(&at, LIMIT, &size.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use crate::uri::resolve;

    const URL: &str = "https://api.humanapi.co/v1/human/activities?limit=50";

    fn next_here(target: &str) -> NextLink {
        let base = BaseUrl::new("https://api.humanapi.co", "v1", "/human", false).unwrap();
        next(&resolve(URL, target), URL, &base)
    }

    #[test]
    fn links_to_other_places_are_refused_and_not_quoted() {
        for target in [
            "https://evil.example/v1/human/activities?offset=50",
            "http://api.humanapi.co/v1/human/activities?offset=50",
            "//evil.example/v1/human?offset=50",
            "/v1/apps/x/users?offset=50",
            "../../../v2/human?offset=50",
            "https://api.humanapi.co@evil.example/v1/human?offset=50",
        ] {
            let NextLink::Refused(error) = next_here(target) else { panic!("{target} was admitted") };
            assert!(!error.message.contains("evil"), "{}", error.message);
        }
    }

    #[test]
    fn an_offset_that_is_not_a_whole_number_is_refused() {
        for offset in ["", "-1", "1.5", "99999999999999999999", "x"] {
            assert!(matches!(next_here(&format!("?offset={offset}")), NextLink::Refused(_)), "{offset}");
        }
    }

    #[test]
    fn a_page_of_a_link_keeps_the_other_parameters() {
        assert_eq!(
            page_of_link("https://h/a?x=%20&offset=50&limit=50", 49, 51),
            "https://h/a?x=%20&offset=49&limit=51"
        );
        assert_eq!(page_of_link("https://h/a?offset=50", 49, 51), "https://h/a?offset=49&limit=51");
    }
}
