//! The base URL of a client's API.

use crate::api::{Path, PathSegment, shown};
use crate::error::OptionError;
use crate::text;
use crate::uri::{LinkRefusal, LinkScope};

/// A checked base URL, with the API's version.
#[derive(Clone, Debug)]
pub struct BaseUrl {
    /// Origin, path prefix and version, without a slash at the end.
    root: String,
    /// The scope that the server's links must stay in.
    own: LinkScope,
}

impl BaseUrl {
    /// The API at `base_url` in `version`; its links must stay below `area` (`/human`, encoded). Errors: a `baseUrl`
    /// that is not a plain http(s) URL, or is `http:` to another machine without `allow_http`; a `version` that is not
    /// a path segment.
    pub fn new(base_url: &str, version: &str, area: &str, allow_http: bool) -> Result<Self, OptionError> {
        let prefix = checked(base_url, allow_http)?;
        let segment = PathSegment::new("version", version)?;
        let root = [prefix, "/", segment.as_str()].concat();
        let own = LinkScope::of(&[root.as_str(), area].concat()).ok_or_else(|| {
            let message =
                ["`version` must be a plain path segment like \"v1\", not \"", &shown(version), "\""];
            OptionError::new("version", message.concat())
        })?;
        Ok(Self { root, own })
    }

    /// One endpoint, at `path` below `base_url`. Errors: a `baseUrl` as [`BaseUrl::new`] refuses it; a `path` that does
    /// not begin with `/` or is no plain path.
    pub fn endpoint(base_url: &str, path: &str, allow_http: bool) -> Result<Self, OptionError> {
        let root = [checked(base_url, allow_http)?, path].concat();
        match LinkScope::of(&root) {
            Some(own) if path.starts_with('/') => Ok(Self { root, own }),
            _ => Err(OptionError::new(
                "path",
                "`path` must be a plain path like \"/api/v1.1/samples\": it begins with a slash, and has no query, no \
                 fragment, no `.` or `..`, and only characters that need no encoding",
            )),
        }
    }

    /// The URL of the base itself.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Server and path in normal form, the same however the URL was written.
    pub fn own(&self) -> &LinkScope {
        &self.own
    }

    /// The URL of `path` with `query`, which may be empty.
    pub fn url(&self, path: &Path, query: &str) -> String {
        let mark = if query.is_empty() { "" } else { "?" };
        [&self.root, path.as_str(), mark, query].concat()
    }

    /// Whether the client may follow `link`. If not, the error says why.
    pub fn admit(&self, link: &str) -> Result<(), LinkRefusal> {
        self.own.admit(link)
    }
}

/// `base_url` without a slash at its end.
fn checked(base_url: &str, allow_http: bool) -> Result<&str, OptionError> {
    let refuse = |why: &str| OptionError::new("baseUrl", ["`baseUrl` ", why].concat());
    let Some(base) = LinkScope::of(base_url) else {
        return Err(refuse(
            "must be an absolute URL like \"https://api.humanapi.co\", with a path prefix at most: no user name, \
             no query, no fragment, no `.` or `..`, and only characters that need no encoding",
        ));
    };
    if !base.origin().is_https() && !allow_http && !is_loopback(base.origin().host()) {
        return Err(refuse(
            "is http:, which everybody on the way can read; use https:, or say `allowHttp: true` if you must",
        ));
    }
    Ok(text::without_last(base_url, b'/'))
}

/// `localhost`, and the addresses of RFC 6890's loopback blocks. Names below `localhost`, and `localhost.`, should be
/// this machine too (RFC 6761 §6.3), but outside browsers a resolver is asked for them, and it may answer anything.
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == "[::1]" || is_loopback_v4(host)
}

/// Whether it is an IPv4 address in 127.0.0.0/8.
fn is_loopback_v4(host: &str) -> bool {
    let mut rest = host;
    let mut dots = 0_u32;
    while let Some((part, after)) = text::split_once(rest, b'.') {
        if part.parse::<u8>().is_err() {
            return false;
        }
        rest = after;
        dots = dots.saturating_add(1);
    }
    host.starts_with("127.") && dots == 3 && rest.parse::<u8>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Operation, user_path};
    use crate::testing::test;

    fn base(url: &str, allow_http: bool) -> Result<BaseUrl, OptionError> {
        BaseUrl::new(url, "v1", "/human", allow_http)
    }

    #[test]
    fn a_path_prefix_is_kept_and_a_slash_at_the_end_does_not_count() {
        for (url, expected) in [
            ("https://api.humanapi.co", "https://api.humanapi.co/v1/human/bmi?limit=1"),
            ("https://proxy.example/health/", "https://proxy.example/health/v1/human/bmi?limit=1"),
        ] {
            let path = user_path("bmi", Operation::List, "").unwrap();
            assert_eq!(base(url, false).unwrap().url(&path, "limit=1"), expected);
        }
    }

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        for host in ["localhost:8787", "LocalHost", "127.0.0.1", "127.8.9.1:80", "[::1]:8787"] {
            assert!(base(&format!("http://{host}"), false).is_ok(), "{host}");
        }
        for host in [
            "api.humanapi.co",
            "127.0.0.1.example",
            "127.0.0.example",
            "127.0.1",
            "127.0.0.256",
            "127.0.0.1.1",
            "localhost.example",
            "evil.localhost",
            "localhost.",
            "localhost.:8787",
            "[::2]",
            "10.0.0.1",
        ] {
            assert_eq!(base(&format!("http://{host}"), false).unwrap_err().option, "baseUrl", "{host}");
            assert!(base(&format!("http://{host}"), true).is_ok(), "{host}");
        }
    }

    #[test]
    fn what_is_no_plain_url_is_refused() {
        for url in [
            "",
            "api.humanapi.co",
            "ftp://h",
            "https://user:pass@h",
            "https://h?x=1",
            "https://h/#x",
            "https://h/../x",
            "https://h /",
            "//h",
        ] {
            assert_eq!(base(url, true).unwrap_err().option, "baseUrl", "{url}");
        }
    }

    #[test]
    fn links_stay_below_the_area() {
        let base = base("https://h/p", false).unwrap();
        assert!(base.admit("https://h/p/v1/human/activities?offset=50").is_ok());
        for link in [
            "https://h/p/v1/apps/x",
            "https://h/v1/human/x",
            "http://h/p/v1/human/x",
            "https://g/p/v1/human/x",
        ] {
            assert!(base.admit(link).is_err(), "{link}");
        }
    }
}
