//! What programs have left in the store, read from its bytes by hand.

use crate::server::{APP_KEY, CLIENT_ID};
use crate::world::Disk;
use std::collections::BTreeMap;

/// The position of a type. All in seconds since the epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Stretches that are said to be delivered.
    pub delivered: Vec<(i64, i64)>,
    /// The span that is delivered in part.
    pub open: Option<(i64, i64)>,
}

impl Kept {
    /// Up to when everything is said to be delivered.
    pub fn end(&self) -> Option<i64> {
        self.delivered.last().map(|(_, end)| *end)
    }
}

/// All positions, by their types.
///
/// # Panics
/// When a value is too long, or a key tells too much.
pub fn positions(disk: &Disk) -> BTreeMap<String, Kept> {
    let mut kept = BTreeMap::new();
    for (key, value) in disk.values() {
        assert!(!key.contains(CLIENT_ID) && !key.contains(APP_KEY), "{key}");
        let text = String::from_utf8_lossy(&value);
        assert!(!text.contains(CLIENT_ID) && !text.contains(APP_KEY), "the value of {key}");
        let parts: Vec<&str> = key.split('/').collect();
        match parts[..] {
            ["sync", _, name, "position"] => {
                assert!(value.len() < 1024, "{key}: {} bytes", value.len());
                kept.insert(name.replace('.', "/"), read(&value));
            }
            ["sync", _, _, "seen", slot] => {
                assert!(value.len() < 48 * 1024, "{key}: {} bytes", value.len());
                assert!(slot.parse::<u64>().unwrap() < 86);
            }
            _ => panic!("{key}"),
        }
    }
    kept
}

fn read(value: &[u8]) -> Kept {
    // Behind the mark, the kind, the version and the checksum.
    let mut rest = &value[12..];
    let mut number = || {
        let (first, behind) = rest.split_first_chunk::<8>().unwrap();
        rest = behind;
        i64::from_le_bytes(*first)
    };
    let count = number();
    let delivered = (0..count).map(|_| (number(), number())).collect();
    let (is_open, behind) = rest.split_first().unwrap();
    rest = behind;
    let mut number = || {
        let (first, behind) = rest.split_first_chunk::<8>().unwrap();
        rest = behind;
        i64::from_le_bytes(*first)
    };
    Kept { delivered, open: (*is_open == 1).then(|| (number(), number())) }
}
