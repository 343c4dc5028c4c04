//! Ledgers as the first version of the package wrote them, by hand: without a server, and without the first start of a day.

use super::given::{Given, ndjson};
use crate::world::Disk;
use humansync::store::{Kind, Writer, seal};
use humansync_ingest::{DataType, Format, Moment, Numbers, Rows, SampleReader};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What all keys of the early ledger begin with.
pub fn prefix() -> String {
    format!("samples/{}/", hex(&Sha256::digest(b"account\0anna\0steps")[..16]))
}

/// Under which key the samples of a device and month are.
pub fn month_key(prefix: &str, device: &str, month: u32) -> String {
    format!("{prefix}sent/{}/{month:05x}", hex(&device_key(prefix, device)))
}

/// Writes a ledger in which `accepted` was acknowledged, and `held` waits.
pub fn write(disk: &Disk, accepted: &[Given], held: &[Given]) {
    let (prefix, rows) = (prefix(), rows(accepted));
    let series = rows.series();
    type Days = BTreeMap<i64, (Moment, Vec<u64>)>;
    let mut devices: BTreeMap<[u8; 8], (String, BTreeMap<u32, Days>)> = BTreeMap::new();
    for (row, given) in rows.iter().zip(accepted) {
        let name = series.device_name(series.device(row.series()));
        let (_, months) =
            devices.entry(device_key(&prefix, name)).or_insert((name.to_owned(), BTreeMap::new()));
        let days = months.entry(given.fact().month()).or_default();
        let (last, hashes) = days.entry(row.day()).or_insert((row.start(), Vec::new()));
        *last = row.start().max(*last);
        hashes.push(row.hash(series));
    }

    let mut index = Writer::default();
    index.count(devices.len());
    for (key, (name, months)) in devices {
        index.number(u64::from_be_bytes(key));
        index.bytes(name.as_bytes());
        index.count(months.len());
        for (number, mut days) in months {
            let mut month = Writer::default();
            month.count(days.len());
            for (day, (last, hashes)) in &mut days {
                hashes.sort_unstable();
                month.signed(*day);
                month.bytes(&text(*last));
                month.numbers(hashes);
            }
            disk.put(&month_key(&prefix, &name, number), first_version(Kind::Month, &month.finish()));
            index.number(u64::from(number));
            index.number(days.values().map(|(_, hashes)| hashes.len() as u64).sum());
            index.bytes(&text(days.values().map(|(last, _)| *last).max().unwrap()));
        }
    }
    disk.put(&format!("{prefix}index"), first_version(Kind::Index, &index.finish()));
    if !held.is_empty() {
        let rows = self::rows(held);
        disk.put(&format!("{prefix}held"), first_version(Kind::Held, &rows.encode(0..rows.len())));
    }
}

/// The version stands before the checksum, and is not part of it.
fn first_version(kind: Kind, content: &[u8]) -> Vec<u8> {
    let mut value = seal(kind, content);
    value[3] = 1;
    value
}

fn rows(given: &[Given]) -> Rows {
    let numbers = Numbers { parse: |text| text.parse().unwrap(), print: |number| number.to_string() };
    let mut intake = SampleReader::new(DataType::Steps, Some(Format::Ndjson), numbers);
    intake.feed(&ndjson(given));
    intake.finish();
    intake.into_rows()
}

fn text(moment: Moment) -> Vec<u8> {
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
