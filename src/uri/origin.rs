//! Scheme, host and port: which server a URI leads to.

use super::Uri;
use crate::text;

/// The server that an `http` or `https` URI leads to: scheme and host in lower case, and the port, by default 80 or
/// 443.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    https: bool,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an absolute URI; `None` if readers could disagree on it.
    ///
    /// That is: another scheme, no host, user information, a host of other characters than letters, digits, `.`, `-`
    /// and `_` (but an IPv6 address in brackets), an empty port, or one with a leading zero.
    #[inline(never)]
    pub(super) fn of(uri: &Uri<'_>) -> Option<Self> {
        let (scheme, authority) = (uri.scheme?, uri.authority?);
        let https = scheme.eq_ignore_ascii_case("https");
        if !https && !scheme.eq_ignore_ascii_case("http") {
            return None;
        }
        let mut port = if https { 443 } else { 80 };
        let mut host = authority;
        // The last colon precedes the port, unless it is inside an IPv6 address, which ends with a bracket.
        let colon = authority.bytes().rposition(|byte| byte == b':');
        if let Some(colon) = colon
            && authority.bytes().last() != Some(b']')
        {
            host = authority.get(..colon)?;
            port = read_port(authority.get(colon + 1..)?)?;
        }
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

    /// The port that is written, or the scheme's default.
    pub const fn port(&self) -> u16 {
        self.port
    }
}

/// Digits without a leading zero, up to 65535; `parse` would accept a plus sign and any number of leading zeros.
fn read_port(text: &str) -> Option<u16> {
    let mut port = 0_u32;
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 || (digit == 0 && port == 0) || port > 6553 {
            return None;
        }
        port = port * 10 + u32::from(digit);
    }
    if port == 0 { None } else { u16::try_from(port).ok() }
}

fn is_host(text: &str) -> bool {
    match text.as_bytes() {
        [] => false,
        [b'[', address @ .., b']'] => {
            text::is_one_of(b':', address)
                && address.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
        }
        name => name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    fn origin(uri: &str) -> Option<Origin> {
        Origin::of(&Uri::split(uri))
    }

    #[test]
    fn the_same_server_is_the_same_origin_however_it_is_written() {
        let human_api = origin("https://api.humanapi.co").unwrap();
        for uri in [
            "https://api.humanapi.co/",
            "HTTPS://api.humanapi.co",
            "https://API.HumanAPI.co?x",
            "https://api.humanapi.co:443/v1#f",
        ] {
            assert_eq!(origin(uri).as_ref(), Some(&human_api), "{uri}");
        }
        for uri in [
            "http://api.humanapi.co",
            "https://api.humanapi.co:80",
            "https://api.humanapi.co.",
            "https://humanapi.co",
            "https://api.humanapi.co:8443",
            "https://api.humanapi.com",
        ] {
            let other = origin(uri);
            assert!(other.is_some() && other.as_ref() != Some(&human_api), "{uri}");
        }
        assert_eq!(origin("http://h"), origin("http://h:80"));
        assert_eq!(origin("http://[::1]:8080").map(|origin| origin.port()), Some(8080));
        assert_eq!(origin("http://[::1]"), origin("http://[::1]:80"));
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
            assert_eq!(origin(uri), None, "{uri}");
        }
    }
}
