//! The keys of a ledger in the store. No key reveals a person or a device.
//!
//! ```text
//! samples/<scope>/index                     the index: devices and months
//! samples/<scope>/held                      held samples
//! samples/<scope>/sent/<device>/<month>     a month of a device
//! samples/<scope>/batch/<identity>          the record of a batch
//! samples/<scope>/server                    the owner of an early ledger
//! ```
//!
//! A scope stands for a server, an account and a data type. Early versions of the package did not tell servers apart:
//! their scopes stand for an account and a type, and such a ledger belongs to the first server that it is used with
//! (`location`).
//!
//! What is in angle brackets is a truncated SHA-256 hash, except the month: the number of months since January of the
//! year 0.

use crate::store::{hex, server_fingerprint};
use crate::text;
use crate::uri::LinkScope;
use humansync_ingest::DataType;
use sha2::{Digest, Sha256};

/// The keys of one ledger: of an account and a data type, at a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerKeys {
    prefix: String,
}

/// Stands for a device in keys: a hash of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeviceKey(pub u64);

/// A device and the number of one of its months.
pub type MonthId = (DeviceKey, u32);

impl LedgerKeys {
    /// The ledger of `account` at `server`. Without an account, there is one ledger for everybody.
    pub fn new(account: Option<&str>, data_type: DataType, server: &LinkScope) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"server\0");
        hash.update(server_fingerprint(server));
        Self::of(hash, account, data_type)
    }

    /// The ledger as early versions of the package kept it: without a server.
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

    /// The prefix of all keys, which is also the name of the lock.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The key of the index.
    pub fn index(&self) -> String {
        [&self.prefix, "index"].concat()
    }

    /// The key of the held samples.
    pub fn held(&self) -> String {
        [&self.prefix, "held"].concat()
    }

    /// The key of the note that says which server owns an early ledger.
    pub fn owner(&self) -> String {
        [&self.prefix, "server"].concat()
    }

    /// The prefix of the keys of a device's months.
    pub fn month_prefix(&self, device: DeviceKey) -> String {
        let mut key = [&self.prefix, "sent/"].concat();
        hex(&mut key, device.0, 16);
        key.push('/');
        key
    }

    /// The key of a device's month.
    pub fn month(&self, device: DeviceKey, month: u32) -> String {
        let mut key = self.month_prefix(device);
        hex(&mut key, u64::from(month), 5);
        key
    }

    /// The device and month of a key; `None` if it is not the key of a month.
    pub fn parse_month(&self, key: &str) -> Option<MonthId> {
        let rest = key.strip_prefix(&*self.prefix)?.strip_prefix("sent/")?;
        let (device, month) = text::split_once(rest, b'/')?;
        let month_id =
            (DeviceKey(u64::from_str_radix(device, 16).ok()?), u32::from_str_radix(month, 16).ok()?);
        // Nothing but the form that `month` writes: no sign, no missing zeros.
        (self.month(month_id.0, month_id.1) == key).then_some(month_id)
    }

    /// The prefix of the keys of all batches.
    pub fn batch_prefix(&self) -> String {
        [&self.prefix, "batch/"].concat()
    }

    /// The key of a batch.
    pub fn batch(&self, identity: u64) -> String {
        let mut key = self.batch_prefix();
        hex(&mut key, identity, 16);
        key
    }

    /// The key of the device with this name. It differs from ledger to ledger.
    pub fn device_key(&self, name: &str) -> DeviceKey {
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
    use crate::testing::test;

    fn server(url: &str) -> LinkScope {
        LinkScope::of(url).unwrap()
    }

    #[test]
    fn keys_differ_by_server_account_and_type_and_name_nobody() {
        let here = server("https://samples.example/api/v1.1/samples");
        let anna = LedgerKeys::new(Some("anna@example.org"), DataType::Steps, &here);
        let others = [
            LedgerKeys::new(Some("anna@example.org"), DataType::Bpm, &here),
            LedgerKeys::new(Some("berta@example.org"), DataType::Steps, &here),
            LedgerKeys::new(Some(""), DataType::Steps, &here),
            LedgerKeys::new(None, DataType::Steps, &here),
            LedgerKeys::early(Some("anna@example.org"), DataType::Steps),
            LedgerKeys::early(None, DataType::Steps),
        ];
        for (index, other) in others.iter().enumerate() {
            assert_ne!(anna.prefix(), other.prefix());
            assert!(others.iter().skip(index + 1).all(|third| third.prefix() != other.prefix()));
            assert_ne!(anna.device_key("iPhone"), other.device_key("iPhone"));
        }
        let key = anna.month(anna.device_key("Anna’s iPhone"), 24_286);
        assert!(!key.to_lowercase().contains("anna") && !key.contains("iPhone"), "{key}");
    }

    #[test]
    fn equivalent_urls_are_one_server_and_others_are_not() {
        let of = |url: &str| LedgerKeys::new(None, DataType::Steps, &server(url));
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
    fn only_the_key_of_a_month_is_read_as_one() {
        let keys = LedgerKeys::early(None, DataType::Steps);
        let month_id = (DeviceKey(0xab), 24_286);
        assert_eq!(keys.parse_month(&keys.month(month_id.0, month_id.1)), Some(month_id));
        for key in [
            keys.index(),
            keys.batch(7),
            keys.month_prefix(month_id.0),
            keys.month_prefix(month_id.0) + "+05ede",
        ] {
            assert_eq!(keys.parse_month(&key), None, "{key}");
        }
    }

    #[test]
    fn keys_never_change() {
        // Stores outlive versions of the package. The hashes were computed with `sha256sum`.
        let keys = LedgerKeys::early(Some("a"), DataType::Steps);
        assert_eq!(keys.index(), "samples/11fab5414c8a939dc4cffd505bf14f4e/index");
        assert_eq!(
            keys.month(DeviceKey(0xab), 24_286),
            "samples/11fab5414c8a939dc4cffd505bf14f4e/sent/00000000000000ab/05ede"
        );
        assert_eq!(keys.batch(7), "samples/11fab5414c8a939dc4cffd505bf14f4e/batch/0000000000000007");
    }
}
