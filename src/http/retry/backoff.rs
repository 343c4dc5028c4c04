//! How long to wait before a retry when the server does not say.

/// The longest wait before the first retry, in milliseconds.
///
/// Half a second: long enough for a broken connection to be routed anew, short enough not to be noticed in a walk.
pub const BASE_MILLIS: u32 = 500;
/// The longest wait before any retry, in milliseconds.
pub const CAP_MILLIS: u32 = 30_000;

/// Milliseconds to wait before a retry: *full jitter*, a random part of a bound that doubles with every retry.
///
/// `attempt` counts the retries already made: 0 before the first. `chance` is uniformly random in [0, 1); the caller
/// draws it, so that a test can. The wait is below [`BASE_MILLIS`] · 2^`attempt` and below [`CAP_MILLIS`]. Waiting
/// anything down to nothing spreads the clients that failed together best (AWS Architecture Blog, "Exponential Backoff
/// And Jitter").
///
/// ```
/// use humansync::http::retry::delay;
/// assert_eq!(delay(0, 0.5), 250);
/// assert_eq!(delay(1, 0.5), 500);
/// assert_eq!(delay(30, 0.5), 15_000);
/// ```
pub fn delay(attempt: u32, chance: f64) -> u64 {
    let doubled = u64::from(BASE_MILLIS).checked_shl(attempt.min(32)).unwrap_or(u64::MAX);
    let bound = doubled.min(u64::from(CAP_MILLIS));
    // In [1, 2) the mantissa's 52 bits are the fraction itself; its upper 32 are fine enough for 30 000 outcomes.
    let in_range = if (0.0..1.0).contains(&chance) { chance } else { 0.5 };
    // The sum of 1 and the largest chance rounds to 2, which has another exponent.
    let fraction = ((1.0 + in_range).min(2.0 - f64::EPSILON).to_bits() << 12) >> 32;
    (bound * fraction) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    #[test]
    fn the_bound_doubles_up_to_the_cap() {
        let almost_one = 1.0_f64.next_down();
        let bounds: Vec<u64> = (0..9).map(|attempt| delay(attempt, almost_one) + 1).collect();
        assert_eq!(bounds, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        assert_eq!(delay(u32::MAX, almost_one), 29_999);
    }

    #[test]
    fn the_least_wait_is_none() {
        assert_eq!(delay(0, 0.0), 0);
        assert_eq!(delay(u32::MAX, 0.0), 0);
    }

    #[test]
    fn a_chance_outside_its_range_waits_half_the_bound() {
        for chance in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.1, 1.0, 2.0] {
            assert_eq!(delay(0, chance), 250, "{chance}");
        }
    }

    #[test]
    fn waits_are_spread_evenly() {
        // Sixteenths are exact in binary, and 30 000 / 16 is 1875.
        let waits: Vec<u64> = (0..16).map(|n| delay(20, f64::from(n) / 16.0)).collect();
        assert_eq!(waits, (0..16).map(|n| n * 1_875).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn the_wait_is_the_chances_share_of_the_bound(attempt in 0..64u32, chance in 0.0..1.0_f64) {
            let bound = (500.0 * 2_f64.powi(attempt as i32)).min(30_000.0);
            let wait = delay(attempt, chance) as f64;
            prop_assert!(wait < bound);
            prop_assert!((wait - (bound * chance).floor()).abs() <= 1.0);
        }
    }
}
