//! Reads a JavaScript number that must be whole, and says what is wrong with one that is not.

use crate::error::OptionError;

/// The greatest whole number whose neighbours a JavaScript number can tell apart, 2^53 - 1.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// `given` as a whole number from `least` to `most`.
///
/// # Errors
/// Names `option`, the bounds and the number given, where it is another one.
pub fn whole_number(option: &str, given: f64, least: u64, most: u64) -> Result<u64, OptionError> {
    match to_whole(given) {
        Some(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(not_in_range(option, given, least, most)),
    }
}

#[cold]
fn not_in_range(option: &str, given: f64, least: u64, most: u64) -> OptionError {
    let digits;
    // Fractions are named, not printed: printing an f64 would cost the package some kilobytes.
    let (sign, said) = match to_whole(given.abs()) {
        Some(number) => {
            digits = number.to_string();
            (if given < 0.0 { "-" } else { "" }, digits.as_str())
        }
        None if given.is_nan() => ("", "NaN"),
        None if given.is_infinite() => ("", "an infinite number"),
        None if given.abs() < TWO_TO_53 => ("", "a fraction"),
        None => ("", "a number beyond 9007199254740991"),
    };
    let (least, most) = (least.to_string(), most.to_string());
    let bounds = [option, " must be a whole number from ", &least, " to ", &most];
    OptionError::new(option, [&bounds.concat(), ", but ", sign, said, " was given"].concat())
}

const TWO_TO_53: f64 = 9_007_199_254_740_992.0;

/// The value of a whole number from 0 to 2^53 - 1, taken from the parts of an IEEE 754 double (§3.4): a cast would
/// cut fractions and clamp the rest without a word.
fn to_whole(given: f64) -> Option<u64> {
    const FRACTION_BITS: u64 = 52;
    const BIAS: u64 = 1023;
    if given == 0.0 {
        return Some(0);
    }
    if !(1.0..TWO_TO_53).contains(&given) {
        return None;
    }
    let bits = given.to_bits();
    let exponent = (bits >> FRACTION_BITS).checked_sub(BIAS)?;
    let significand = (bits & ((1 << FRACTION_BITS) - 1)) | (1 << FRACTION_BITS);
    let below_the_point = FRACTION_BITS.checked_sub(exponent)?;
    let is_whole = significand.trailing_zeros() >= u32::try_from(below_the_point).ok()?;
    is_whole.then_some(significand >> below_the_point)
}
