//! Writes ledgers as the first version of the package did: without a server, and without the first start of each day.

use super::samples::{TestSample, ndjson};
use crate::world::Disk;
use humansync::store::{ByteWriter, ValueKind, seal};
use humansync_ingest::time::Instant;
use humansync_ingest::{DataType, Format, Numbers, Rows, SampleReader};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The prefix of all keys of the early ledger.
pub fn prefix() -> String {
    format!("samples/{}/", hex(&Sha256::digest(b"account\0anna\0steps")[..16]))
}

/// The key of a device's month.
pub fn month_key(prefix: &str, device: &str, month: u32) -> String {
    format!("{prefix}sent/{}/{month:05x}", hex(&device_key(prefix, device)))
}

/// Writes a ledger in which the samples `accepted` were acknowledged and the samples `held` are held.
pub fn write(disk: &Disk, accepted: &[TestSample], held: &[TestSample]) {
    let (prefix, rows) = (prefix(), rows(accepted));
    let series = rows.series();
    type Days = BTreeMap<i64, (Instant, Vec<u64>)>;
    let mut devices: BTreeMap<[u8; 8], (String, BTreeMap<u32, Days>)> = BTreeMap::new();
    for (row, samples) in rows.iter().zip(accepted) {
        let name = series.device_name(series.device(row.series()));
        let (_, months) =
            devices.entry(device_key(&prefix, name)).or_insert((name.to_owned(), BTreeMap::new()));
        let days = months.entry(samples.fact().month()).or_default();
        let (last, hashes) = days.entry(row.day()).or_insert((row.start(), Vec::new()));
        *last = row.start().max(*last);
        hashes.push(row.hash(series));
    }

    let mut index = ByteWriter::default();
    index.count(devices.len());
    for (key, (name, months)) in devices {
        index.number(u64::from_be_bytes(key));
        index.bytes(name.as_bytes());
        index.count(months.len());
        for (number, mut days) in months {
            let mut month = ByteWriter::default();
            month.count(days.len());
            for (day, (last, hashes)) in &mut days {
                hashes.sort_unstable();
                month.signed(*day);
                month.bytes(&text(*last));
                month.numbers(hashes);
            }
            disk.put(&month_key(&prefix, &name, number), first_version(ValueKind::Month, &month.finish()));
            index.number(u64::from(number));
            index.number(days.values().map(|(_, hashes)| hashes.len() as u64).sum());
            index.bytes(&text(days.values().map(|(last, _)| *last).max().unwrap()));
        }
    }
    disk.put(&format!("{prefix}index"), first_version(ValueKind::Index, &index.finish()));
    if !held.is_empty() {
        let rows = self::rows(held);
        disk.put(&format!("{prefix}held"), first_version(ValueKind::Held, &rows.encode(0..rows.len())));
    }
}

/// The checksum does not cover the version, so it can be changed.
fn first_version(kind: ValueKind, content: &[u8]) -> Vec<u8> {
    let mut value = seal(kind, content);
    value[3] = 1;
    value
}

fn rows(samples: &[TestSample]) -> Rows {
    let numbers = Numbers { parse: |text| text.parse().unwrap(), print: |number| number.to_string() };
    let mut reader = SampleReader::new(DataType::Steps, Some(Format::Ndjson), numbers);
    reader.feed(&ndjson(samples));
    reader.finish();
    reader.into_rows()
}

fn text(moment: Instant) -> Vec<u8> {
    let mut out = Vec::new();
    moment.write_rfc3339(&mut out);
    out
}

fn device_key(prefix: &str, name: &str) -> [u8; 8] {
    let hash = Sha256::digest([prefix.as_bytes(), name.as_bytes()].concat());
    hash[..8].try_into().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
