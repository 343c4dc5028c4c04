//! Samples for tests, with all that is known of them without the library.

use crate::server::Fact;
use crate::world::{Chance, Process};
use chrono::{DateTime, FixedOffset, SecondsFormat};
use humansync::clock::Clock;
use humansync::error::Error;
use humansync::upload::SampleSource;
use humansync_ingest::SampleReader;
use std::collections::{BTreeSet, VecDeque};

/// 2024-01-20T00:00:00Z, late in a month, so that samples lie in more than one month.
const FIRST_DAY: i64 = 1_705_708_800_000;
const DAY: u64 = 86_400_000;

/// One valid sample.
#[derive(Clone, Debug)]
pub struct TestSample {
    device: String,
    version: Option<String>,
    /// Milliseconds since the epoch.
    start: i64,
    end: Option<i64>,
    /// Minutes east.
    offset: i32,
    value: u64,
}

impl TestSample {
    /// Everything that distinguishes it from other samples.
    pub fn fact(&self) -> Fact {
        Fact {
            device: self.device.clone(),
            version: self.version.clone(),
            start: self.start * 1_000_000,
            end: self.end.map(|end| end * 1_000_000),
            unit: "count".to_owned(),
            value: (self.value as f64).to_bits(),
        }
    }

    /// The same sample with its times written in another time zone.
    pub fn elsewhere(&self) -> Self {
        Self { offset: if self.offset == 0 { 330 } else { 0 }, ..self.clone() }
    }

    /// Its `start_date`.
    pub fn start_text(&self) -> String {
        self.text(self.start)
    }

    fn text(&self, millis: i64) -> String {
        let zone = FixedOffset::east_opt(self.offset * 60).unwrap();
        let moment = DateTime::from_timestamp_millis(millis).unwrap().with_timezone(&zone);
        moment.to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// As a JSON object.
    pub fn line(&self) -> String {
        let mut line = format!(r#"{{"device_name":"{}","start_date":"{}""#, self.device, self.start_text());
        if let Some(version) = &self.version {
            line += &format!(r#","device_version":"{version}""#);
        }
        if let Some(end) = self.end {
            line += &format!(r#","end_date":"{}""#, self.text(end));
        }
        line + &format!(r#","unit":"count","value":{}}}"#, self.value)
    }
}

/// Makes samples, no two of them the same.
pub struct SampleSupply {
    chance: Chance,
    devices: Vec<String>,
    days: u64,
    made: BTreeSet<Fact>,
}

impl SampleSupply {
    /// Samples of this number of devices, over this number of days.
    pub fn new(chance: Chance, devices: usize, days: u64) -> Self {
        let devices = (0..devices).map(|number| format!("Watch {number}")).collect();
        Self::of(chance, devices, days)
    }

    /// Samples of devices with these names.
    pub fn of(chance: Chance, devices: Vec<String>, days: u64) -> Self {
        Self { chance, devices, days, made: BTreeSet::new() }
    }

    /// `count` samples of any of the days, in random order.
    pub fn some(&mut self, count: usize) -> Vec<TestSample> {
        self.of_days(count, 0..=self.days - 1)
    }

    /// `count` samples of these days, in random order.
    pub fn of_days(&mut self, count: usize, days: std::ops::RangeInclusive<u64>) -> Vec<TestSample> {
        let mut samples = Vec::with_capacity(count);
        while samples.len() < count {
            let one = self.one(days.clone());
            if self.made.insert(one.fact()) {
                samples.push(one);
            }
        }
        samples
    }

    fn one(&mut self, days: std::ops::RangeInclusive<u64>) -> TestSample {
        let chance = &mut self.chance;
        let day = chance.within(days) * DAY;
        // Often on a full minute, so that many start at once.
        let time = match chance.happens(0.5) {
            true => chance.within(0..=1439) * 60_000,
            false => chance.within(0..=DAY - 1),
        };
        let start = FIRST_DAY + (day + time) as i64;
        TestSample {
            device: chance.pick(&self.devices),
            version: chance.pick(&[None, Some("17.0.3"), Some("17.1")]).map(str::to_owned),
            start,
            end: chance.pick(&[None, Some(0), Some(60_000), Some(DAY)]).map(|length| start + length as i64),
            offset: chance.pick(&[0, 240, -210]),
            value: chance.within(1..=30_000),
        }
    }
}

/// The facts of all samples.
pub fn facts<'samples>(samples: impl IntoIterator<Item = &'samples TestSample>) -> BTreeSet<Fact> {
    samples.into_iter().map(TestSample::fact).collect()
}

/// One sample on each line.
pub fn ndjson<'samples>(samples: impl IntoIterator<Item = &'samples TestSample>) -> Vec<u8> {
    samples.into_iter().flat_map(|sample| (sample.line() + "\n").into_bytes()).collect()
}

/// A source that yields its bytes in pieces, each after a millisecond.
pub struct PiecewiseSource {
    process: Process,
    left: VecDeque<Vec<u8>>,
    read: u64,
    all: u64,
}

impl PiecewiseSource {
    /// Yields `bytes` in about `pieces` pieces, cut anywhere.
    pub fn new(process: &Process, chance: &mut Chance, bytes: &[u8], pieces: usize) -> Self {
        let mut cuts: Vec<usize> = (1..pieces).map(|_| chance.index(bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let left = cuts.windows(2).map(|cut| bytes[cut[0]..cut[1]].to_vec()).collect();
        Self { process: process.clone(), left, read: 0, all: bytes.len() as u64 }
    }
}

impl SampleSource for PiecewiseSource {
    async fn feed(&mut self, reader: &mut SampleReader) -> Result<bool, Error> {
        self.process.sleep(1).await;
        let Some(piece) = self.left.pop_front() else { return Ok(false) };
        reader.feed(&piece);
        self.read += piece.len() as u64;
        Ok(true)
    }

    fn bytes(&self) -> (u64, Option<u64>) {
        (self.read, Some(self.all))
    }
}
