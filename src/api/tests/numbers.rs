//! Limits, offsets and other whole numbers that come from JavaScript.

use crate::testing::test;
use proptest::prelude::*;

use crate::api::{Limit, MAX_SAFE_INTEGER, Offset, whole_number};

#[test]
fn a_limit_is_a_whole_number_from_1_to_500() {
    for given in [1.0, 2.0, 50.0, 499.0, 500.0] {
        assert_eq!(f64::from(Limit::from_option(given).unwrap().get()), given);
    }
    for (given, said) in [
        (0.0, "0"),
        (-0.0, "0"),
        (-1.0, "-1"),
        (501.0, "501"),
        (0.5, "a fraction"),
        (499.999, "a fraction"),
        (-1.5, "a fraction"),
        (f64::MIN_POSITIVE, "a fraction"),
        (f64::NAN, "NaN"),
        (f64::INFINITY, "an infinite number"),
        (f64::NEG_INFINITY, "an infinite number"),
        (9_007_199_254_740_991.0, "9007199254740991"),
        (9_007_199_254_740_992.0, "a number beyond 9007199254740991"),
        (-1e300, "a number beyond 9007199254740991"),
    ] {
        let error = Limit::from_option(given).unwrap_err();
        assert_eq!(error.option, "limit");
        assert_eq!(
            error.message,
            format!("limit must be a whole number from 1 to 500, but {said} was given"),
            "{given}"
        );
    }
}

#[test]
fn an_offset_is_a_whole_number_from_0_to_2_to_the_53_less_1() {
    for given in [0.0, -0.0, 1.0, 8_490.0, 4_503_599_627_370_497.0, 9_007_199_254_740_991.0] {
        assert_eq!(Offset::from_option(given).unwrap().get() as f64, given);
    }
    for given in [-1.0, 0.5, 9_007_199_254_740_992.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Offset::from_option(given).unwrap_err().option, "offset", "{given}");
    }
}

#[test]
fn limits_and_offsets_made_by_the_library_keep_the_same_bounds() {
    assert_eq!(Limit::new(0), None);
    assert_eq!(Limit::new(1).map(Limit::get), Some(1));
    assert_eq!(Limit::new(500), Some(Limit::MAX));
    assert_eq!(Limit::new(501), None);
    assert_eq!(Limit::default().get(), 500);
    assert_eq!(Offset::new(0), Some(Offset::default()));
    assert_eq!(Offset::new(MAX_SAFE_INTEGER), Some(Offset::MAX));
    assert_eq!(Offset::new(MAX_SAFE_INTEGER + 1), None);
}

proptest! {
    #[test]
    fn a_number_is_taken_exactly_when_it_is_whole_and_in_bounds(
        bits in any::<u64>(), small in -3_000_i32..3_000, quarter in 0_u8..4, big in 0_u64..=MAX_SAFE_INTEGER,
    ) {
        let (least, most) = (2_u64, 1_000_000_000_000_000_u64);
        for given in [f64::from_bits(bits), f64::from(small) + f64::from(quarter) / 4.0, big as f64] {
            let is_right = given.fract() == 0.0 && given >= least as f64 && given <= most as f64;
            prop_assert_eq!(whole_number("n", given, least, most).ok(), is_right.then_some(given as u64));
        }
    }
}
