//! The keys under which an app's positions are stored. None of them tells which app it is.
//!
//! ```text
//! sync/<app>/<type>/position       what of the type is delivered
//! sync/<app>/<type>/seen/<slot>    marks of delivered records
//! sync/<app>/server                which server owns what an early version stored
//! ```
//!
//! The `<app>` in a key is a hash of server and client id (SHA-256, cut). Early versions hashed the client id alone;
//! what they stored belongs to the first server that it is used with ([`ServerPrefixes`]).

use crate::api::{BatchType, decimal};
use crate::store::{ServerPrefixes, ValueKind, hex, server_fingerprint};
use crate::uri::LinkScope;
use sha2::{Digest, Sha256};

/// The keys of one app at one server.
#[derive(Clone, Debug)]
pub struct PositionKeys {
    prefix: String,
}

/// The two sets of keys that an app at a server may use.
#[derive(Debug)]
pub struct KeyCandidates {
    /// Those of early versions, shared by all servers.
    pub early: PositionKeys,
    /// The server's own.
    pub own: PositionKeys,
}

impl KeyCandidates {
    /// For the app that the API at `server` knows as `client_id`.
    pub fn new(client_id: &str, server: &LinkScope) -> Self {
        Self { early: PositionKeys::early(client_id), own: PositionKeys::new(client_id, server) }
    }

    /// The prefixes of both, to find out which one is used.
    pub fn prefixes(&self) -> ServerPrefixes<'_> {
        ServerPrefixes {
            owner_kind: ValueKind::PositionOwner,
            early: &self.early.prefix,
            own: &self.own.prefix,
        }
    }
}

impl PositionKeys {
    /// For the app that the API at `server` knows as `client_id`.
    pub fn new(client_id: &str, server: &LinkScope) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"server\0");
        hash.update(server_fingerprint(server));
        Self::of(hash, client_id)
    }

    /// As early versions had them, without a server.
    pub fn early(client_id: &str) -> Self {
        Self::of(Sha256::new(), client_id)
    }

    fn of(mut hash: Sha256, client_id: &str) -> Self {
        hash.update(client_id.as_bytes());
        let mut prefix = String::from("sync/");
        for byte in hash.finalize().iter().take(16) {
            hex(&mut prefix, u64::from(*byte), 2);
        }
        prefix.push('/');
        Self { prefix }
    }

    /// The name of the app's lock.
    pub fn lock(&self) -> &str {
        &self.prefix
    }

    /// The key of a type's position.
    pub fn position(&self, batch_type: BatchType) -> String {
        [&self.of_type(batch_type), "position"].concat()
    }

    /// The key of a slot with marks of delivered records.
    pub fn marks(&self, batch_type: BatchType, slot: u64) -> String {
        [&self.of_type(batch_type), "seen/", &decimal(slot)].concat()
    }

    fn of_type(&self, batch_type: BatchType) -> String {
        // Each type has one level of its own, even if its name has a slash.
        let name: String =
            batch_type.name().chars().map(|char| if char == '/' { '.' } else { char }).collect();
        [&self.prefix, &name, "/"].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    fn at(url: &str) -> PositionKeys {
        PositionKeys::new("demo-app", &LinkScope::of(url).unwrap())
    }

    #[test]
    fn keys_are_stable_and_name_no_app() {
        // Stores outlive versions of the package. The hashes were made with `sha256sum`.
        let keys = PositionKeys::early("demo-app");
        let meals = BatchType::from_name("food/meals").unwrap();
        assert_eq!(keys.position(meals), format!("{}food.meals/position", keys.lock()));
        assert_eq!(keys.marks(meals, 15), format!("{}food.meals/seen/15", keys.lock()));
        assert_eq!(keys.lock(), "sync/52926082b7c334fd52168872c1854847/");
        assert_eq!(
            at("https://api.humanapi.co/v1/apps/demo-app").lock(),
            "sync/1b6184859ffc9ee2f19295b7b1a9cfb3/"
        );
        let candidates = KeyCandidates::new("demo-app", &LinkScope::of("https://api.humanapi.co").unwrap());
        assert_eq!(candidates.prefixes().owner_key(), "sync/52926082b7c334fd52168872c1854847/server");
    }

    #[test]
    fn apps_and_servers_have_keys_of_their_own() {
        let here = at("https://api.humanapi.co/v1");
        assert_eq!(here.lock(), at("HTTPS://API.humanapi.co:443/v1/").lock());
        for other in
            ["https://api.humanapi.co/v2", "http://api.humanapi.co/v1", "https://api.humanapi.example/v1"]
        {
            assert_ne!(here.lock(), at(other).lock(), "{other}");
        }
        let other = PositionKeys::new("demo-app2", &LinkScope::of("https://api.humanapi.co/v1").unwrap());
        assert_ne!(here.lock(), other.lock());
        assert_ne!(PositionKeys::early("demo-app").lock(), PositionKeys::early("demo-app2").lock());
    }
}
