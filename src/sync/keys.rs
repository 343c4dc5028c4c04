//! Under which keys the positions of an app are kept. No key tells which app it is.
//!
//! ```text
//! sync/<app>/<type>/position       up to where it was delivered
//! sync/<app>/<type>/seen/<slot>    what was delivered last
//! ```
//!
//! The app is a hash of its client id (SHA-256, cut).

use crate::query::{BatchType, decimal};
use crate::store::hex;
use sha2::{Digest, Sha256};

/// One app.
#[derive(Clone, Debug)]
pub struct Scope {
    prefix: String,
}

impl Scope {
    /// Of the app that the API knows as `client_id`.
    pub fn new(client_id: &str) -> Self {
        let mut prefix = String::from("sync/");
        for byte in Sha256::digest(client_id.as_bytes()).iter().take(16) {
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
        [&self.of(batch_type), "position"].concat()
    }

    /// Of what was delivered last of a type.
    pub fn seen(&self, batch_type: BatchType, slot: u64) -> String {
        [&self.of(batch_type), "seen/", &decimal(slot)].concat()
    }

    fn of(&self, batch_type: BatchType) -> String {
        // One level for each, whatever is in its name.
        let name: String =
            batch_type.name().chars().map(|char| if char == '/' { '.' } else { char }).collect();
        [&self.prefix, &name, "/"].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_as_they_are_and_name_no_app() {
        // Stores outlive versions of the package. The hash is that of `sha256sum`.
        let scope = Scope::new("demo-app");
        let meals = BatchType::from_name("food/meals").unwrap();
        assert_eq!(scope.position(meals), format!("{}food.meals/position", scope.lock()));
        assert_eq!(scope.seen(meals, 15), format!("{}food.meals/seen/15", scope.lock()));
        assert_eq!(scope.lock(), "sync/52926082b7c334fd52168872c1854847/");
        assert_ne!(scope.lock(), Scope::new("demo-app2").lock());
    }
}
