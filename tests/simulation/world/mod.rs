//! A world to run engines in: one thread, virtual time, chance from a seed, and a network with a server behind it.
//!
//! - [`World`] is executor and [`Clock`](humansync::clock::Clock) in one: time passes only when no task can run. When
//!   nothing can run and no timer is left, it fails at once, for that is a deadlock.
//! - [`Network`] is the [`Transport`](humansync::http::Transport): it delays, cuts and counts, and lets a [`Server`]
//!   answer. [`Exchange`] is what it remembers of each request.
//! - [`Post`] is a way over the network that remembers of each request what its sender knows of it.
//! - [`Process`] is a program that may die at any step; [`Disk`] is what outlives it, and gives it a
//!   [`Store`](humansync::store::Store).
//! - [`Chance`] is where all randomness comes from; [`seeds`] says which seeds a test runs. [`worlds`]
//!   runs one test over very many, and its [`Census`] counts which kinds of fault happened in them.
//!
//! Everything that happens follows from the seed. A world that dies in a panic prints its own; with
//! `HUMANSYNC_SEED=<seed>` in the environment the tests run that one alone, exactly as before.
//!
//! Not here: what the server knows (`server`), and what is right or wrong (the tests).

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
pub use post::{Known, NUMBER, Post};
pub use process::Process;
pub use seeds::{Census, seeds, worlds};
pub use store::{Disk, DiskStore, Failing, Operation, Verb};
