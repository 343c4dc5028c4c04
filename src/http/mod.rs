//! Requests and answers, for every client of the package.
//!
//! - [`Client`] takes a [`Call`] through all of it; `response` says what an answer means, and `read` reads single
//!   objects and documents.
//! - [`Lanes`], `pause`, `timeout`, `retry` and `credential` are the steps on the way; [`Event`] tells of them. A
//!   [`Limiter`] of the user lets clients and processes share one bound and one pause.
//! - [`Transport`] is the port for the network. [`Abort`] ends a call at any step.
//! - `link` reads `Link` fields, `server_clock` reads `Date` fields.
//!
//! Not here: what can be asked for (`api`), and how lists are walked (`pages`).
//!
//! ```text
//! call ─► secret ─► lane ─► pause waited out ─► limiter ─► send, at most `timeout` ─► answer
//!            ▲                                                                          │
//!            │ 401: secret asked for once more                     2xx: done ◄──────────┤
//!            └──────────────────────────────────────────────────────────────────────────┤
//!                         backoff or Retry-After, if attempts and budget are left ◄─────┘
//! ```

mod abort;
mod base_url;
mod call;
mod client;
mod credential;
mod event;
mod lanes;
mod limiter;
pub mod link;
mod pause;
mod read;
mod redaction;
mod response;
pub mod retry;
mod server_clock;
mod timeout;
mod transport;

pub use abort::{Abort, Aborted};
pub use base_url::BaseUrl;
pub use call::{Call, RetryPolicy, ShrinkingSize, Tally};
pub use client::{Client, Config};
pub use credential::{Credential, Scheme, SecretFunction, SecretSource, SecretText};
pub use event::{Event, Reason, Warning};
pub use lanes::{Lane, Lanes};
pub use limiter::{Limiter, SharedLane};
pub use redaction::Redaction;
pub use response::Reply;
pub use server_clock::{AGREE, CLOCKS_END, ClockReading, server_clock};
pub use transport::{Accept, Body, Content, Headers, Request, Response, Transport, TransportError};
