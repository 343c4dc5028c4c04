//! Under which keys the positions of an app are kept. No key tells which app it is.
//!
//! ```text
//! sync/<scope>/<type>/position       up to where it was delivered
//! sync/<scope>/<type>/seen/<slot>    what was delivered last
//! sync/<scope>/server                whose an early scope is
//! ```
//!
//! A scope is one server's and app's: a hash of both (SHA-256, cut). Early versions knew no servers: their scopes are a hash of the app's
//! client id, and belong to the first server that they are used with ([`Places`]).

use crate::api::{BatchType, decimal};
use crate::http::uri::Base;
use crate::store::{Kind, Places, fingerprint, hex};
use sha2::{Digest, Sha256};

/// One app at one server.
#[derive(Clone, Debug)]
pub struct Scope {
    prefix: String,
}

/// Where the positions of an app at a server may be.
#[derive(Debug)]
pub struct Scopes {
    /// Where early versions have put them.
    pub early: Scope,
    /// The server's own.
    pub own: Scope,
}

impl Scopes {
    /// Of the app that the API at `server` knows as `client_id`.
    pub fn new(client_id: &str, server: &Base) -> Self {
        Self { early: Scope::early(client_id), own: Scope::new(client_id, server) }
    }

    /// The two places, to find out which it is.
    pub fn places(&self) -> Places<'_> {
        Places { note: Kind::PositionServer, early: &self.early.prefix, own: &self.own.prefix }
    }
}

impl Scope {
    /// Of the app that the API at `server` knows as `client_id`.
    pub fn new(client_id: &str, server: &Base) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"server\0");
        hash.update(fingerprint(server));
        Self::of(hash, client_id)
    }

    /// As early versions had it: without a server.
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

    /// The name of the lock.
    pub fn lock(&self) -> &str {
        &self.prefix
    }

    /// Of a type's position.
    pub fn position(&self, batch_type: BatchType) -> String {
        [&self.of_type(batch_type), "position"].concat()
    }

    /// Of what was delivered last of a type.
    pub fn seen(&self, batch_type: BatchType, slot: u64) -> String {
        [&self.of_type(batch_type), "seen/", &decimal(slot)].concat()
    }

    fn of_type(&self, batch_type: BatchType) -> String {
        // One level for each, whatever is in its name.
        let name: String =
            batch_type.name().chars().map(|char| if char == '/' { '.' } else { char }).collect();
        [&self.prefix, &name, "/"].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    fn at(url: &str) -> Scope {
        Scope::new("demo-app", &Base::of(url).unwrap())
    }

    #[test]
    fn keys_stay_as_they_are_and_name_no_app() {
        // Stores outlive versions of the package. The hashes are those of `sha256sum`.
        let scope = Scope::early("demo-app");
        let meals = BatchType::from_name("food/meals").unwrap();
        assert_eq!(scope.position(meals), format!("{}food.meals/position", scope.lock()));
        assert_eq!(scope.seen(meals, 15), format!("{}food.meals/seen/15", scope.lock()));
        assert_eq!(scope.lock(), "sync/52926082b7c334fd52168872c1854847/");
        assert_eq!(
            at("https://api.humanapi.co/v1/apps/demo-app").lock(),
            "sync/1b6184859ffc9ee2f19295b7b1a9cfb3/"
        );
        let scopes = Scopes::new("demo-app", &Base::of("https://api.humanapi.co").unwrap());
        assert_eq!(scopes.places().key(), "sync/52926082b7c334fd52168872c1854847/server");
    }

    #[test]
    fn apps_and_servers_are_apart() {
        let here = at("https://api.humanapi.co/v1");
        assert_eq!(here.lock(), at("HTTPS://API.humanapi.co:443/v1/").lock());
        for other in
            ["https://api.humanapi.co/v2", "http://api.humanapi.co/v1", "https://api.humanapi.example/v1"]
        {
            assert_ne!(here.lock(), at(other).lock(), "{other}");
        }
        let other = Scope::new("demo-app2", &Base::of("https://api.humanapi.co/v1").unwrap());
        assert_ne!(here.lock(), other.lock());
        assert_ne!(Scope::early("demo-app").lock(), Scope::early("demo-app2").lock());
    }
}
