//! The port for time, chance and tasks: what an engine needs from its host besides network and storage.

use futures_util::future::LocalBoxFuture;
use std::future::Future;

/// Time, chance and tasks. In the package: `Date`, `performance`, `setTimeout`, `Math.random` and the microtask queue;
/// in tests: a simulated world with virtual time.
pub trait Clock: 'static {
    /// Wall-clock time in milliseconds since the epoch. It may jump.
    fn now(&self) -> i64;

    /// Milliseconds since any fixed point. It never goes back.
    fn monotonic(&self) -> u64;

    /// Ends after `milliseconds`. Dropping it lets the host forget the timer.
    fn sleep(&self, milliseconds: u64) -> impl Future<Output = ()> + 'static;

    /// Ends when the host has had a chance to read what has arrived.
    fn turn(&self) -> impl Future<Output = ()> + 'static {
        self.sleep(0)
    }

    /// A random number, at least 0 and below 1.
    fn chance(&self) -> f64;

    /// Runs `task` to its end beside the caller.
    fn spawn(&self, task: LocalBoxFuture<'static, ()>);
}
