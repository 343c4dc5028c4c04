//! Decimal numbers: read as JSON writes them, printed as JavaScript prints them.
//!
//! Whatever one multiplication or division of two exact numbers gets right is done here. The rest is rare and needs
//! tables of some kilobytes: it is left to the host, which has them already.

/// How the host turns decimal digits into a number, and back.
#[derive(Clone, Copy)]
pub struct Numbers {
    /// The number nearest to a decimal number in JSON's form.
    pub parse: fn(&str) -> f64,
    /// A finite number as JavaScript's `String` gives it.
    pub print: fn(f64) -> String,
}

/// 2⁵²: from here on every number is whole.
const WHOLE: f64 = 4_503_599_627_370_496.0;
/// The bits of 2⁵², whose lowest 52 are 0.
const WHOLE_BITS: u64 = 0x4330_0000_0000_0000;

#[rustfmt::skip]
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// The integer nearest to a number whose magnitude is below 2⁵¹; of two, the even one.
pub(crate) fn nearest_integer(number: f64) -> i64 {
    // 1.5·2⁵²: adding it leaves the integer in the lowest bits, negative ones as well.
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    (number + SHIFT).to_bits().cast_signed() - SHIFT.to_bits().cast_signed()
}

/// A whole number below 2⁵².
pub(crate) fn whole(number: u64) -> f64 {
    f64::from_bits(WHOLE_BITS | number) - WHOLE
}

/// Reads a number in JSON's form from the start of `text`: its value, and what stands after it.
pub(crate) fn read<'a>(text: &'a [u8], numbers: &Numbers) -> Option<(f64, &'a [u8])> {
    let (negative, unsigned) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let (mut digits, mut power, mut many) = (0_u64, 0_i32, false);
    let mut take = |rest: &'a [u8], power: &mut i32, step: i32| {
        let mut rest = rest;
        while let [digit @ b'0'..=b'9', after @ ..] = rest {
            // More than fifteen digits are the host's.
            many |= digits > 99_999_999_999_999;
            digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            *power = power.saturating_sub(step);
            rest = after;
        }
        rest
    };
    let mut rest = match unsigned {
        [b'0', rest @ ..] => rest,
        [b'1'..=b'9', ..] => take(unsigned, &mut power, 0),
        _ => return None,
    };
    if let [b'.', fraction @ ..] = rest {
        rest = take(fraction, &mut power, 1);
        if rest.len() == fraction.len() {
            return None;
        }
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let (sign, exponent) = match exponent {
            [b'+', exponent @ ..] => (1, exponent),
            [b'-', exponent @ ..] => (-1, exponent),
            _ => (1, exponent),
        };
        let mut stated = 0_i32;
        rest = exponent;
        while let [digit @ b'0'..=b'9', after @ ..] = rest {
            stated = stated.saturating_mul(10).saturating_add(i32::from(digit - b'0'));
            rest = after;
        }
        if rest.len() == exponent.len() {
            return None;
        }
        power = power.saturating_add(stated.saturating_mul(sign));
    }
    let exact = if many { None } else { scaled(digits, power) };
    let value = match exact {
        Some(value) if negative => -value,
        Some(value) => value,
        None => {
            let length = text.len() - rest.len();
            (numbers.parse)(std::str::from_utf8(text.get(..length)?).ok()?)
        }
    };
    Some((value, rest))
}

/// `digits`, below 10¹⁵, times a power of ten, where one exact operation gives it.
fn scaled(digits: u64, power: i32) -> Option<f64> {
    let factor = *POWERS.get(usize::try_from(power.unsigned_abs()).ok()?)?;
    Some(if power < 0 { whole(digits) / factor } else { whole(digits) * factor })
}

/// Appends a finite number as JavaScript prints it.
pub(crate) fn write(value: f64, out: &mut Vec<u8>, numbers: &Numbers) {
    // Most values are small and whole.
    let digits = (value + WHOLE).to_bits() ^ WHOLE_BITS;
    if let Ok(digits @ 0..100_000) = u32::try_from(digits)
        && f64::from(digits) == value
        && value > 0.0
    {
        return write_small(digits, out);
    }
    // At most fifteen digits in all: then no other decimal number of so few digits stands for the same value.
    if (1e-6..1e15).contains(&value) {
        for (places, &factor) in POWERS.iter().enumerate().take(10) {
            let scaled = value * factor;
            if scaled >= 1e15 {
                break;
            }
            let digits = (scaled + WHOLE).to_bits() ^ WHOLE_BITS;
            if whole(digits) / factor == value {
                write_decimal(digits, places, out);
                return;
            }
        }
    }
    out.extend_from_slice((numbers.print)(value).as_bytes());
}

/// A number of at most five digits.
fn write_small(number: u32, out: &mut Vec<u8>) {
    let mut text = [b'0'; 5];
    let mut rest = number;
    let mut length = 0;
    for byte in text.iter_mut().rev() {
        let tens = rest / 10;
        let [digit, ..] = (rest - tens * 10).to_le_bytes();
        *byte = b'0' + digit;
        rest = tens;
        length += 1;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(text.get(5 - length..).unwrap_or_default());
}

/// Digits with so many of them after the point.
fn write_decimal(mut digits: u64, places: usize, out: &mut Vec<u8>) {
    // Fifteen digits and a point, or nine places, a point and a zero.
    let mut text = [b'0'; 24];
    let mut length = 0;
    for (at, byte) in text.iter_mut().rev().enumerate() {
        length = at + 1;
        if at == places && places > 0 {
            *byte = b'.';
            continue;
        }
        let [digit, ..] = (digits % 10).to_le_bytes();
        *byte = b'0' + digit;
        digits /= 10;
        if digits == 0 && (places == 0 || at > places) {
            break;
        }
    }
    out.extend_from_slice(text.get(text.len() - length..).unwrap_or_default());
}

#[cfg(not(target_arch = "wasm32"))]
impl Numbers {
    /// The standard library's reader, and JavaScript's form over its printer: where there is no JavaScript.
    pub const fn native() -> Self {
        Self { parse: |text| text.parse().unwrap_or(f64::NAN), print: native_print }
    }
}

/// As `Number::toString` of ECMA-262 lays out the shortest digits.
#[cfg(not(target_arch = "wasm32"))]
fn native_print(value: f64) -> String {
    let shortest = format!("{:e}", value.abs());
    let (digits, power) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let power: i32 = power.parse().unwrap_or(0);
    let sign = if value < 0.0 { "-" } else { "" };
    if (-6..21).contains(&power) {
        return [sign, &value.abs().to_string()].concat();
    }
    let plus = if power > 0 { "+" } else { "" };
    [sign, digits, "e", plus, &power.to_string()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A host that must not be asked.
    const NONE: Numbers = Numbers { parse: |text| panic!("{text}"), print: |value| panic!("{value}") };

    fn read_all(text: &str) -> Option<f64> {
        read(text.as_bytes(), &Numbers::native()).filter(|(_, rest)| rest.is_empty()).map(|(value, _)| value)
    }

    fn printed(value: f64, numbers: &Numbers) -> String {
        let mut out = Vec::new();
        write(value, &mut out, numbers);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_of_json_are_read() {
        for text in
            "0 -0 7 14 30000 0.5 -1.25 1e3 1E+3 15e-1 0.0000001 123456789012345 0e99 1.0e22".split(' ')
        {
            assert_eq!(read_all(text), text.parse().ok(), "{text}");
        }
        for text in [
            "", "-", "+1", ".5", "1.", "1.e3", "1e", "1e+", "01", "-01", "0x1", "1_0", "Infinity", "NaN",
            " 1", "1 ",
        ] {
            assert_eq!(read_all(text), None, "{text}");
        }
        assert_eq!(read(b"12,3", &NONE), Some((12.0, &b",3"[..])));
        assert_eq!(read_all("-0").map(f64::to_bits), Some((-0.0_f64).to_bits()));
    }

    #[test]
    fn numbers_are_printed_as_javascript_prints_them() {
        // What `String` gives in JavaScript.
        for text in "1 14 300 30000 0.5 61.5 72.123456 0.1 0.000001 1.000001 123456.789 \
                     999999999999999 100000000000 0.3"
            .split(' ')
        {
            assert_eq!(printed(text.parse().unwrap(), &NONE), text);
        }
        for text in "1e-7 1.5e-9 5e-324 1.7976931348623157e+308 1e+21 100000000000000000000 \
                     0.1234567890123456 0.30000000000000004 123456789012345680 1000000000000000"
            .split(' ')
        {
            assert_eq!(printed(text.parse().unwrap(), &Numbers::native()), text);
        }
    }

    #[test]
    fn a_number_of_many_digits_is_the_hosts() {
        let host = Numbers {
            parse: |text| if text == "1.2345678901234567" { 7.0 } else { 0.0 },
            print: |_| String::new(),
        };
        assert_eq!(read(b"1.2345678901234567}", &host), Some((7.0, &b"}"[..])));
    }

    #[test]
    fn integers_are_the_nearest() {
        for (number, integer) in
            [(0.0, 0), (0.5, 0), (1.5, 2), (-1.5, -2), (-0.4, 0), (1e15, 1_000_000_000_000_000), (-7.0, -7)]
        {
            assert_eq!(nearest_integer(number), integer, "{number}");
        }
    }

    proptest! {
        #[test]
        fn decimals_are_the_numbers_that_the_standard_library_reads(text in "-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,18})?([eE][-+]?[0-9]{1,3})?") {
            prop_assert_eq!(read_all(&text).map(f64::to_bits), Some(text.parse::<f64>().unwrap().to_bits()));
        }

        #[test]
        fn what_is_printed_is_the_shortest_that_reads_back(digits in 1..1_000_000_000_000_u64, places in 0..12_u32, bits in any::<u64>()) {
            for value in [digits as f64 / 10_f64.powi(places as i32), f64::from_bits(bits).abs()] {
                if value.is_finite() && value > 0.0 {
                    prop_assert_eq!(printed(value, &Numbers::native()), native_print(value));
                }
            }
        }
    }
}
