//! Whose data is kept in sync, an app's or one person's, and the keys under which its positions are stored. No key tells
//! whose they are.
//!
//! ```text
//! sync/<owner>/<type>/position       what of the type is delivered
//! sync/<owner>/<type>/seen/<slot>    marks of delivered records
//! sync/<owner>/server                which server owns what an early version stored
//! ```
//!
//! The `<owner>` in a key is a hash (SHA-256, cut) of the server, and of the app's client id or the person's account.
//! Early versions hashed the client id alone; what they stored belongs to the first server that it is used with
//! ([`ServerPrefixes`]). A type that is read under other conditions has a position of its own: `<type>~<hash>`.

use crate::api::{Fingerprint, Query, QueryInit, decimal};
use crate::error::OptionError;
use crate::store::{ServerPrefixes, ValueKind, hex, server_fingerprint};
use crate::uri::LinkScope;
use sha2::{Digest, Sha256};

/// Who owns positions: an app, or one person, at one server.
#[derive(Clone, Debug)]
pub struct SyncOwner {
    /// A hash of both.
    fingerprint: [u8; 16],
    /// The keys of the owner.
    pub own: PositionKeys,
    /// Those of early versions, shared by all servers.
    pub early: Option<PositionKeys>,
}

/// The keys of one owner.
#[derive(Clone, Debug)]
pub struct PositionKeys {
    prefix: String,
}

impl SyncOwner {
    /// The app that the API at `server` knows as `client_id`.
    pub fn app(client_id: &str, server: &LinkScope) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"server\0");
        hash.update(server_fingerprint(server));
        hash.update(client_id.as_bytes());
        let mut early = Sha256::new();
        early.update(client_id.as_bytes());
        Self { early: Some(PositionKeys::of(&cut(early))), ..Self::of(hash) }
    }

    /// The person that the caller knows as `account`, at the API at `server`.
    pub fn person(account: &str, server: &LinkScope) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"person\0");
        hash.update(server_fingerprint(server));
        hash.update(account.as_bytes());
        Self::of(hash)
    }

    fn of(hash: Sha256) -> Self {
        let fingerprint = cut(hash);
        Self { fingerprint, own: PositionKeys::of(&fingerprint), early: None }
    }

    /// Tells this owner from others.
    pub fn fingerprint(&self) -> [u8; 16] {
        self.fingerprint
    }

    /// The prefixes of both kinds of keys, to find out which one is used; `None` if there is only one.
    pub fn prefixes(&self) -> Option<ServerPrefixes<'_>> {
        self.early.as_ref().map(|early| ServerPrefixes {
            owner_kind: ValueKind::PositionOwner,
            early: &early.prefix,
            own: &self.own.prefix,
        })
    }
}

/// Tells the conditions of a sync from others: 0 if there are none.
pub fn conditions_fingerprint(conditions: &QueryInit) -> Result<u64, OptionError> {
    let query = Query::new(conditions.clone())?;
    Ok(match query.filters() {
        "" => 0,
        filters => Fingerprint::of(filters).value(),
    })
}

impl PositionKeys {
    fn of(fingerprint: &[u8]) -> Self {
        let mut prefix = String::from("sync/");
        for byte in fingerprint {
            hex(&mut prefix, u64::from(*byte), 2);
        }
        prefix.push('/');
        Self { prefix }
    }

    /// The name of the owner's lock.
    pub fn lock(&self) -> &str {
        &self.prefix
    }

    /// The key of the position of the type called `name`, under conditions with this fingerprint.
    pub fn position(&self, name: &str, conditions: u64) -> String {
        [&self.of_type(name, conditions), "position"].concat()
    }

    /// The key of a slot with marks of delivered records.
    pub fn marks(&self, name: &str, conditions: u64, slot: u64) -> String {
        [&self.of_type(name, conditions), "seen/", &decimal(slot)].concat()
    }

    fn of_type(&self, name: &str, conditions: u64) -> String {
        // Each type has one level of its own, even if its name has a slash.
        let mut key = self.prefix.clone();
        key.extend(name.chars().map(|char| if char == '/' { '.' } else { char }));
        if conditions != 0 {
            key.push('~');
            hex(&mut key, conditions, 16);
        }
        key.push('/');
        key
    }
}

fn cut(hash: Sha256) -> [u8; 16] {
    let mut cut = [0; 16];
    for (to, from) in cut.iter_mut().zip(hash.finalize().iter()) {
        *to = *from;
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    fn at(url: &str) -> SyncOwner {
        SyncOwner::app("demo-app", &LinkScope::of(url).unwrap())
    }

    #[test]
    fn keys_are_stable_and_name_no_app() {
        // Stores outlive versions of the package. The hashes were made with `sha256sum`.
        let owner = at("https://api.humanapi.co/v1/apps/demo-app");
        let keys = owner.early.clone().unwrap();
        assert_eq!(keys.position("food/meals", 0), format!("{}food.meals/position", keys.lock()));
        assert_eq!(keys.marks("food/meals", 0, 15), format!("{}food.meals/seen/15", keys.lock()));
        assert_eq!(
            keys.position("weights", 0xab),
            format!("{}weights~00000000000000ab/position", keys.lock())
        );
        assert_eq!(keys.lock(), "sync/52926082b7c334fd52168872c1854847/");
        assert_eq!(owner.own.lock(), "sync/1b6184859ffc9ee2f19295b7b1a9cfb3/");
        assert_eq!(owner.prefixes().unwrap().owner_key(), "sync/52926082b7c334fd52168872c1854847/server");
    }

    #[test]
    fn owners_have_keys_of_their_own() {
        let here = at("https://api.humanapi.co/v1");
        assert_eq!(here.own.lock(), at("HTTPS://API.humanapi.co:443/v1/").own.lock());
        for other in
            ["https://api.humanapi.co/v2", "http://api.humanapi.co/v1", "https://api.humanapi.example/v1"]
        {
            assert_ne!(here.own.lock(), at(other).own.lock(), "{other}");
        }
        let server = LinkScope::of("https://api.humanapi.co/v1").unwrap();
        let other = SyncOwner::app("demo-app2", &server);
        assert_ne!(here.own.lock(), other.own.lock());
        assert_ne!(here.early.unwrap().lock(), other.early.unwrap().lock());
        let person = SyncOwner::person("demo-app", &server);
        assert_ne!(here.own.lock(), person.own.lock());
        assert_ne!(person.own.lock(), SyncOwner::person("", &server).own.lock());
        assert!(person.early.is_none());
    }

    #[test]
    fn conditions_are_told_apart_and_the_size_of_a_page_is_none() {
        let fingerprint = |init| conditions_fingerprint(&init).unwrap();
        let none = QueryInit::default();
        let limited = QueryInit { limit: Some(20.0), ..none.clone() };
        let of_source = QueryInit { source: Some("fitbit".to_owned()), ..none.clone() };
        let with_series =
            QueryInit { params: vec![("time_series".to_owned(), "true".to_owned())], ..none.clone() };
        assert_eq!((fingerprint(none), fingerprint(limited)), (0, 0));
        assert_ne!(fingerprint(of_source.clone()), 0);
        assert_ne!(fingerprint(of_source), fingerprint(with_series));
    }
}
