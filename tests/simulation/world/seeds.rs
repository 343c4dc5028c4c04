//! Which seeds a test runs, and a count of what happened in their worlds.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// The first `count` seeds, or the one that `HUMANSYNC_SEED` names.
///
/// # Panics
/// If `HUMANSYNC_SEED` is not a number.
pub fn seeds(count: u64) -> impl Iterator<Item = u64> {
    one_seed().map_or(0..count, |seed| seed..seed + 1)
}

/// Runs `world` once for each seed: the first `count`, those of `HUMANSYNC_WORLDS=<from>..<to>`, or the one of
/// `HUMANSYNC_SEED`. Prints how often each kind of fault happened, in a form that `cargo xtask worlds` reads.
///
/// # Panics
/// If a variable is set to something else, or if a world panics.
pub fn worlds(job: &str, count: u64, world: impl Fn(u64, &Census)) {
    let seeds = match (one_seed(), std::env::var("HUMANSYNC_WORLDS")) {
        (Some(seed), _) => seed..seed + 1,
        (None, Ok(range)) => parse(&range).expect("HUMANSYNC_WORLDS must be <from>..<to>"),
        (None, Err(_)) => 0..count,
    };
    let census = Census::default();
    for seed in seeds.clone() {
        let _told = ToldWhenItFails { job, seed };
        world(seed, &census);
    }
    println!("worlds {job}: seeds {} to {}", seeds.start, seeds.end - 1);
    for (kind, count) in census.0.borrow().iter() {
        println!("worlds {job}: {count:>9} {kind}");
    }
}

/// Prints the seed of a world that panics, wherever it does.
struct ToldWhenItFails<'job> {
    job: &'job str,
    seed: u64,
}

impl Drop for ToldWhenItFails<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("worlds {}: failed at seed {}", self.job, self.seed);
        }
    }
}

fn one_seed() -> Option<u64> {
    let seed = std::env::var("HUMANSYNC_SEED").ok()?;
    Some(seed.parse().expect("HUMANSYNC_SEED must be a whole number"))
}

fn parse(range: &str) -> Option<Range<u64>> {
    let (from, to) = range.split_once("..")?;
    let range = from.parse().ok()?..to.parse().ok()?;
    (!range.is_empty()).then_some(range)
}

/// How often each kind of fault happened. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Census(Rc<RefCell<BTreeMap<&'static str, u64>>>);

impl Census {
    /// Counts one more of this kind.
    pub fn count(&self, kind: &'static str) {
        *self.0.borrow_mut().entry(kind).or_default() += 1;
    }
}
