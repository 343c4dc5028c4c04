//! Series of samples: those of one device, version and unit.

use crate::intern::Interner;
use crate::{Unit, hash, json_string};

/// All series and their devices. Both are numbered from 0, in the order in which they first appear.
#[derive(Clone, Debug, Default)]
pub struct SeriesTable {
    devices: Interner,
    device_count: u32,
    keys: Interner,
    series: Vec<Series>,
}

/// What the samples of a series share.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    device: u32,
    unit: Unit,
    version: Option<Box<str>>,
    /// Hash of device name, version and unit: the start of each sample's hash.
    pub(crate) hash: u64,
    /// The JSON of a sample up to its start date.
    pub(crate) head: Box<[u8]>,
    /// The JSON of a sample after its value, and a comma.
    pub(crate) tail: Box<[u8]>,
}

impl SeriesTable {
    /// The number of a series, which is new if it has not appeared yet.
    pub fn intern(&mut self, device_name: &str, device_version: Option<&str>, unit: Unit) -> u32 {
        let (device, new) = self.devices.number(device_name.as_bytes());
        self.device_count += u32::from(new);
        let mut key = Vec::with_capacity(48);
        key.extend(device.to_le_bytes());
        key.push(unit.number());
        if let Some(version) = device_version {
            key.push(1);
            key.extend_from_slice(version.as_bytes());
        }
        let (number, new) = self.keys.number(&key);
        if new {
            self.series.push(Series::new(device, device_name, device_version, unit));
        }
        number
    }

    /// How many devices there are.
    pub fn devices(&self) -> u32 {
        self.device_count
    }

    /// The number of a series' device. Devices are the same if their names are.
    pub fn device(&self, series: u32) -> u32 {
        self.get(series).map_or(0, |series| series.device)
    }

    /// The name of a device.
    pub fn device_name(&self, device: u32) -> &str {
        std::str::from_utf8(self.devices.get(device)).unwrap_or_default()
    }

    /// The device version of a series.
    pub fn device_version(&self, series: u32) -> Option<&str> {
        self.get(series)?.version.as_deref()
    }

    /// The unit of a series.
    pub fn unit(&self, series: u32) -> Unit {
        self.get(series).map_or(Unit::Count, |series| series.unit)
    }

    pub(crate) fn get(&self, series: u32) -> Option<&Series> {
        self.series.get(usize::try_from(series).ok()?)
    }
}

impl Series {
    fn new(device: u32, name: &str, version: Option<&str>, unit: Unit) -> Self {
        let mut hash = hash::with_bytes(1, name.as_bytes());
        hash = match version {
            Some(version) => hash::with_bytes(hash, version.as_bytes()),
            None => hash::with(hash, 0),
        };
        hash = hash::with_bytes(hash, unit.name().as_bytes());
        let mut head = b"{\"device_name\":".to_vec();
        json_string::write(name, &mut head);
        if let Some(version) = version {
            head.extend_from_slice(b",\"device_version\":");
            json_string::write(version, &mut head);
        }
        head.extend_from_slice(b",\"start_date\":\"");
        let tail = [b",\"unit\":\"", unit.name().as_bytes(), b"\"},"].concat();
        let (head, tail) = (head.into_boxed_slice(), tail.into_boxed_slice());
        Self { device, unit, version: version.map(Box::from), hash, head, tail }
    }
}
