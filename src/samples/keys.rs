//! Under which keys an account's samples are remembered. No key tells whose they are, or of which device.
//!
//! ```text
//! samples/<account and data type>/index           which devices and months there are
//! samples/<account and data type>/held            samples that wait for others
//! samples/<account and data type>/sent/<device>/<month>
//! samples/<account and data type>/batch/<identity>
//! ```
//!
//! What stands in angle brackets is a hash (SHA-256, cut), but for the month, which is counted from January of the year 0.

use crate::store::hex;
use humansync_samples::DataType;
use sha2::{Digest, Sha256};

/// One account's samples of one type.
#[derive(Clone, Debug)]
pub struct Scope {
    prefix: String,
}

/// What a device is called in keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeviceKey(pub u64);

impl Scope {
    /// Of `account`, or of the only one there is.
    pub fn new(account: Option<&str>, data_type: DataType) -> Self {
        let mut hash = Sha256::new();
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

    /// Of a device's month.
    pub fn month(&self, device: DeviceKey, month: u32) -> String {
        let mut key = [&self.prefix, "sent/"].concat();
        hex(&mut key, device.0, 16);
        key.push('/');
        hex(&mut key, u64::from(month), 5);
        key
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

    #[test]
    fn accounts_types_and_devices_are_apart_and_none_is_named() {
        let anna = Scope::new(Some("anna@example.org"), DataType::Steps);
        let others = [
            Scope::new(Some("anna@example.org"), DataType::Bpm),
            Scope::new(Some("berta@example.org"), DataType::Steps),
            Scope::new(Some(""), DataType::Steps),
            Scope::new(None, DataType::Steps),
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
    fn keys_stay_as_they_are() {
        // Stores outlive versions of the package. The hashes are those of `sha256sum`.
        let scope = Scope::new(Some("a"), DataType::Steps);
        assert_eq!(scope.index(), "samples/11fab5414c8a939dc4cffd505bf14f4e/index");
        assert_eq!(
            scope.month(DeviceKey(0xab), 24_286),
            "samples/11fab5414c8a939dc4cffd505bf14f4e/sent/00000000000000ab/05ede"
        );
        assert_eq!(scope.batch(7), "samples/11fab5414c8a939dc4cffd505bf14f4e/batch/0000000000000007");
    }
}
