//! A world to run engines in: one thread, virtual time, random numbers from a seed, and a network with a server.
//!
//! - [`World`] is both the executor and the [`Clock`](humansync::clock::Clock): time passes only while no task can run.
//!   If no task can run and no timer is left, it panics, as that is a deadlock.
//! - [`Network`] is the [`Transport`](humansync::http::Transport): it delays requests, breaks connections, and lets a
//!   [`Server`] answer. It records each request as an [`Exchange`].
//! - [`Post`] is a transport over the network that records what the sender of each request knows of its outcome.
//! - [`Process`] is a program that may die at any step; [`Disk`] outlives it, and is its
//!   [`Store`](humansync::store::Store).
//! - [`Chance`] draws all random numbers; [`seeds`] are the seeds that a test runs. [`worlds`] runs one test over very
//!   many of them, and its [`Census`] counts which kinds of fault happened.
//!
//! The seed decides everything. A world that panics prints its seed; with `HUMANSYNC_SEED=<seed>` in the environment
//! the tests run only that one, exactly as before.
//!
//! Not here: what servers know (`server`), and what is right or wrong (the tests).

mod chance;
mod exchange;
mod executor;
mod network;
mod post;
mod process;
mod seeds;
mod store;
mod timer;

pub use chance::Chance;
pub use exchange::{Exchange, Fate};
pub use executor::World;
pub use network::{Conditions, Network, Outcome, Server};
pub use post::{KnownOutcome, NUMBER, Post};
pub use process::Process;
pub use seeds::{Census, seeds, worlds};
pub use store::{Disk, DiskStore, FailurePoint, Operation, Told, Verb};
