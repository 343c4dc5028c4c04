//! A page of a list, and the links to the others in the form of the wire.

use crate::faults::{Faults, LinkForm};
use crate::human::query::{DEFAULT_LIMIT, ListQuery};

/// The offset and the limit of a page, and the length of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub offset: usize,
    /// The requested limit, or the server's if that is smaller.
    pub limit: usize,
    pub total: usize,
}

impl Page {
    /// The page that a query requests of a list with `total` records.
    #[must_use]
    pub fn of(query: &ListQuery, total: usize, faults: &Faults) -> Self {
        let asked = query.limit.unwrap_or(DEFAULT_LIMIT);
        Self {
            offset: query.offset,
            limit: faults.max_limit.map_or(asked, |most| asked.min(most.get())),
            total,
        }
    }

    /// The value of the `Link` header; `None` if there is only one page, or links are off.
    ///
    /// `origin` is the server's own, `path` the list's.
    #[must_use]
    pub fn links(&self, query: &ListQuery, origin: &str, path: &str, faults: &Faults) -> Option<String> {
        let links: Vec<String> = self
            .relations()
            .into_iter()
            .map(|(relation, offset)| {
                let (origin, offset) = match relation {
                    "next" => (
                        faults.next_link_origin.as_deref().unwrap_or(origin),
                        if faults.next_leads_back { self.offset } else { offset },
                    ),
                    _ => (origin, offset),
                };
                let target = format!("{origin}{path}?{}", search(query, offset));
                match faults.link_form {
                    // The documentation has line breaks before rel and after the comma. A header's value cannot have
                    // them, so that they are replaced by spaces (RFC 9110 §5.5).
                    LinkForm::Documented => format!("{target};  rel=\"{relation}\""),
                    LinkForm::Wire | LinkForm::None => format!("<{target}>; rel=\"{relation}\""),
                }
            })
            .collect();
        match faults.link_form {
            _ if links.is_empty() => None,
            LinkForm::Wire => Some(links.join(",")),
            LinkForm::Documented => Some(links.join(",  ")),
            LinkForm::None => None,
        }
    }

    /// The relations and their offsets. The first page has no `prev`, and the last no `next`.
    fn relations(&self) -> Vec<(&'static str, usize)> {
        let mut relations = Vec::new();
        if self.offset > 0 {
            relations.push(("first", 0));
            relations.push(("prev", self.offset.saturating_sub(self.limit)));
        }
        let next = self.offset.saturating_add(self.limit);
        if next < self.total {
            relations.push(("next", next));
            // If the total is a multiple of the limit, this is the empty page after the end, as on the real server.
            relations.push(("last", self.total / self.limit * self.limit));
        }
        relations
    }
}

/// The query that was sent, with the new offset at the end. `limit` is included only if it was sent.
fn search(query: &ListQuery, offset: usize) -> String {
    let mut search = String::new();
    for (name, value) in query.sent.iter().filter(|(name, _)| name != "offset") {
        search.push_str(&format!("{}={}&", encoded(name), encoded(value)));
    }
    search.push_str(&format!("offset={offset}"));
    search
}

/// Percent-encodes everything except RFC 3986's unreserved characters.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ORIGIN: &str = "http://h";

    fn links(query: &str, total: usize, faults: &Faults) -> Option<String> {
        let uri = format!("/l?{query}").parse().unwrap();
        let query = ListQuery::read(&uri, &BTreeSet::new()).unwrap();
        Page::of(&query, total, faults).links(&query, ORIGIN, "/l", faults)
    }

    fn wire(query: &str, total: usize) -> String {
        links(query, total, &Faults::default()).unwrap_or_default()
    }

    #[test]
    fn the_first_page_leads_on_and_to_the_end() {
        assert_eq!(
            wire("limit=50", 234),
            r#"<http://h/l?limit=50&offset=50>; rel="next",<http://h/l?limit=50&offset=200>; rel="last""#
        );
    }

    #[test]
    fn a_page_between_leads_everywhere() {
        assert_eq!(
            wire("limit=50&offset=70", 234),
            "<http://h/l?limit=50&offset=0>; rel=\"first\",<http://h/l?limit=50&offset=20>; rel=\"prev\",\
             <http://h/l?limit=50&offset=120>; rel=\"next\",<http://h/l?limit=50&offset=200>; rel=\"last\""
        );
    }

    #[test]
    fn the_last_page_leads_back_only() {
        assert_eq!(
            wire("limit=50&offset=200", 234),
            r#"<http://h/l?limit=50&offset=0>; rel="first",<http://h/l?limit=50&offset=150>; rel="prev""#
        );
    }

    #[test]
    fn last_may_lead_past_the_end() {
        assert!(wire("limit=2", 234).ends_with(r#"<http://h/l?limit=2&offset=234>; rel="last""#));
    }

    #[test]
    fn a_single_page_has_no_links() {
        assert_eq!(links("limit=50", 50, &Faults::default()), None);
        assert_eq!(links("", 0, &Faults::default()), None);
    }

    #[test]
    fn limit_is_carried_on_only_if_it_was_sent_and_other_options_always() {
        assert!(wire("", 60).starts_with("<http://h/l?offset=50>;"));
        assert!(
            wire("source=a%26b&offset=0&updated_since=20140110T000000Z", 60)
                .starts_with("<http://h/l?source=a%26b&updated_since=20140110T000000Z&offset=50>;")
        );
    }

    #[test]
    fn the_documented_form_has_no_brackets() {
        let faults = Faults { link_form: LinkForm::Documented, ..Faults::default() };
        assert_eq!(
            links("offset=50", 60, &faults).unwrap(),
            r#"http://h/l?offset=0;  rel="first",  http://h/l?offset=0;  rel="prev""#
        );
    }

    #[test]
    fn no_links_are_given_where_they_are_off() {
        let faults = Faults { link_form: LinkForm::None, ..Faults::default() };
        assert_eq!(links("", 60, &faults), None);
    }

    #[test]
    fn next_alone_is_sent_elsewhere() {
        let faults = Faults { next_link_origin: Some("http://evil".to_owned()), ..Faults::default() };
        assert_eq!(
            links("", 60, &faults).unwrap(),
            r#"<http://evil/l?offset=50>; rel="next",<http://h/l?offset=50>; rel="last""#
        );
        let faults = Faults { next_leads_back: true, ..Faults::default() };
        assert!(links("offset=50", 160, &faults).unwrap().contains(r#"<http://h/l?offset=50>; rel="next""#));
    }

    #[test]
    fn a_server_that_gives_less_leads_on_by_what_it_gave() {
        let faults = Faults { max_limit: std::num::NonZeroUsize::new(20), ..Faults::default() };
        assert!(
            links("limit=50", 60, &faults)
                .unwrap()
                .starts_with("<http://h/l?limit=50&offset=20>; rel=\"next\"")
        );
    }
}
