//! The links of a page, as callers see them, and how they are read from the Link field (RFC 8288).

use super::next_link::{NextLink, next};
use crate::http::BaseUrl;
use crate::http::link;
use crate::uri::{remove_query_parameter, resolve};
use serde::Serialize;

/// The relations of an answer's Link field, as absolute URLs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Links {
    /// The first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// The page before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev: Option<String>,
    /// The page after this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The last page. It may lie after the end of the list, so the walk does not use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
}

impl Links {
    /// Removes the links that must not be shown.
    pub(super) fn hide(&mut self, is_hidden: impl Fn(&str) -> bool) {
        for link in [&mut self.first, &mut self.prev, &mut self.next, &mut self.last] {
            if link.as_deref().is_some_and(&is_hidden) {
                *link = None;
            }
        }
    }
}

/// Reads the Link field of the answer to `url`.
pub fn read(value: Option<&str>, url: &str, base: &BaseUrl) -> (Links, NextLink) {
    let Some(value) = value else { return (Links::default(), NextLink::NoField) };
    let mut links = Links::default();
    for entry in link::parse(value) {
        // Some servers repeat a token from the query string in their links; callers must not see it.
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
        // A field without any page relation (only `preconnect`, say) does not say that the list ends.
        None if links == Links::default() => NextLink::NoField,
        None => NextLink::Absent,
    };
    (links, next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    const URL: &str = "https://api.humanapi.co/v1/human/activities?limit=50";

    fn read_here(value: &str) -> (Links, NextLink) {
        let base = BaseUrl::new("https://api.humanapi.co", "v1", "/human", false).unwrap();
        read(Some(value), URL, &base)
    }

    #[test]
    fn the_form_that_the_api_sends_is_read() {
        let (links, next) = read_here(
            "<https://api.humanapi.co/v1/human/activities?limit=50&offset=50>; rel=\"next\",\
             <https://api.humanapi.co/v1/human/activities?limit=50&offset=200>; rel=\"last\"",
        );
        assert!(matches!(next, NextLink::AtOffset { offset: 50, .. }));
        assert!(links.last.unwrap().ends_with("offset=200"));
        assert_eq!(links.prev, None);
    }

    #[test]
    fn relative_links_are_resolved() {
        let (links, next) = read_here("<?offset=50>; rel=next");
        assert!(matches!(next, NextLink::AtOffset { offset: 50, .. }));
        assert_eq!(links.next.as_deref(), Some("https://api.humanapi.co/v1/human/activities?offset=50"));
    }

    #[test]
    fn a_token_in_a_link_is_removed() {
        let (links, next) = read_here("<?access_token=s3cret&offset=50>; rel=next");
        assert!(!format!("{links:?} {next:?}").contains("s3cret"));
    }

    #[test]
    fn a_field_without_page_relations_does_not_end_the_list() {
        for value in
            ["", "<https://cdn.example>; rel=preconnect", "</style.css>; rel=preload; as=style", "unreadable"]
        {
            let (links, next) = read_here(value);
            assert_eq!(links, Links::default(), "{value}");
            assert!(next.is_hidden(), "{value}");
        }
        assert!(matches!(read_here("<?offset=0>; rel=first").1, NextLink::Absent));
    }
}
