//! How many samples go into which batch.

/// Fewest samples that the API takes at once.
pub const MIN_BATCH_SIZE: usize = 3;
/// Most samples that the API takes at once.
pub const MAX_BATCH_SIZE: usize = 1000;

/// The sizes of batches, and how many samples are left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchSizes {
    /// Samples that go into batches.
    samples: usize,
    batches: usize,
    max: usize,
    /// Samples that no legal batch can take; fewer than [`MIN_BATCH_SIZE`].
    pub left_over: usize,
}

impl BatchSizes {
    /// `count` samples in as few batches as possible, each of [`MIN_BATCH_SIZE`] to `max` samples, with as few left over as
    /// possible.
    ///
    /// A tail that is too short takes from the batches before it: 1001 are 998 and 3. Where these have not enough to give
    /// (only with the smallest sizes, as 4 samples in batches of 3), what is too much is left over.
    pub fn new(count: usize, max: usize) -> Self {
        let max = max.clamp(MIN_BATCH_SIZE, MAX_BATCH_SIZE);
        let mut samples = count;
        while samples > 0 && samples.div_ceil(max).saturating_mul(MIN_BATCH_SIZE) > samples {
            samples -= 1;
        }
        Self { samples, batches: samples.div_ceil(max), max, left_over: count.saturating_sub(samples) }
    }

    /// How many batches there are.
    pub fn batches(&self) -> usize {
        self.batches
    }

    /// How many samples are in them.
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// The sizes in order: full ones first, then those that give to the tail, then the tail.
    pub fn sizes(self) -> impl Iterator<Item = usize> {
        (0..self.batches).scan(self.samples, move |left, index| {
            let behind = self.batches.saturating_sub(index).saturating_sub(1);
            let size = self.max.min(left.saturating_sub(behind.saturating_mul(MIN_BATCH_SIZE)));
            *left = left.saturating_sub(size);
            Some(size)
        })
    }
}

/// The two halves of a batch that is too large for the server; `None` where they would be too small for the API.
pub fn halves(size: usize) -> Option<(usize, usize)> {
    let second = size / 2;
    (second >= MIN_BATCH_SIZE).then_some((size.saturating_sub(second), second))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sizes(count: usize, most: usize) -> Vec<usize> {
        BatchSizes::new(count, most).sizes().collect()
    }

    /// Fewest batches that take as many of `count` as any batches can, by trying them all.
    fn fewest(count: usize, most: usize) -> (usize, usize) {
        for left in 0..=count {
            let sent = count - left;
            // `batches` batches take anything from 3 to `most` each.
            if let Some(batches) =
                (0..=sent).find(|batches| batches * MIN_BATCH_SIZE <= sent && sent <= batches * most)
            {
                return (batches, left);
            }
        }
        (0, count)
    }

    fn assert_legal_and_fewest(count: usize, most: usize) {
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
    fn a_thousand_and_one_are_998_and_3() {
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
    fn every_count_and_size_of_the_table_is_legal_and_fewest() {
        let counts = (0..=3).chain(999..=1003).chain(1998..=2003).chain([5000]);
        for count in counts {
            for most in [3, 4, 5, 7, 1000] {
                assert_legal_and_fewest(count, most);
            }
        }
    }

    #[test]
    fn every_small_count_is_legal_and_fewest() {
        for count in 0..=60 {
            for most in 3..=20 {
                assert_legal_and_fewest(count, most);
            }
        }
    }

    #[test]
    fn the_smallest_sizes_may_leave_some_over() {
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
    fn halves_are_legal_or_there_are_none() {
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
        fn any_count_and_size_is_legal_and_fewest(count in 0..20_000_usize, most in 3..=1000_usize) {
            assert_legal_and_fewest(count, most);
        }

        #[test]
        fn halving_as_often_as_may_be_stays_legal(count in 0..5000_usize, most in 3..=1000_usize, refused in 1..1000_usize) {
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
