//! Which seeds a test runs.

/// The first `count` seeds, or the one that `HUMANSYNC_SEED` names.
///
/// # Panics
/// When `HUMANSYNC_SEED` is not a number.
pub fn seeds(count: u64) -> impl Iterator<Item = u64> {
    match std::env::var("HUMANSYNC_SEED") {
        Ok(seed) => {
            let seed = seed.parse().expect("HUMANSYNC_SEED must be a whole number");
            seed..=seed
        }
        Err(_) => 0..=count - 1,
    }
}
