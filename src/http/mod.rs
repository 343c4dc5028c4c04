//! Requests and answers: everything between "ask for this" and "here is what came", for every client of the package.
//!
//! Here live the ports' network half ([`Transport`]), the one [`Client`] with its lanes, pause, retry budget, secret
//! and events, and [`Abort`]. Not here: what is asked for (`query`), how lists are walked (`pages`), when a failed
//! attempt may be repeated and how its waits are computed (`retry`).
//!
//! ```text
//! call ─► secret ─► lane ─► pause sat out ─► send, at most `timeout` ─► answer
//!            ▲                                                            │
//!            │ 401: asked once more                  2xx: done ◄──────────┤
//!            └────────────────────────────────────────────────────────────┤
//!              backoff or Retry-After, if attempts and budget are left ◄──┘
//! ```

mod abort;
mod base;
mod call;
mod client;
mod credential;
mod dates;
mod event;
mod lanes;
mod patience;
mod pause;
mod transport;

pub use abort::{Abort, Aborted};
pub use base::Base;
pub use call::{Call, Halving, Repeat, Tally};
pub use client::{Client, Config, Reply};
pub use credential::{AskSecret, Credential, Scheme, SecretText, Source};
pub use dates::{AGREE, CLOCKS_END, Dated, server_clock};
pub use event::{Event, Reason, Warning};
pub use lanes::{Lane, Lanes};
pub use transport::{Accept, Body, Broken, Content, Headers, Request, Response, Transport};
