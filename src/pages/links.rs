//! Where the server says to go on, and the refusal to be led elsewhere.

use crate::api::MAX_SAFE_INTEGER;
use crate::error::ProtocolError;
use crate::http::Base;
use crate::http::link;
use crate::http::uri::{
    Uri, has_parameters_of, query_parameter, remove_query_parameter, replace_query_parameter, resolve,
};

/// The relations of an answer's Link field, as absolute URLs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The first page.
    pub first: Option<String>,
    /// The page before this one.
    pub prev: Option<String>,
    /// The page behind this one.
    pub next: Option<String>,
    /// The last page. It may lie behind the end: nothing is concluded from it.
    pub last: Option<String>,
}

impl Links {
    /// Drops those that must not be shown.
    pub fn hide(&mut self, is_hidden: impl Fn(&str) -> bool) {
        for link in [&mut self.first, &mut self.prev, &mut self.next, &mut self.last] {
            if link.as_deref().is_some_and(&is_hidden) {
                *link = None;
            }
        }
    }
}

/// What a page's Link field says about going on.
#[derive(Clone, Debug)]
pub enum Next {
    /// There is no Link field, or the host may not see it.
    NoLink,
    /// There is one, without a next.
    Nowhere,
    /// A page from this position on.
    At {
        /// The link.
        url: String,
        /// Its offset.
        offset: u64,
        /// Whether it leads to what is being read: the same path, with all that the query says.
        is_same_list: bool,
    },
    /// A page whose position the link does not tell.
    Opaque(String),
    /// A link that must not be followed.
    Refused(&'static ProtocolError),
}

impl Next {
    /// Whether nothing was said.
    pub fn is_hidden(&self) -> bool {
        matches!(self, Self::NoLink)
    }
}

// The target is the server's text, and stays out of the messages.
static FOREIGN_LINK: ProtocolError = ProtocolError {
    code: "foreign-link",
    message: "the server's next link leads to another server or out of this API; nothing was sent there; is `baseUrl` \
              the address that the server knows itself by?",
};
static NEXT_OFFSET: ProtocolError = ProtocolError {
    code: "next-offset",
    message: "the offset of the server's next link is not a whole number",
};

/// Reads a Link field that came with the answer to `url`.
pub fn read(value: Option<&str>, url: &str, base: &Base) -> (Links, Next) {
    let Some(value) = value else { return (Links::default(), Next::NoLink) };
    let mut links = Links::default();
    for entry in link::parse(value) {
        // Some servers put the token of the older form into their links; it stays out of ours.
        let target = remove_query_parameter(&resolve(url, &entry.target), "access_token");
        for relation in entry.relations() {
            let place = match relation {
                "first" => &mut links.first,
                "prev" | "previous" => &mut links.prev,
                "next" => &mut links.next,
                "last" => &mut links.last,
                _ => continue,
            };
            place.get_or_insert_with(|| target.clone());
        }
    }
    let next = match links.next.as_deref() {
        Some(target) => next(target, url, base),
        // A field that speaks of no page at all (preconnect, say) says nothing of the end.
        None if links == Links::default() => Next::NoLink,
        None => Next::Nowhere,
    };
    (links, next)
}

fn next(target: &str, url: &str, base: &Base) -> Next {
    if base.admit(target).is_err() {
        return Next::Refused(&FOREIGN_LINK);
    }
    match query_parameter(target, "offset") {
        None => Next::Opaque(target.to_owned()),
        Some(offset) => match offset.parse() {
            Ok(offset) if offset <= MAX_SAFE_INTEGER => {
                Next::At { url: target.to_owned(), offset, is_same_list: leads_on(target, url) }
            }
            _ => Next::Refused(&NEXT_OFFSET),
        },
    }
}

/// Whether `target` asks for the same as `url`, at whatever place. A server may leave filters out of its links: whoever followed those would
/// read another list.
fn leads_on(target: &str, url: &str) -> bool {
    Uri::split(target).path == Uri::split(url).path
        && has_parameters_of(target, url, &["limit", "offset", "access_token"])
}

/// The page of the same list as `link`, from `start` on, with `size` records.
pub fn page_of_link(link: &str, start: u64, size: u64) -> String {
    let at = replace_query_parameter(link, "offset", &start.to_string());
    replace_query_parameter(&at, "limit", &size.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    const URL: &str = "https://api.humanapi.co/v1/human/activities?limit=50";

    fn read_here(value: &str) -> (Links, Next) {
        let base = Base::new("https://api.humanapi.co", "v1", "/human", false).unwrap();
        read(Some(value), URL, &base)
    }

    #[test]
    fn the_form_on_the_wire_is_read() {
        let (links, next) = read_here(
            "<https://api.humanapi.co/v1/human/activities?limit=50&offset=50>; rel=\"next\",<https://api.humanapi.co/v1/human/activities?limit=50&offset=200>; rel=\"last\"",
        );
        assert!(matches!(next, Next::At { offset: 50, .. }));
        assert!(links.last.unwrap().ends_with("offset=200"));
        assert_eq!(links.prev, None);
    }

    #[test]
    fn relative_links_are_resolved() {
        let (links, next) = read_here("<?offset=50>; rel=next");
        assert!(matches!(next, Next::At { offset: 50, .. }));
        assert_eq!(links.next.as_deref(), Some("https://api.humanapi.co/v1/human/activities?offset=50"));
    }

    #[test]
    fn a_token_in_a_link_is_dropped() {
        let (links, next) = read_here("<?access_token=s3cret&offset=50>; rel=next");
        assert!(!format!("{links:?} {next:?}").contains("s3cret"));
    }

    #[test]
    fn a_field_that_speaks_of_no_page_says_nothing_of_the_end() {
        for value in
            ["", "<https://cdn.example>; rel=preconnect", "</style.css>; rel=preload; as=style", "unreadable"]
        {
            let (links, next) = read_here(value);
            assert_eq!(links, Links::default(), "{value}");
            assert!(next.is_hidden(), "{value}");
        }
        assert!(matches!(read_here("<?offset=0>; rel=first").1, Next::Nowhere));
    }

    #[test]
    fn links_elsewhere_are_refused_without_naming_them() {
        for target in [
            "https://evil.example/v1/human/activities?offset=50",
            "http://api.humanapi.co/v1/human/activities?offset=50",
            "//evil.example/v1/human?offset=50",
            "/v1/apps/x/users?offset=50",
            "../../../v2/human?offset=50",
            "https://api.humanapi.co@evil.example/v1/human?offset=50",
        ] {
            let (_, next) = read_here(&format!("<{target}>; rel=next"));
            let Next::Refused(error) = next else { panic!("{target} was admitted") };
            assert!(!error.message.contains("evil"), "{}", error.message);
        }
    }

    #[test]
    fn an_offset_that_is_no_number_is_refused() {
        for offset in ["", "-1", "1.5", "99999999999999999999", "x"] {
            let (_, next) = read_here(&format!("<?offset={offset}>; rel=next"));
            assert!(matches!(next, Next::Refused(_)), "{offset}");
        }
    }

    #[test]
    fn a_page_of_a_link_keeps_what_else_it_has() {
        assert_eq!(
            page_of_link("https://h/a?x=%20&offset=50&limit=50", 49, 51),
            "https://h/a?x=%20&offset=49&limit=51"
        );
        assert_eq!(page_of_link("https://h/a?offset=50", 49, 51), "https://h/a?offset=49&limit=51");
    }
}
