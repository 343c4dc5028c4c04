//! Whether a link that a server sent stays with that server.
//!
//! A link that is followed carries the token, so it must mean the same to *every* reader. RFC 3986 (by which we
//! resolve) and the WHATWG URL standard (by which `fetch` sends) disagree on backslashes, tabs, line breaks, user
//! information, encoded dots and more; where they might, the link is refused and not interpreted.

use super::{Origin, Uri, percent_decode};
use crate::text;

/// The client's base URL: links must lead to its origin, and to its path or below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkScope {
    origin: Origin,
    scheme: String,
    authority: String,
    path: String,
}

/// Why a link is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkRefusal {
    /// It has a character or a form that is not read the same way everywhere.
    Ambiguous,
    /// It is not an absolute `http` or `https` URI, or leads to another scheme, host or port.
    Origin,
    /// It leads to the same server, outside the base path.
    Path,
}

impl LinkScope {
    /// The scope of a URL such as `https://api.humanapi.co/v1`; a slash at its end makes no difference.
    ///
    /// `None` if it has no clear origin (see `Origin::of`), a query, a fragment, dot segments, or a character that
    /// would make every link ambiguous.
    pub fn of(url: &str) -> Option<Self> {
        let parts = Uri::split(url);
        let mut path = parts.path;
        while let Some(shorter) = path.strip_suffix('/') {
            path = shorter;
        }
        if !is_plain(url) || !is_plain_path(path) || parts.query.is_some() || parts.fragment.is_some() {
            return None;
        }
        Some(Self {
            origin: Origin::of(&parts)?,
            scheme: parts.scheme?.to_owned(),
            authority: parts.authority?.to_owned(),
            path: path.to_owned(),
        })
    }

    /// The server it leads to.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The path, without a slash at its end; may be empty.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Checks that `link`, an absolute URI, leads to this base or below it.
    ///
    /// A relative link has to be resolved first ([`resolve`](super::resolve)), which also removes dot segments: those
    /// that are left are refused. Says why the link must not be followed; see [`LinkRefusal`].
    ///
    /// ```
    /// use humansync::uri::{LinkScope, LinkRefusal};
    /// let base = LinkScope::of("https://api.humanapi.co/v1/human").ok_or("no base")?;
    /// assert_eq!(base.admit("https://api.humanapi.co/v1/human/sleeps?offset=50"), Ok(()));
    /// assert_eq!(base.admit("https://api.humanapi.co@evil.example/v1/human"), Err(LinkRefusal::Ambiguous));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn admit(&self, link: &str) -> Result<(), LinkRefusal> {
        if !is_plain(link) {
            return Err(LinkRefusal::Ambiguous);
        }
        let uri = Uri::split(link);
        let (Some(scheme), Some(authority)) = (uri.scheme, uri.authority) else {
            return Err(LinkRefusal::Origin);
        };
        // An authority that is letter for letter the base's own cannot be read in another way. Otherwise only the
        // plainest form is accepted.
        if scheme != self.scheme || authority != self.authority {
            if !is_unmistakable(scheme) || !is_unmistakable(authority) {
                return Err(LinkRefusal::Ambiguous);
            }
            if Origin::of(&uri).as_ref() != Some(&self.origin) {
                return Err(LinkRefusal::Origin);
            }
        }
        let below = uri.path.strip_prefix(self.path.as_str());
        // The part that the base itself has need not be plain.
        if !is_plain_path(below.unwrap_or(uri.path)) {
            return Err(LinkRefusal::Ambiguous);
        }
        match below.map(str::as_bytes) {
            Some([] | [b'/', ..]) => Ok(()),
            _ => Err(LinkRefusal::Path),
        }
    }
}

/// Visible ASCII without the backslash, which WHATWG takes for a slash. It also strips or encodes everything that is
/// not visible.
#[inline(never)]
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// Whether an authority is in lower case, without user information, IPv6 address or encoding.
#[inline(never)]
fn is_unmistakable(part: &str) -> bool {
    part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b':'))
}

/// No dot segments, and nothing that becomes one, a slash or a backslash by decoding, once or twice; no characters that
/// RFC 3986 does not allow in a path.
#[inline(never)]
fn is_plain_path(path: &str) -> bool {
    let mut rest = path.as_bytes();
    while let [byte, after @ ..] = rest {
        let (mut forbidden, mut decoded) = (b"\"<>^`{|}[]".as_slice(), *byte);
        if decoded == b'%' {
            // An encoded `%` hides another encoding from the first decoding.
            let Some((byte, _)) = percent_decode(rest) else { return false };
            (forbidden, decoded) = (b"./\\%", byte);
        }
        // Control characters can only come from decoding.
        if decoded < b' ' || text::is_one_of(decoded, forbidden) {
            return false;
        }
        rest = after;
    }
    path.as_bytes().split(|&byte| byte == b'/').all(|segment| segment != b"." && segment != b"..")
}

#[cfg(test)]
mod tests {
    use super::super::resolve;
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    fn base() -> LinkScope {
        LinkScope::of("https://api.humanapi.co/v1/human").unwrap()
    }

    #[test]
    fn links_to_the_base_and_below_are_followed() {
        for link in [
            "https://api.humanapi.co/v1/human",
            "https://api.humanapi.co/v1/human?limit=50&offset=50",
            "https://api.humanapi.co/v1/human/",
            "https://api.humanapi.co/v1/human/activities?limit=50&offset=200",
            "https://api.humanapi.co:443/v1/human/activities",
            "https://api.humanapi.co/v1/human/food/meals?x=..&y=/../z&w=%2e%2e%2f@evil",
            "https://api.humanapi.co/v1/human/a%20b;c=1",
            "https://api.humanapi.co/v1/human/a..b/...",
            "https://api.humanapi.co/v1/human/x?source={a|b}",
        ] {
            assert_eq!(base().admit(link), Ok(()), "{link}");
        }
    }

    #[test]
    fn links_elsewhere_are_refused_with_the_reason() {
        use LinkRefusal::*;
        #[rustfmt::skip]
        let table = [
            ("https://evil.example/v1/human", Origin), ("http://api.humanapi.co/v1/human", Origin),
            ("https://api.humanapi.co:8443/v1/human", Origin), ("https://api.humanapi.co.evil.example/v1/human", Origin),
            ("https://api.humanapi.co./v1/human", Origin), ("https://humanapi.co/v1/human", Origin), ("ftp://api.humanapi.co/v1/human", Origin),
            ("https://api-humanapi.co/v1/human", Origin), ("https://0x7f.1/v1/human", Origin),
            // Not absolute, or without an authority.
            ("", Origin), ("/v1/human", Origin), ("//api.humanapi.co/v1/human", Origin), ("v1/human", Origin),
            ("https:/api.humanapi.co/v1/human", Origin), ("https:api.humanapi.co/v1/human", Origin), ("https:///api.humanapi.co/v1/human", Origin),
            ("javascript:alert(1)", Origin), ("data:,x", Origin), ("blob:https://api.humanapi.co/v1/human", Origin),
            // Ports that only some readers take.
            ("https://api.humanapi.co:/v1/human", Origin), ("https://api.humanapi.co:0443/v1/human", Origin),
            ("https://api.humanapi.co:443:443/v1/human", Origin), ("https://api.humanapi.co:99999/v1/human", Origin),
            // User information.
            ("https://api.humanapi.co@evil.example/v1/human", Ambiguous), ("https://evil.example@api.humanapi.co/v1/human", Ambiguous),
            ("https://api.humanapi.co:443@evil.example/v1/human", Ambiguous), ("https://@api.humanapi.co/v1/human", Ambiguous),
            // Backslashes, wherever they are.
            ("https:\\\\evil.example/v1/human", Ambiguous), ("https://evil.example\\@api.humanapi.co/v1/human", Ambiguous),
            ("https://api.humanapi.co\\@evil.example/v1/human", Ambiguous), ("https://api.humanapi.co/v1/human\\..\\..\\x", Ambiguous),
            ("https://api.humanapi.co/v1/human?x=\\", Ambiguous),
            // What WHATWG strips or encodes.
            (" https://api.humanapi.co/v1/human", Ambiguous), ("https://api.humanapi.co/v1/human ", Ambiguous),
            ("ht\ttps://api.humanapi.co/v1/human", Ambiguous), ("https://api.humanapi.co/v1/human/.\n./x", Ambiguous),
            ("https://api.humanapi.co/v1/human\r", Ambiguous), ("https://api.humanapi.co/v1/human\0", Ambiguous),
            ("https://api.humanapi.co/v1/human/\u{7f}", Ambiguous), ("https://api.humanapi.co/v1/human?x=é", Ambiguous),
            ("https://api\u{3002}humanapi.co/v1/human", Ambiguous), ("https://ａpi.humanapi.co/v1/human", Ambiguous),
            ("https://%61pi.humanapi.co/v1/human", Ambiguous), ("https://[::1]/v1/human", Ambiguous),
            ("https://API.humanapi.co/v1/human", Ambiguous), ("HTTPS://api.humanapi.co/v1/human", Ambiguous),
            // Dots that are left, plain and encoded, once and twice.
            ("https://api.humanapi.co/v1/human/../../x", Ambiguous), ("https://api.humanapi.co/v1/human/..", Ambiguous),
            ("https://api.humanapi.co/v1/human/./x", Ambiguous), ("https://api.humanapi.co/v1/human/%2e%2e/x", Ambiguous),
            ("https://api.humanapi.co/v1/human/%2E./x", Ambiguous), ("https://api.humanapi.co/v1/human/.%2e", Ambiguous),
            ("https://api.humanapi.co/v1/human/%252e%252e/x", Ambiguous), ("https://api.humanapi.co/v1/human/..%2fx", Ambiguous),
            ("https://api.humanapi.co/v1/human/..%5Cx", Ambiguous), ("https://api.humanapi.co/v1/human/%00", Ambiguous),
            ("https://api.humanapi.co/v1/human/%0d%0a", Ambiguous), ("https://api.humanapi.co/v1/human/%", Ambiguous),
            ("https://api.humanapi.co/v1/human/%zz", Ambiguous), ("https://api.humanapi.co/v1/human/{id}", Ambiguous),
            ("https://api.humanapi.co/../v1/human", Ambiguous), ("https://api.humanapi.co/v1/%68uman/..", Ambiguous),
            // The same server, another path.
            ("https://api.humanapi.co", Path), ("https://api.humanapi.co/", Path), ("https://api.humanapi.co/v1", Path),
            ("https://api.humanapi.co/v1/humans", Path), ("https://api.humanapi.co/v1/human.json", Path), ("https://api.humanapi.co/v1/Human", Path),
            ("https://api.humanapi.co/v1/human%20", Path), ("https://api.humanapi.co//v1/human", Path), ("https://api.humanapi.co/v2/v1/human", Path),
            ("https://api.humanapi.co?/v1/human", Path), ("https://api.humanapi.co#/v1/human", Path),
        ];
        for (link, reason) in table {
            assert_eq!(base().admit(link), Err(reason), "{link}");
        }
    }

    #[test]
    fn a_relative_link_is_judged_by_where_it_leads() {
        let admit =
            |reference| base().admit(&resolve("https://api.humanapi.co/v1/human/sleeps?limit=5", reference));
        assert_eq!(admit("?offset=5"), Ok(()));
        assert_eq!(admit("sleeps?offset=5"), Ok(()));
        assert_eq!(admit("../human/sleeps"), Ok(()));
        assert_eq!(admit("../../users"), Err(LinkRefusal::Path));
        assert_eq!(admit("//evil.example/v1/human"), Err(LinkRefusal::Origin));
        assert_eq!(admit("/\\evil.example/v1/human"), Err(LinkRefusal::Ambiguous));
        assert_eq!(admit("\\\\evil.example/v1/human"), Err(LinkRefusal::Ambiguous));
        assert_eq!(admit("/\t/evil.example/v1/human"), Err(LinkRefusal::Ambiguous));
        assert_eq!(admit("https:evil.example"), Err(LinkRefusal::Origin));
    }

    #[test]
    fn a_base_that_is_no_plain_name_admits_its_own_spelling() {
        let local = LinkScope::of("http://[::1]:8080/").unwrap();
        assert_eq!(local.admit("http://[::1]:8080/v1?offset=1"), Ok(()));
        assert_eq!(local.admit("http://[0::1]:8080/v1"), Err(LinkRefusal::Ambiguous));
        let shouted = LinkScope::of("HTTPS://API.humanapi.co").unwrap();
        assert_eq!(shouted.admit("HTTPS://API.humanapi.co/v1"), Ok(()));
        assert_eq!(shouted.admit("https://api.humanapi.co/v1"), Ok(()));
        assert_eq!(shouted.path(), "");
    }

    #[test]
    fn what_cannot_be_compared_is_no_base() {
        for url in [
            "",
            "api.humanapi.co",
            "/v1",
            "ftp://h",
            "https://",
            "https://user:secret@h/",
            "https://h/v1?x",
            "https://h/v1#x",
            "https://h/v1/..",
            "https://h/%2e%2e/v1",
            "https://h/\\v1",
            " https://h",
            "https://h/a b",
        ] {
            assert_eq!(LinkScope::of(url), None, "{url}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_admitted_begins_with_the_base(link in "(https://api.humanapi.co(:443)?(/v1/human)?)?(:443|@|:|\\\\|/v1|/human|/\\.\\.|/\\.|%2e|%2F|[a-z/?#]|\\PC){0,8}") {
            if base().admit(&link).is_ok() {
                let plain = link.replacen(":443/", "/", 1);
                let rest = plain.strip_prefix("https://api.humanapi.co/v1/human").unwrap();
                prop_assert!(rest.is_empty() || rest.starts_with(['/', '?', '#']), "{}", link);
                let path = rest.split(['?', '#']).next().unwrap();
                prop_assert!(path.split('/').all(|segment| segment != ".." && segment != "."), "{}", link);
            }
        }
    }
}
