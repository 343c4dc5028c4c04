//! Seeded random numbers. All random values of the sandbox are drawn here, so that a seed can be replayed exactly.

/// SplitMix64 (Steele, Lea & Flood 2014). A draw depends on a seed and its purpose. Draws for different purposes are
/// independent, in whatever order they are made.
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    /// A draw for the purpose that is identified by `parts`.
    #[must_use]
    pub fn new(seed: u64, purpose: &[u64]) -> Self {
        let mut state = seed;
        for part in purpose {
            state = mix(state.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ *part);
        }
        Self(state)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// From 0 (included) to 1 (not included).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From `-reach` to `reach`, more often near 0 (the mean of two draws).
    pub fn around_zero(&mut self, reach: f64) -> f64 {
        (self.unit() + self.unit() - 1.0) * reach
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).max(0) as u64 + 1;
        low + (self.bits() % span) as i64
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of these; the list must not be empty.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[(self.bits() % from.len() as u64) as usize]
    }

    /// `count` different numbers below `total`, or all of them.
    pub fn distinct(&mut self, count: usize, total: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..total).collect();
        let count = count.min(total);
        for index in 0..count {
            let other = self.between(index as i64, total as i64 - 1) as usize;
            all.swap(index, other);
        }
        all.truncate(count);
        all
    }
}

/// The purpose with this name, hashed by FNV-1a.
#[must_use]
pub fn purpose(name: &str) -> u64 {
    name.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_splitmix64() {
        // Reference values of the published algorithm for the seed 1234567.
        let mut draw = Draw(1_234_567);
        assert_eq!(
            [draw.bits(), draw.bits(), draw.bits()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn the_same_purpose_draws_the_same_numbers_and_another_does_not() {
        let first = |part| Draw::new(7, &[purpose("weight"), part]).bits();
        assert_eq!(first(1), first(1));
        assert_ne!(first(1), first(2));
    }

    #[test]
    fn bounds_are_kept_and_reached() {
        let mut draw = Draw::new(1, &[]);
        let seen: std::collections::BTreeSet<i64> = (0..200).map(|_| draw.between(-2, 2)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [-2, -1, 0, 1, 2]);
    }
}
