//! Reads a JavaScript number that must be whole, with an error that says what is wrong with one that is not.

use crate::error::OptionError;

/// The greatest whole number whose neighbours a JavaScript number can tell apart, 2^53 - 1.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// `given` as a whole number from `least` to `most`. Refuses any other; the error names `option`, the bounds and the
/// number.
#[inline(never)]
pub fn whole_number(option: &str, given: f64, least: u64, most: u64) -> Result<u64, OptionError> {
    let size = to_whole(given.abs());
    if let Some(number) = size
        && (least..=most).contains(&number)
        && (given > 0.0 || number == 0)
    {
        return Ok(number);
    }
    let digits;
    // Fractions are mentioned, not printed: printing an f64 would cost some kilobytes.
    let said = match size {
        Some(number) => {
            digits = decimal(number);
            &digits
        }
        None if given.is_nan() => "NaN",
        None if given.is_infinite() => "an infinite number",
        None if given.abs() < TWO_TO_53 => "a fraction",
        None => "a number beyond 9007199254740991",
    };
    let sign = if size.is_some() && given < 0.0 { "-" } else { "" };
    let (least, most) = (decimal(least), decimal(most));
    let message =
        [option, " must be a whole number from ", &least, " to ", &most, ", but ", sign, said, " was given"];
    Err(OptionError::new(option, message.concat()))
}

/// The digits of a number. `to_string` would add two more of the standard library's printers.
#[inline(never)]
pub fn decimal(number: u64) -> String {
    let mut digits = Vec::new();
    push_digits(&mut digits, number);
    String::from_utf8(digits).unwrap_or_default()
}

fn push_digits(out: &mut Vec<u8>, number: u64) {
    if number > 9 {
        push_digits(out, number / 10);
    }
    let [last, ..] = (number % 10).to_le_bytes();
    out.push(b'0' + last);
}

const TWO_TO_53: f64 = 9_007_199_254_740_992.0;

/// The value of a whole number from 0 to 2^53 - 1, taken from the fields of an IEEE 754 double (§3.4): a cast would
/// silently cut fractions and clamp the rest.
fn to_whole(given: f64) -> Option<u64> {
    const FRACTION_BITS: u64 = 52;
    const BIAS: u64 = 1023;
    if given == 0.0 {
        return Some(0);
    }
    if !(1.0..TWO_TO_53).contains(&given) || given.floor() != given {
        return None;
    }
    let bits = given.to_bits();
    let significand = (bits & ((1 << FRACTION_BITS) - 1)) | (1 << FRACTION_BITS);
    // From 1 to 2^53 the biased exponent is 1023 to 1075.
    Some(significand >> (BIAS + FRACTION_BITS - (bits >> FRACTION_BITS)))
}
