//! Requests that wait until they are let go: a server that stands still at a known point, however fast anything is.

use std::time::Duration;

use axum::http::Method;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::sandbox::Sandbox;

/// How often a request that is held looks whether it still is.
const LOOK: Duration = Duration::from_millis(5);

/// Holds requests of a method, with a path that begins so, beyond the next few of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Hold {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// So many are let through yet.
    pub after: u64,
}

impl Hold {
    /// Whether the request has to wait; one that has not is counted.
    fn holds(&mut self, method: &Method, path: &str) -> bool {
        let is_for = self.method.as_ref().is_none_or(|own| method.as_str() == own)
            && self.path.as_ref().is_none_or(|own| path.starts_with(own.as_str()));
        match self.after.checked_sub(1) {
            _ if !is_for => false,
            None => true,
            Some(rest) => {
                self.after = rest;
                false
            }
        }
    }
}

/// Waits as long as the request is held, and no longer than until everything is reset. The server has not seen it then: who gives up
/// has sent nothing.
pub async fn sit_out(sandbox: &Sandbox, method: &Method, path: &str) {
    let resets = sandbox.resets();
    while sandbox.resets() == resets
        && sandbox.faults_mut().hold.as_mut().is_some_and(|hold| hold.holds(method, path))
    {
        sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_beyond_the_first_are_held_and_others_do_not_count() {
        let mut hold = Hold { method: Some("POST".to_owned()), path: Some("/api".to_owned()), after: 2 };
        let mut holds = |method, path| hold.holds(&method, path);
        assert!(!holds(Method::POST, "/api/v1.1/samples"));
        assert!(!holds(Method::GET, "/api/v1.1/samples"));
        assert!(!holds(Method::POST, "/v1/human"));
        assert!(!holds(Method::POST, "/api/v1.1/samples"));
        assert!(holds(Method::POST, "/api/v1.1/samples"));
        assert!(!holds(Method::OPTIONS, "/api/v1.1/samples"));
    }
}
