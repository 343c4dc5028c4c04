//! The samples that arrived, in order and in a form compact enough for many millions, and the rules that were violated.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use crate::samples::rules::{DataType, Sample, Unit};
use crate::samples::timestamp::Timestamp;

/// The most violations that are listed. Further ones are only counted.
const TOLD: usize = 100;

/// The fields that many samples share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    pub device_name: String,
    pub device_version: Option<String>,
    pub unit: Unit,
}

impl Kind {
    fn is_of(&self, sample: &Sample<'_>) -> bool {
        self.unit == sample.unit
            && self.device_name == sample.device_name
            && self.device_version.as_deref() == sample.device_version.as_deref()
    }
}

/// One sample.
#[derive(Debug)]
pub struct Record {
    pub start: Timestamp,
    pub end: Option<Timestamp>,
    pub value: f64,
    /// The index in its batch's list of kinds, which is no longer than that of the samples.
    kind: u16,
    /// Whether an equal sample arrived before.
    pub repeat: bool,
}

/// The samples of one request.
#[derive(Debug)]
pub struct Batch {
    /// From 1.
    pub number: usize,
    pub data_type: DataType,
    kinds: Vec<Arc<Kind>>,
    records: Box<[Record]>,
}

impl Batch {
    /// The samples in order, each with its kind.
    pub fn samples(&self) -> impl Iterator<Item = (&Kind, &Record)> {
        self.records.iter().map(|record| (self.kinds[usize::from(record.kind)].as_ref(), record))
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    total: u64,
    duplicates: u64,
}

impl Tally {
    fn count(&mut self, repeat: bool) {
        self.total += 1;
        self.duplicates += u64::from(repeat);
    }

    fn report(self) -> Value {
        json!({ "total": self.total, "distinct": self.total - self.duplicates, "duplicates": self.duplicates })
    }
}

/// A violation of a rule that concerns several samples.
#[derive(Debug, Serialize)]
struct Violation {
    batch: usize,
    device: String,
    index: usize,
    rule: &'static str,
}

/// The store.
#[derive(Debug, Default)]
pub struct Store {
    batches: Vec<Arc<Batch>>,
    /// All kinds, each with a number.
    kinds: HashMap<Arc<Kind>, u64>,
    /// The 64-bit fingerprints of all samples. With ten million samples, two different ones collide in one of some
    /// hundred thousand runs.
    seen: HashSet<u64, BuildHasherDefault<AsItIs>>,
    requests: u64,
    bytes: u64,
    refused: BTreeMap<u16, u64>,
    sizes: BTreeMap<usize, u64>,
    all: Tally,
    by_type: BTreeMap<DataType, Tally>,
    by_device: BTreeMap<String, Tally>,
    violation_count: u64,
    violations: Vec<Violation>,
}

impl Store {
    /// Counts a request that is refused.
    pub fn refuse(&mut self, status: u16) {
        self.requests += 1;
        *self.refused.entry(status).or_default() += 1;
    }

    /// Adds all samples of a batch whose body had this number of bytes.
    pub fn accept(&mut self, data_type: DataType, samples: &[Sample<'_>], bytes: usize) {
        let number = self.batches.len() + 1;
        let mut kinds: Vec<Arc<Kind>> = Vec::new();
        let mut numbers = Vec::new();
        let mut tallies = Vec::new();
        // The last start of each device so far.
        let mut last: Vec<(usize, Timestamp)> = Vec::new();
        let mut place = 0;
        let mut records = Vec::with_capacity(samples.len());
        for (index, sample) in samples.iter().enumerate() {
            if !kinds.get(place).is_some_and(|kind| kind.is_of(sample)) {
                place = kinds.iter().position(|kind| kind.is_of(sample)).unwrap_or_else(|| {
                    let (kind, number) = self.kind(sample);
                    kinds.push(kind);
                    numbers.push(number);
                    tallies.push(Tally::default());
                    kinds.len() - 1
                });
            }
            let repeat = !self.seen.insert(fingerprint(data_type, numbers[place], sample));
            tallies[place].count(repeat);
            self.all.count(repeat);
            self.by_type.entry(data_type).or_default().count(repeat);
            match last
                .iter_mut()
                .find(|(other, _)| *other == place || kinds[*other].device_name == sample.device_name)
            {
                None => last.push((place, sample.start)),
                Some((_, before)) => {
                    if sample.start < *before {
                        self.violation(number, &sample.device_name, index);
                    }
                    *before = sample.start;
                }
            }
            records.push(Record {
                start: sample.start,
                end: sample.end,
                value: sample.value,
                kind: u16::try_from(place).unwrap_or(u16::MAX),
                repeat,
            });
        }
        for (kind, tally) in kinds.iter().zip(tallies) {
            let device = self.by_device.entry(kind.device_name.clone()).or_default();
            device.total += tally.total;
            device.duplicates += tally.duplicates;
        }
        self.requests += 1;
        self.bytes += bytes as u64;
        *self.sizes.entry(samples.len()).or_default() += 1;
        self.batches.push(Arc::new(Batch { number, data_type, kinds, records: records.into_boxed_slice() }));
    }

    /// A sample's kind and its number.
    fn kind(&mut self, sample: &Sample<'_>) -> (Arc<Kind>, u64) {
        let kind = Arc::new(Kind {
            device_name: sample.device_name.clone().into_owned(),
            device_version: sample.device_version.clone().map(|version| version.into_owned()),
            unit: sample.unit,
        });
        if let Some((kind, number)) = self.kinds.get_key_value(&kind) {
            return (Arc::clone(kind), *number);
        }
        let number = self.kinds.len() as u64;
        self.kinds.insert(Arc::clone(&kind), number);
        (kind, number)
    }

    fn violation(&mut self, batch: usize, device: &str, index: usize) {
        self.violation_count += 1;
        if self.violations.len() < TOLD {
            self.violations.push(Violation { batch, device: device.to_owned(), index, rule: "order" });
        }
    }

    /// The number of samples.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.all.total
    }

    /// The batches so far, which can be read without locking the store.
    #[must_use]
    pub fn batches(&self) -> Vec<Arc<Batch>> {
        self.batches.clone()
    }

    /// The body of `GET /_sandbox/samples`.
    #[must_use]
    pub fn report(&self) -> Value {
        let by_type: serde_json::Map<String, Value> = self
            .by_type
            .iter()
            .map(|(data_type, tally)| (data_type.name().to_owned(), tally.report()))
            .collect();
        let by_device: serde_json::Map<String, Value> =
            self.by_device.iter().map(|(device, tally)| (device.clone(), tally.report())).collect();
        let mut report = self.all.report();
        report["batches"] = json!(self.batches.len());
        report["requests"] = json!(self.requests);
        report["bytes"] = json!(self.bytes);
        report["refused"] = json!(self.refused);
        report["byType"] = by_type.into();
        report["byDevice"] = by_device.into();
        report["batchSizes"] = json!(self.sizes);
        report["violationCount"] = json!(self.violation_count);
        report["violations"] = json!(self.violations);
        report
    }
}

/// The fingerprint of a sample, independent of the format of its times and of its position.
fn fingerprint(data_type: DataType, kind: u64, sample: &Sample<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    let end = sample.end.map(|end| end.instant());
    (data_type, kind, sample.value.to_bits(), sample.start.instant(), end).hash(&mut hasher);
    hasher.finish()
}

/// A hasher for keys that are hashes already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Keys of other types are not used, but the trait requires this method.
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_small() {
        assert!(size_of::<Record>() <= 48, "{}", size_of::<Record>());
    }
}
