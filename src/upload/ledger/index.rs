//! Which devices and months a ledger has, and what watermarks need of them.

use super::batch::{read_moment, write_moment};
use super::month::Month;
use super::sorted::Sorted;
use crate::error::Error;
use crate::store::{ByteReader, ByteWriter, ValueKind, damaged, open, seal};
use crate::upload::keys::DeviceKey;
use humansync_ingest::Moment;

/// All devices.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// By what they are called in keys.
    pub devices: Sorted<DeviceKey, Device>,
}

/// One device.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its name; empty where it is not known any more.
    pub name: String,
    /// By their numbers. None are listed while what was sent of it is being forgotten: what lies in the store is nothing then.
    pub months: Sorted<u32, Summary>,
}

/// A month in short.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// How many samples of it were acknowledged.
    pub count: u64,
    /// The latest start of them.
    pub last: Moment,
}

impl Index {
    /// Whether anything is known of a device's month.
    pub fn has(&self, device: DeviceKey, month: u32) -> bool {
        self.devices.get(&device).is_some_and(|device| device.months.get(&month).is_some())
    }

    /// How many samples of a device's month were acknowledged, if anything is known of it.
    pub fn count(&self, device: DeviceKey, month: u32) -> Option<u64> {
        Some(self.devices.get(&device)?.months.get(&month)?.count)
    }

    /// Whether what was sent of a device is being forgotten, or was when a process died.
    pub fn is_forgetting(&self, device: DeviceKey) -> bool {
        self.devices.get(&device).is_some_and(|device| device.months.is_empty())
    }

    /// Lists none of a device's months from now on.
    pub fn begin_to_forget(&mut self, device: DeviceKey, name: &str) {
        self.devices.insert(device, Device { name: name.to_owned(), months: Sorted::default() });
    }

    /// Takes note of what a device is called, where that was lost.
    pub fn name(&mut self, device: DeviceKey, name: &str) {
        if let Some(device) = self.devices.get_mut(&device)
            && device.name.is_empty()
        {
            name.clone_into(&mut device.name);
        }
    }

    /// All months.
    pub fn months(&self) -> Vec<(DeviceKey, u32)> {
        let devices = self.devices.iter();
        devices.flat_map(|(key, device)| device.months.iter().map(|(number, _)| (*key, *number))).collect()
    }

    /// Forgets a month.
    pub fn drop_month(&mut self, (device, number): (DeviceKey, u32)) {
        let Some(known) = self.devices.get_mut(&device) else { return };
        known.months.remove(&number);
        if known.months.is_empty() {
            self.devices.remove(&device);
        }
    }

    /// Takes note of a month of which less is there than was known.
    pub fn correct(&mut self, device: DeviceKey, number: u32, month: &Month) {
        self.drop_month((device, number));
        self.note(device, "", number, month);
    }

    /// Takes note of a month as it is now.
    pub fn note(&mut self, device: DeviceKey, name: &str, number: u32, month: &Month) {
        let Some(last) = month.last() else { return };
        let new = || Device { name: name.to_owned(), months: Sorted::default() };
        if let Some(device) = self.devices.entry(device, new) {
            device.months.insert(number, Summary { count: month.count(), last });
        }
        self.name(device, name);
    }

    /// As it is kept.
    pub fn to_value(&self) -> Vec<u8> {
        let mut out = ByteWriter::default();
        out.count(self.devices.len());
        for (key, device) in self.devices.iter() {
            out.number(key.0);
            out.bytes(device.name.as_bytes());
            out.count(device.months.len());
            for (number, summary) in device.months.iter() {
                out.number(u64::from(*number));
                out.number(summary.count);
                write_moment(&mut out, summary.last);
            }
        }
        seal(ValueKind::Index, &out.finish())
    }

    /// From what was kept.
    pub fn from_value(value: &[u8]) -> Result<Self, Error> {
        Self::read(&mut ByteReader::new(open(ValueKind::Index, value)?))
            .ok_or_else(|| damaged(ValueKind::Index))
    }

    fn read(from: &mut ByteReader) -> Option<Self> {
        let mut devices = Sorted::default();
        for _ in 0..from.count(24)? {
            let key = DeviceKey(from.number()?);
            let name = from.text()?;
            let mut months = Sorted::default();
            for _ in 0..from.count(24)? {
                let number = u32::try_from(from.number()?).ok()?;
                months.insert(number, Summary { count: from.number()?, last: read_moment(from)? });
            }
            devices.insert(key, Device { name, months });
        }
        from.is_at_end().then_some(Self { devices })
    }
}
