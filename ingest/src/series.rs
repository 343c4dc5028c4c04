//! What many samples have in common, held once: device, version and unit.

use crate::hash;
use crate::intern::Interner;
use crate::json_string::write_text;
use crate::unit::Unit;

/// The devices of the samples that are held, and their kinds: device, version and unit together. Both are numbered from 0, in the
/// order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    devices: Interner,
    device_count: u32,
    keys: Interner,
    kinds: Vec<Kind>,
}

/// What samples of one device, version and unit share.
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    device: u32,
    unit: Unit,
    version: Option<Box<str>>,
    /// Of the three, as a part of a sample's hash.
    pub(crate) hash: u64,
    /// A sample in JSON, from its start up to its start date.
    pub(crate) head: Box<[u8]>,
    /// From behind its value to its end.
    pub(crate) tail: Box<[u8]>,
}

impl Kinds {
    /// The number of this kind.
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
            self.kinds.push(Kind::new(device, device_name, device_version, unit));
        }
        number
    }

    /// How many kinds there are.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// How many devices there are.
    pub fn devices(&self) -> u32 {
        self.device_count
    }

    /// The number of a kind's device; devices are told apart by their names.
    pub fn device(&self, kind: u32) -> u32 {
        self.get(kind).map_or(0, |kind| kind.device)
    }

    /// The name of a device.
    pub fn device_name(&self, device: u32) -> &str {
        std::str::from_utf8(self.devices.get(device)).unwrap_or_default()
    }

    /// The version of a kind's device.
    pub fn device_version(&self, kind: u32) -> Option<&str> {
        self.get(kind)?.version.as_deref()
    }

    /// The unit of a kind.
    pub fn unit(&self, kind: u32) -> Unit {
        self.get(kind).map_or(Unit::Count, |kind| kind.unit)
    }

    pub(crate) fn get(&self, kind: u32) -> Option<&Kind> {
        self.kinds.get(usize::try_from(kind).ok()?)
    }
}

impl Kind {
    fn new(device: u32, name: &str, version: Option<&str>, unit: Unit) -> Self {
        let mut hash = hash::with_bytes(1, name.as_bytes());
        hash = match version {
            Some(version) => hash::with_bytes(hash, version.as_bytes()),
            None => hash::with(hash, 0),
        };
        hash = hash::with_bytes(hash, unit.name().as_bytes());
        let mut head = b"{\"device_name\":".to_vec();
        write_text(name, &mut head);
        if let Some(version) = version {
            head.extend_from_slice(b",\"device_version\":");
            write_text(version, &mut head);
        }
        head.extend_from_slice(b",\"start_date\":\"");
        let tail = [b",\"unit\":\"", unit.name().as_bytes(), b"\"}"].concat();
        Self {
            device,
            unit,
            version: version.map(Box::from),
            hash,
            head: head.into_boxed_slice(),
            tail: tail.into_boxed_slice(),
        }
    }
}
