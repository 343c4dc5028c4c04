//! The index of a ledger: its devices and months, with the summary of each month that watermarks need.

use super::keys::{DeviceKey, MonthId};
use super::month::LedgerMonth;
use super::sorted_map::SortedMap;
use crate::error::Error;
use crate::store::{ByteReader, ByteWriter, ValueKind, damaged, open, seal};
use humansync_ingest::time::Instant;

/// All devices of a ledger.
#[derive(Clone, Debug, Default)]
pub struct LedgerIndex {
    pub devices: SortedMap<DeviceKey, DeviceEntry>,
}

/// One device in the index.
#[derive(Clone, Debug)]
pub struct DeviceEntry {
    /// The device's name; empty if the index was rebuilt and no sample of the device has been seen since.
    pub name: String,
    /// Its months by their numbers. Empty while the device is being forgotten; months in the store are ignored then.
    pub months: SortedMap<u32, MonthSummary>,
}

/// What the index says of a month.
#[derive(Clone, Copy, Debug)]
pub struct MonthSummary {
    /// How many samples were acknowledged.
    pub count: u64,
    /// The latest start among them.
    pub last: Instant,
}

impl LedgerIndex {
    /// Whether a device's month is listed.
    pub fn has(&self, device: DeviceKey, month: u32) -> bool {
        self.devices.get(&device).is_some_and(|device| device.months.get(&month).is_some())
    }

    /// How many samples of a device's month were acknowledged, if the month is listed.
    pub fn count(&self, device: DeviceKey, month: u32) -> Option<u64> {
        Some(self.devices.get(&device)?.months.get(&month)?.count)
    }

    /// Whether a device is being forgotten, or was when a process died.
    pub fn is_forgetting(&self, device: DeviceKey) -> bool {
        self.devices.get(&device).is_some_and(|device| device.months.is_empty())
    }

    /// Lists a device without any months from now on.
    pub fn begin_to_forget(&mut self, device: DeviceKey, name: &str) {
        self.devices.insert(device, DeviceEntry { name: name.to_owned(), months: SortedMap::default() });
    }

    /// Fills in the name of a device, if it is listed without one.
    pub fn set_missing_name(&mut self, device: DeviceKey, name: &str) {
        if let Some(device) = self.devices.get_mut(&device)
            && device.name.is_empty()
        {
            name.clone_into(&mut device.name);
        }
    }

    /// The months of all devices.
    pub fn months(&self) -> Vec<MonthId> {
        let devices = self.devices.iter();
        devices.flat_map(|(key, device)| device.months.iter().map(|(number, _)| (*key, *number))).collect()
    }

    /// Removes a month, and its device if it was the last one.
    pub fn remove_month(&mut self, (device, number): MonthId) {
        let Some(known) = self.devices.get_mut(&device) else { return };
        known.months.remove(&number);
        if known.months.is_empty() {
            self.devices.remove(&device);
        }
    }

    /// Corrects the entry of a month that has fewer samples than the index says.
    pub fn correct_month(&mut self, device: DeviceKey, number: u32, month: &LedgerMonth) {
        self.remove_month((device, number));
        self.set_month(device, "", number, month);
    }

    /// Lists a month as it is now.
    pub fn set_month(&mut self, device: DeviceKey, name: &str, number: u32, month: &LedgerMonth) {
        let Some(last) = month.last() else { return };
        let new = || DeviceEntry { name: name.to_owned(), months: SortedMap::default() };
        if let Some(device) = self.devices.get_or_insert_with(device, new) {
            device.months.insert(number, MonthSummary { count: month.count(), last });
        }
        self.set_missing_name(device, name);
    }

    /// The stored form.
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
                out.moment(summary.last);
            }
        }
        seal(ValueKind::Index, &out.finish())
    }

    /// Reads the stored form.
    pub fn from_value(value: &[u8]) -> Result<Self, Error> {
        Self::read(&mut ByteReader::new(open(ValueKind::Index, value)?))
            .ok_or_else(|| damaged(ValueKind::Index))
    }

    fn read(from: &mut ByteReader) -> Option<Self> {
        let mut devices = SortedMap::default();
        for _ in 0..from.count(24)? {
            let key = DeviceKey(from.number()?);
            let name = from.text()?;
            let mut months = SortedMap::default();
            for _ in 0..from.count(24)? {
                let number = u32::try_from(from.number()?).ok()?;
                months.insert(number, MonthSummary { count: from.number()?, last: from.moment()? });
            }
            devices.insert(key, DeviceEntry { name, months });
        }
        from.is_at_end().then_some(Self { devices })
    }
}
