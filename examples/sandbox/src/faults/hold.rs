//! Holds requests until they are released, so that a test can stop the server at a known point independent of timing.

use std::time::Duration;

use axum::http::Method;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::sandbox::Sandbox;

/// How often a held request checks whether it has been released.
const LOOK: Duration = Duration::from_millis(5);

/// Holds requests of this method and path prefix, after the next few of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Hold {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The number of requests that are still let through.
    pub after: u64,
}

impl Hold {
    /// Whether the request has to wait. One that does not is counted.
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

/// Waits until the request is released or everything is reset. The server has not acted on it yet, so that a client
/// that gives up has sent nothing.
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
