//! Scheme, host and port: which server a URI leads to.

use super::Uri;

/// The server that an `http` or `https` URI leads to: scheme and host in lower case, and the port, by default 80 or 443.
///
/// ```
/// use humansync::uri::Origin;
/// assert_eq!(Origin::of("https://API.humanapi.co/v1"), Origin::of("https://api.humanapi.co:443/"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    https: bool,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an absolute URI; `None` where its readers could disagree on it.
    ///
    /// That is: another scheme, no host, user information, a host of other characters than letters, digits, `.`, `-` and `_` (but an
    /// IPv6 address in brackets), an empty port, or one with a leading zero.
    pub fn of(uri: &str) -> Option<Self> {
        let Uri { scheme: Some(scheme), authority: Some(authority), .. } = Uri::split(uri) else {
            return None;
        };
        let https = scheme.eq_ignore_ascii_case("https");
        if !https && !scheme.eq_ignore_ascii_case("http") {
            return None;
        }
        // The last colon is the port's, but for those inside an IPv6 address.
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, read_port(port)?),
            _ => (authority, if https { 443 } else { 80 }),
        };
        is_host(host).then(|| Self { https, host: host.to_ascii_lowercase(), port })
    }

    /// Whether requests to it are encrypted.
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// In lower case; an IPv6 address with its brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The one that is written, or the scheme's own.
    pub const fn port(&self) -> u16 {
        self.port
    }
}

fn read_port(text: &str) -> Option<u16> {
    // `parse` takes a plus sign, and leading zeros without end.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && !text.starts_with('0') { text.parse().ok() } else { None }
}

fn is_host(text: &str) -> bool {
    match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => {
            address.contains(':')
                && address.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
        }
        None => {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_server_is_the_same_origin_however_it_is_written() {
        let human_api = Origin::of("https://api.humanapi.co").unwrap();
        for uri in [
            "https://api.humanapi.co/",
            "HTTPS://api.humanapi.co",
            "https://API.HumanAPI.co?x",
            "https://api.humanapi.co:443/v1#f",
        ] {
            assert_eq!(Origin::of(uri).as_ref(), Some(&human_api), "{uri}");
        }
        for uri in [
            "http://api.humanapi.co",
            "https://api.humanapi.co:80",
            "https://api.humanapi.co.",
            "https://humanapi.co",
            "https://api.humanapi.co:8443",
            "https://api.humanapi.com",
        ] {
            let other = Origin::of(uri);
            assert!(other.is_some() && other.as_ref() != Some(&human_api), "{uri}");
        }
        assert_eq!(Origin::of("http://h"), Origin::of("http://h:80"));
        assert_eq!(Origin::of("http://[::1]:8080").map(|origin| origin.port()), Some(8080));
        assert_eq!(Origin::of("http://[::1]"), Origin::of("http://[::1]:80"));
    }

    #[test]
    fn what_readers_could_disagree_on_has_no_origin() {
        for uri in [
            "",
            "/",
            "//h",
            "h",
            "https:",
            "https:h",
            "https:/h",
            "https://",
            "https:///h",
            "https://:443",
            "ftp://h",
            "httpss://h",
            "javascript://h",
            "https://user@h",
            "https://user:pass@h",
            "https://@h",
            "https://h:",
            "https://h:0",
            "https://h:0443",
            "https://h:+443",
            "https://h:65536",
            "https://h:44x",
            "https://h:1:2",
            "https://h%2e",
            "https://h\\x",
            "https://h h",
            "https://h\t",
            "https://hé",
            "https://[::1",
            "https://::1",
            "https://[]",
            "https://[1]",
            "https://[v1.x]",
            "https://[fe80::1%25en0]",
            "https://h]",
            "https://[::1]x",
        ] {
            assert_eq!(Origin::of(uri), None, "{uri}");
        }
    }
}
