//! FNV-1a (Fowler, Noll and Vo; RFC 9923), in three widths.
//!
//! Cursors and marks carry these hashes and outlive releases, so the function is fixed here: `std`'s hasher may change
//! with the toolchain. It guards against mistakes, not against an attacker: texts with the same hash are easily made.

macro_rules! fnv1a {
    ($name:ident, $integer:ty, $basis:literal, $prime:literal) => {
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
                Self(
                    bytes
                        .iter()
                        .fold(self.0, |hash, &byte| (hash ^ <$integer>::from(byte)).wrapping_mul($prime)),
                )
            }
        }
    };
}

fnv1a!(Fnv32, u32, 0x811c_9dc5, 0x0100_0193);
fnv1a!(Fnv64, u64, 0xcbf2_9ce4_8422_2325, 0x0000_0100_0000_01b3);
fnv1a!(Fnv128, u128, 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, 0x0000_0000_0100_0000_0000_0000_0000_013b);

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
