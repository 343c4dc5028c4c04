//! Numbers in keys.

/// Appends the last `digits` hexadecimal digits of `value`.
pub fn hex(out: &mut String, value: u64, digits: u32) {
    for place in (0..digits).rev() {
        let digit = u32::try_from((value >> (4 * place)) & 15).unwrap_or_default();
        out.push(char::from_digit(digit, 16).unwrap_or('0'));
    }
}
