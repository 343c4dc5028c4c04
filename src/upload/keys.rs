//! Under which keys an account's samples are remembered. No key tells whose they are, or of which device.
//!
//! ```text
//! samples/<scope>/index           which devices and months there are
//! samples/<scope>/held            samples that wait for others
//! samples/<scope>/sent/<device>/<month>
//! samples/<scope>/batch/<identity>
//! samples/<scope>/server          whose an early scope is
//! ```
//!
//! A scope is one server's, account's and data type's. Early versions knew no servers: their scopes are an account's and a type's, and
//! belong to the first server that they are used with (`owner`).
//!
//! What stands in angle brackets is a hash (SHA-256, cut), but for the month, which is counted from January of the year 0.

use crate::http::uri::Base;
use crate::scan;
use crate::store::{fingerprint, hex};
use humansync_ingest::DataType;
use sha2::{Digest, Sha256};

/// One server's samples of one account and type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    prefix: String,
}

/// What a device is called in keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeviceKey(pub u64);

impl Scope {
    /// Of `account`, or of the only one there is, at `server`.
    pub fn new(account: Option<&str>, data_type: DataType, server: &Base) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"server\0");
        hash.update(fingerprint(server));
        Self::of(hash, account, data_type)
    }

    /// Of `account`, as early versions had it: without a server.
    pub fn early(account: Option<&str>, data_type: DataType) -> Self {
        Self::of(Sha256::new(), account, data_type)
    }

    fn of(mut hash: Sha256, account: Option<&str>, data_type: DataType) -> Self {
        hash.update(if account.is_some() { b"account\0".as_slice() } else { b"nobody\0" });
        hash.update(account.unwrap_or_default().as_bytes());
        hash.update(b"\0");
        hash.update(data_type.name().as_bytes());
        let mut prefix = String::from("samples/");
        for byte in hash.finalize().iter().take(16) {
            hex(&mut prefix, u64::from(*byte), 2);
        }
        prefix.push('/');
        Self { prefix }
    }

    /// What all keys begin with, and the name of the lock.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Of the list of devices and months.
    pub fn index(&self) -> String {
        [&self.prefix, "index"].concat()
    }

    /// Of the samples that wait.
    pub fn held(&self) -> String {
        [&self.prefix, "held"].concat()
    }

    /// Of the server that an early scope belongs to, as of [`crate::store::Places`].
    pub fn server(&self) -> String {
        [&self.prefix, "server"].concat()
    }

    /// What the keys of a device's months begin with.
    pub fn months(&self, device: DeviceKey) -> String {
        let mut key = [&self.prefix, "sent/"].concat();
        hex(&mut key, device.0, 16);
        key.push('/');
        key
    }

    /// Of a device's month.
    pub fn month(&self, device: DeviceKey, month: u32) -> String {
        let mut key = self.months(device);
        hex(&mut key, u64::from(month), 5);
        key
    }

    /// Which device's and month's a key is; `None` for another key.
    pub fn month_of(&self, key: &str) -> Option<(DeviceKey, u32)> {
        let rest = key.strip_prefix(&*self.prefix)?.strip_prefix("sent/")?;
        let (device, month) = scan::split_once(rest, b'/')?;
        let place = (DeviceKey(u64::from_str_radix(device, 16).ok()?), u32::from_str_radix(month, 16).ok()?);
        // Only what is written just so.
        (self.month(place.0, place.1) == key).then_some(place)
    }

    /// What the keys of all batches begin with.
    pub fn batches(&self) -> String {
        [&self.prefix, "batch/"].concat()
    }

    /// Of a batch.
    pub fn batch(&self, identity: u64) -> String {
        let mut key = self.batches();
        hex(&mut key, identity, 16);
        key
    }

    /// The device of this name, in this account.
    pub fn device(&self, name: &str) -> DeviceKey {
        let mut hash = Sha256::new();
        hash.update(self.prefix.as_bytes());
        hash.update(name.as_bytes());
        let bytes = hash.finalize();
        DeviceKey(bytes.iter().take(8).fold(0, |key, byte| (key << 8) | u64::from(*byte)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Base {
        Base::of(url).unwrap()
    }

    #[test]
    fn accounts_types_and_devices_are_apart_and_none_is_named() {
        let here = server("https://samples.example/api/v1.1/samples");
        let anna = Scope::new(Some("anna@example.org"), DataType::Steps, &here);
        let others = [
            Scope::new(Some("anna@example.org"), DataType::Bpm, &here),
            Scope::new(Some("berta@example.org"), DataType::Steps, &here),
            Scope::new(Some(""), DataType::Steps, &here),
            Scope::new(None, DataType::Steps, &here),
            Scope::early(Some("anna@example.org"), DataType::Steps),
            Scope::early(None, DataType::Steps),
        ];
        for (index, other) in others.iter().enumerate() {
            assert_ne!(anna.prefix(), other.prefix());
            assert!(others.iter().skip(index + 1).all(|third| third.prefix() != other.prefix()));
            assert_ne!(anna.device("iPhone"), other.device("iPhone"));
        }
        let key = anna.month(anna.device("Anna’s iPhone"), 24_286);
        assert!(!key.to_lowercase().contains("anna") && !key.contains("iPhone"), "{key}");
    }

    #[test]
    fn a_server_is_the_same_however_it_is_written_and_no_other() {
        let of = |url: &str| Scope::new(None, DataType::Steps, &server(url));
        let here = of("https://samples.example/api/v1.1/samples");
        for same in [
            "https://samples.example:443/api/v1.1/samples",
            "HTTPS://Samples.EXAMPLE/api/v1.1/samples",
            "https://samples.example/api/v1.1/samples/",
        ] {
            assert_eq!(of(same), here, "{same}");
        }
        for other in [
            "http://samples.example/api/v1.1/samples",
            "https://samples.example:8443/api/v1.1/samples",
            "https://samples.example/test/api/v1.1/samples",
            "https://samples.example/API/v1.1/samples",
            "https://sample.example/api/v1.1/samples",
            "https://samples.example",
        ] {
            assert_ne!(of(other), here, "{other}");
        }
    }

    #[test]
    fn the_key_of_a_month_says_which_it_is() {
        let scope = Scope::early(None, DataType::Steps);
        let place = (DeviceKey(0xab), 24_286);
        assert_eq!(scope.month_of(&scope.month(place.0, place.1)), Some(place));
        for key in [scope.index(), scope.batch(7), scope.months(place.0), scope.months(place.0) + "+05ede"] {
            assert_eq!(scope.month_of(&key), None, "{key}");
        }
    }

    #[test]
    fn keys_stay_as_they_are() {
        // Stores outlive versions of the package. The hashes are those of `sha256sum`.
        let scope = Scope::early(Some("a"), DataType::Steps);
        assert_eq!(scope.index(), "samples/11fab5414c8a939dc4cffd505bf14f4e/index");
        assert_eq!(
            scope.month(DeviceKey(0xab), 24_286),
            "samples/11fab5414c8a939dc4cffd505bf14f4e/sent/00000000000000ab/05ede"
        );
        assert_eq!(scope.batch(7), "samples/11fab5414c8a939dc4cffd505bf14f4e/batch/0000000000000007");
    }
}
