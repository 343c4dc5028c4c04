//! The positions that programs left in the store, read byte by byte without the library.

use crate::server::{APP_KEY, CLIENT_ID};
use crate::world::Disk;
use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The position of a type, in seconds since the epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredPosition {
    /// The delivered intervals.
    pub delivered: Vec<(i64, i64)>,
    /// The window that is delivered in part.
    pub open: Option<(i64, i64)>,
    /// Up to where runs have read by the present clock, if what is delivered is ahead of it.
    pub frontier: Option<i64>,
}

impl StoredPosition {
    /// Everything updated before this is said to be delivered.
    pub fn end(&self) -> Option<i64> {
        self.delivered.last().map(|(_, end)| *end)
    }
}

/// The prefix of early versions, which did not tell servers apart.
pub fn early_prefix() -> String {
    format!("sync/{}/", hex(&Sha256::digest(CLIENT_ID)[..16]))
}

/// The prefix of the server at `origin`.
pub fn own_prefix(origin: &str) -> String {
    let hash =
        Sha256::new().chain_update("server\0").chain_update(fingerprint(origin)).chain_update(CLIENT_ID);
    format!("sync/{}/", hex(&hash.finalize()[..16]))
}

/// The prefix of the person of the server at `origin`.
pub fn person_prefix(origin: &str) -> String {
    let hash = Sha256::new().chain_update("person\0").chain_update(fingerprint_of(origin, "/v1/human"));
    format!("sync/{}/", hex(&hash.finalize()[..16]))
}

fn fingerprint(origin: &str) -> Vec<u8> {
    fingerprint_of(origin, &format!("/v1/apps/{CLIENT_ID}"))
}

fn fingerprint_of(origin: &str, path: &str) -> Vec<u8> {
    let hash = Sha256::new().chain_update("https\0").chain_update(origin.strip_prefix("https://").unwrap());
    let hash = hash.chain_update("\0").chain_update(443_u16.to_be_bytes());
    hash.chain_update(path).finalize()[..16].to_vec()
}

/// Whether the server at `origin` owns the positions of an early version; `None` if no server does.
pub fn owns_early(disk: &Disk, origin: &str) -> Option<bool> {
    let note = disk.value(&format!("{}server", early_prefix()))?;
    Some(note[12..] == fingerprint(origin))
}

/// Whether there are positions of an early version that no server owns.
pub fn is_unowned(disk: &Disk) -> bool {
    let early = early_prefix();
    !disk.values().contains_key(&format!("{early}server"))
        && disk.keys().iter().any(|key| key.starts_with(&early))
}

/// Turns the positions of the server at `origin` into those of an early version.
pub fn make_early(disk: &Disk, origin: &str) {
    let own = own_prefix(origin);
    for (key, value) in disk.values() {
        if let Some(rest) = key.strip_prefix(&own) {
            disk.lose(&key);
            disk.put(&format!("{}{rest}", early_prefix()), value);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All positions of the server at `origin`, by type.
pub fn positions(disk: &Disk, origin: &str) -> BTreeMap<String, StoredPosition> {
    positions_below(
        disk,
        &if owns_early(disk, origin) == Some(true) { early_prefix() } else { own_prefix(origin) },
    )
}

/// All positions whose keys begin with `own`, by type.
///
/// # Panics
/// If a value is too long, or a key or value contains a secret or the client id.
pub fn positions_below(disk: &Disk, own: &str) -> BTreeMap<String, StoredPosition> {
    let mut kept = BTreeMap::new();
    for (key, value) in disk.values() {
        assert!(!key.contains(CLIENT_ID) && !key.contains(APP_KEY), "{key}");
        let text = String::from_utf8_lossy(&value);
        assert!(!text.contains(CLIENT_ID) && !text.contains(APP_KEY), "the value of {key}");
        let parts: Vec<&str> = key.split('/').collect();
        match parts[..] {
            ["sync", _, name, "position"] => {
                // With the marks that fill no slot yet.
                assert!(value.len() < 48 * 1024, "{key}: {} bytes", value.len());
                if key.starts_with(own) {
                    kept.insert(name.replace('.', "/"), read(&value));
                }
            }
            ["sync", _, _, "seen", slot] => {
                assert!(value.len() < 48 * 1024, "{key}: {} bytes", value.len());
                assert!(slot.parse::<u64>().unwrap() < 86);
            }
            ["sync", _, "server"] => assert_eq!(value.len(), 12 + 16, "{key}"),
            _ => panic!("{key}"),
        }
    }
    kept
}

/// The position in a checkpoint.
///
/// # Panics
/// If the checkpoint contains a secret or the client id.
pub fn in_checkpoint(text: &str) -> StoredPosition {
    read_position(&position_in(text), true)
}

/// The position in a checkpoint, byte by byte as it is stored.
///
/// # Panics
/// If the checkpoint contains a secret or the client id.
pub fn position_in(text: &str) -> Vec<u8> {
    let bytes = Base64UrlUnpadded::decode_vec(text).unwrap();
    let shown = String::from_utf8_lossy(&bytes);
    assert!(!shown.contains(CLIENT_ID) && !shown.contains(APP_KEY), "{text}");
    // After the envelope, the owner, the conditions and the name.
    let name = usize::try_from(take_number(&mut &bytes[12 + 16 + 8..])).unwrap();
    bytes[12 + 16 + 8 + 8 + name..].to_vec()
}

fn read(value: &[u8]) -> StoredPosition {
    // After the magic bytes, kind, version and checksum. Early versions have other fields after the window.
    read_position(&value[12..], value[3] >= 3)
}

fn read_position(mut rest: &[u8], has_frontier: bool) -> StoredPosition {
    let rest = &mut rest;
    let count = take_number(rest);
    let delivered = (0..count).map(|_| (take_number(rest), take_number(rest))).collect();
    let mut open = None;
    if take(rest, 1) == [1] {
        open = Some((take_number(rest), take_number(rest)));
        if has_frontier {
            take_number(rest);
            let cursor = usize::try_from(take_number(rest)).unwrap();
            take(rest, cursor);
            take_optional(rest);
        }
    }
    let frontier = if has_frontier { take_optional(rest) } else { None };
    StoredPosition { delivered, open, frontier }
}

fn take_optional(rest: &mut &[u8]) -> Option<i64> {
    (take(rest, 1) == [1]).then(|| take_number(rest))
}

fn take_number(rest: &mut &[u8]) -> i64 {
    i64::from_le_bytes(take(rest, 8).try_into().unwrap())
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (taken, after) = rest.split_at(length);
    *rest = after;
    taken
}
