//! The URL and the secret of an app that is to be notified.

use axum::http::Uri;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Where notifications go. It has no `Debug` that shows the secret.
#[derive(Clone)]
pub struct Target {
    url: Uri,
    secret: String,
    addresses: Vec<SocketAddr>,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Target {
    /// Errors: a text that says what is expected.
    pub fn new(url: &str, secret: &str) -> Result<Self, String> {
        if secret.is_empty() {
            return Err("secret is empty; give the app's client secret, with which notifications are signed"
                .to_owned());
        }
        let wrong = || format!("{url:?} is no URL for notifications; http://127.0.0.1:PORT/PATH is expected");
        let parsed: Uri = url.parse().map_err(|_| wrong())?;
        let authority = parsed.authority().ok_or_else(wrong)?;
        if parsed.scheme_str() != Some("http") || authority.as_str().contains('@') {
            return Err(wrong());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let ips: Vec<IpAddr> = match host {
            "localhost" => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            _ => vec![host.parse().map_err(|_| wrong())?],
        };
        if !ips.iter().all(IpAddr::is_loopback) {
            return Err(format!("{host} is not a loopback address; the sandbox notifies this machine only"));
        }
        let port = authority.port_u16().unwrap_or(80);
        let addresses = ips.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
        Ok(Self { url: parsed, secret: secret.to_owned(), addresses })
    }

    #[must_use]
    pub fn url(&self) -> &Uri {
        &self.url
    }

    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The addresses of its host, to be tried in turn.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_notified() {
        for url in [
            "http://127.0.0.1:8080/notified",
            "http://127.1.2.3/",
            "http://[::1]:9/a?b=c",
            "http://localhost:8080",
        ] {
            assert!(Target::new(url, "s").is_ok(), "{url}");
        }
        for url in [
            "https://127.0.0.1/",
            "http://192.168.1.4/",
            "http://example.org/",
            "http://localhost.example.org/",
            "http://0.0.0.0/",
            "http://user@127.0.0.1/",
            "http://user:word@localhost/",
            "/notified",
            "127.0.0.1:8080",
            "",
        ] {
            assert!(Target::new(url, "s").is_err(), "{url}");
        }
        assert!(Target::new("http://127.0.0.1/", "").unwrap_err().contains("secret"));
    }

    #[test]
    fn the_secret_is_not_shown() {
        let target = Target::new("http://127.0.0.1/n", "do-not-show").unwrap();
        assert!(!format!("{target:?}").contains("do-not-show"));
    }
}
