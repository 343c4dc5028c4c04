//! How many samples go into each batch.

/// The API takes no batch with fewer samples.
pub const MIN_BATCH_SIZE: usize = 3;
/// The API takes no batch with more samples.
pub const MAX_BATCH_SIZE: usize = 1000;

/// The sizes of all batches of an upload, and how many samples are left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchSizes {
    /// Samples in all batches together.
    samples: usize,
    batches: usize,
    max: usize,
    /// Samples that fit into no valid batch; fewer than [`MIN_BATCH_SIZE`].
    pub left_over: usize,
}

impl BatchSizes {
    /// Splits `count` samples into as few batches as possible, each of [`MIN_BATCH_SIZE`] to `max` samples, with as few
    /// left over as possible.
    ///
    /// If the last batch would be too small, it takes samples from the ones before it: 1001 become 998 and 3. Only with
    /// very small batches can the others not spare enough; then the surplus is left over (4 samples in batches of 3).
    pub fn new(count: usize, max: usize) -> Self {
        let max = max.clamp(MIN_BATCH_SIZE, MAX_BATCH_SIZE);
        let mut samples = count;
        while samples > 0 && samples.div_ceil(max).saturating_mul(MIN_BATCH_SIZE) > samples {
            samples -= 1;
        }
        Self { samples, batches: samples.div_ceil(max), max, left_over: count.saturating_sub(samples) }
    }

    /// The number of batches.
    pub fn batches(&self) -> usize {
        self.batches
    }

    /// The number of samples in all batches together.
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// The sizes in order: full batches, then those that spared samples for the last one, then the last one.
    pub fn sizes(self) -> impl Iterator<Item = usize> {
        (0..self.batches).scan(self.samples, move |left, index| {
            let after = self.batches.saturating_sub(index).saturating_sub(1);
            let size = self.max.min(left.saturating_sub(after.saturating_mul(MIN_BATCH_SIZE)));
            *left = left.saturating_sub(size);
            Some(size)
        })
    }
}

/// The sizes of the two halves of a batch that the server found too large; `None` if a half would be too small for the
/// API.
pub fn halves(size: usize) -> Option<(usize, usize)> {
    let second = size / 2;
    (second >= MIN_BATCH_SIZE).then_some((size.saturating_sub(second), second))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use proptest::prelude::*;

    fn sizes(count: usize, most: usize) -> Vec<usize> {
        BatchSizes::new(count, most).sizes().collect()
    }

    /// By trial: the fewest batches that take as many of `count` samples as any batches can, and how many are left
    /// over.
    fn fewest(count: usize, most: usize) -> (usize, usize) {
        for left in 0..=count {
            let sent = count - left;
            if let Some(batches) =
                (0..=sent).find(|batches| batches * MIN_BATCH_SIZE <= sent && sent <= batches * most)
            {
                return (batches, left);
            }
        }
        (0, count)
    }

    fn assert_fewest_valid_batches(count: usize, most: usize) {
        let batches = BatchSizes::new(count, most);
        let sizes: Vec<usize> = batches.sizes().collect();
        assert!(
            sizes.iter().all(|size| (MIN_BATCH_SIZE..=most).contains(size)),
            "{count} by {most}: {sizes:?}"
        );
        assert_eq!(sizes.iter().sum::<usize>() + batches.left_over, count, "{count} by {most}: {sizes:?}");
        assert_eq!((sizes.len(), batches.left_over), fewest(count, most), "{count} by {most}: {sizes:?}");
        assert_eq!((batches.batches(), batches.samples()), (sizes.len(), count - batches.left_over));
        assert!(batches.left_over < MIN_BATCH_SIZE);
    }

    #[test]
    fn a_last_batch_that_would_be_too_small_takes_samples_from_the_one_before() {
        for (count, expected) in [
            (0, &[][..]),
            (1, &[]),
            (2, &[]),
            (3, &[3]),
            (999, &[999]),
            (1000, &[1000]),
            (1001, &[998, 3]),
            (1002, &[999, 3]),
            (1003, &[1000, 3]),
            (1998, &[1000, 998]),
            (1999, &[1000, 999]),
            (2000, &[1000, 1000]),
            (2001, &[1000, 998, 3]),
            (2002, &[1000, 999, 3]),
            (2003, &[1000, 1000, 3]),
            (5000, &[1000; 5]),
        ] {
            assert_eq!(sizes(count, 1000), expected, "{count}");
        }
    }

    #[test]
    fn counts_around_multiples_of_the_maximum_give_the_fewest_valid_batches() {
        let counts = (0..=3).chain(999..=1003).chain(1998..=2003).chain([5000]);
        for count in counts {
            for most in [3, 4, 5, 7, 1000] {
                assert_fewest_valid_batches(count, most);
            }
        }
    }

    #[test]
    fn small_counts_give_the_fewest_valid_batches() {
        for count in 0..=60 {
            for most in 3..=20 {
                assert_fewest_valid_batches(count, most);
            }
        }
    }

    #[test]
    fn very_small_batches_may_leave_samples_over() {
        for (count, most, expected, left) in
            [(4, 3, &[3][..], 1), (5, 3, &[3], 2), (5, 4, &[4], 1), (6, 4, &[3, 3], 0), (9, 4, &[3, 3, 3], 0)]
        {
            assert_eq!(
                (sizes(count, most).as_slice(), BatchSizes::new(count, most).left_over),
                (expected, left)
            );
        }
    }

    #[test]
    fn a_batch_is_only_halved_if_both_halves_are_valid() {
        for size in 0..=MAX_BATCH_SIZE {
            match halves(size) {
                Some((first, second)) => {
                    assert!(first >= second && second >= MIN_BATCH_SIZE && first + second == size, "{size}");
                }
                None => assert!(size < 6, "{size}"),
            }
        }
    }

    proptest! {
        #[test]
        fn any_count_gives_the_fewest_valid_batches(count in 0..20_000_usize, most in 3..=1000_usize) {
            assert_fewest_valid_batches(count, most);
        }

        #[test]
        fn batches_stay_valid_however_often_they_are_halved(
            count in 0..5000_usize, most in 3..=1000_usize, refused in 1..1000_usize
        ) {
            let mut waiting: Vec<usize> = BatchSizes::new(count, most).sizes().collect();
            let mut done = 0;
            while let Some(size) = waiting.pop() {
                match halves(size).filter(|_| size > refused) {
                    Some((first, second)) => waiting.extend([first, second]),
                    None => {
                        prop_assert!((MIN_BATCH_SIZE..=most).contains(&size));
                        done += size;
                    }
                }
            }
            prop_assert_eq!(done, BatchSizes::new(count, most).samples());
        }
    }
}
