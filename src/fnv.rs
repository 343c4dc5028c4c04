//! FNV-1a (Fowler, Noll and Vo; RFC 9923), in three widths.
//!
//! Cursors and marks carry these hashes and outlive releases, so the function is fixed here: `std`'s hasher may change
//! with the toolchain. It guards against mistakes, not against an attacker: texts with the same hash are easily made.

macro_rules! fnv1a {
    ($name:ident, $integer:ty, $basis:literal, $times_prime:expr) => {
        /// The hash of bytes. To go on from an earlier hash, see `and`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) struct $name(pub(crate) $integer);

        impl $name {
            pub(crate) fn of(bytes: &[u8]) -> Self {
                Self($basis).and(bytes)
            }

            /// The hash of the bytes so far and `bytes`.
            #[inline]
            pub(crate) fn and(self, bytes: &[u8]) -> Self {
                Self(bytes.iter().fold(self.0, |hash, &byte| $times_prime(hash ^ <$integer>::from(byte))))
            }
        }
    };
}

fnv1a!(Fnv32, u32, 0x811c_9dc5, |hash: u32| hash.wrapping_mul(0x0100_0193));
fnv1a!(Fnv64, u64, 0xcbf2_9ce4_8422_2325, |hash: u64| hash.wrapping_mul(0x0000_0100_0000_01b3));
fnv1a!(Fnv128, u128, 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, times_prime_of_128_bits);

/// Times 2⁸⁸ + 0x13b, in numbers of 64 bits: WebAssembly multiplies no longer ones but by a call, for each byte.
#[inline(always)]
fn times_prime_of_128_bits(hash: u128) -> u128 {
    const LOW: u64 = 0x13b;
    let half = |number: u128| u64::try_from(number & u128::from(u64::MAX)).unwrap_or_default();
    let (high, low) = (half(hash >> 64), half(hash));
    let carried = ((low >> 32) * LOW + (((low & 0xffff_ffff) * LOW) >> 32)) >> 32;
    let high = high.wrapping_mul(LOW).wrapping_add(low << 24).wrapping_add(carried);
    u128::from(high) << 64 | u128::from(low.wrapping_mul(LOW))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    /// From the test vectors of RFC 9923 and of the reference implementation.
    #[test]
    fn the_test_vectors_come_out() {
        for (text, short, long) in [
            ("", 0x811c_9dc5, 0xcbf2_9ce4_8422_2325),
            ("a", 0xe40c_292c, 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0xbf9c_f968, 0x8594_4171_f739_67e8),
        ] {
            assert_eq!((Fnv32::of(text.as_bytes()).0, Fnv64::of(text.as_bytes()).0), (short, long), "{text}");
        }
        assert_eq!(Fnv128::of(b"a").0, 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
        assert_eq!(Fnv128::of(b"foobar").0, 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18);
    }

    #[test]
    fn bytes_can_come_in_pieces() {
        assert_eq!(Fnv64::of(b"foo").and(b"bar"), Fnv64::of(b"foobar"));
    }
}
