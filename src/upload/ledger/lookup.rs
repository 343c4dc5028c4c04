//! Compares rows with the ledger: which of them were sent already?

use super::keys::DeviceKey;
use super::month::LedgerMonth;
use super::sorted_map::SortedMap;
use super::{BatchState, Ledger, Rows};
use crate::error::Error;
use crate::store::Store;

/// Which rows need not or must not be sent.
#[derive(Debug, Default)]
pub struct Lookup {
    /// A bit for each row; set if the row is not to be sent.
    bits: Vec<u64>,
    /// How many rows were acknowledged before.
    pub already_sent: u64,
    /// Indices of the rows that are held back because nobody knows whether the server has them.
    pub unknown: Vec<usize>,
}

impl Lookup {
    /// Removes these rows.
    pub fn remove_from(&self, rows: &mut Rows) {
        if self.bits.is_empty() {
            return;
        }
        rows.retain(|index| self.bits.get(index / 64).is_none_or(|bits| bits >> (index % 64) & 1 == 0));
    }
}

impl<S: Store> Ledger<S> {
    /// Looks up all `rows`, which must be sorted. With `hold_unknown`, rows that the server may have are held back.
    ///
    /// Only one month of each device is in memory at a time.
    pub async fn look_up(&self, rows: &Rows, hold_unknown: bool) -> Result<Lookup, Error> {
        let acknowledged = self.hashes_in(BatchState::Acknowledged);
        let unknown = if hold_unknown { self.hashes_in(BatchState::Unknown) } else { Vec::new() };
        let mut known = Lookup::default();
        if self.index.borrow().devices.is_empty() && acknowledged.is_empty() && unknown.is_empty() {
            return Ok(known);
        }

        let series = rows.series();
        let devices = (0..series.devices()).map(|device| {
            let (name, key) = (series.device_name(device), self.keys.device_key(series.device_name(device)));
            self.index.borrow_mut().set_missing_name(key, name);
            key
        });
        let devices: Vec<DeviceKey> = devices.collect();
        known.bits = vec![0; rows.len().div_ceil(64)];
        let mut months: SortedMap<u32, LedgerMonth> = SortedMap::default();
        let (mut day, mut number) = (None, None);
        for index in 0..rows.len() {
            let Some(row) = rows.get(index) else { break };
            // Rows are sorted, so each month is read once, and its number is computed once a day.
            if day != Some(row.day()) {
                day = Some(row.day());
                let its_number = LedgerMonth::number_of(row.day());
                if number != Some(its_number) {
                    number = Some(its_number);
                    months = self.months_of(&devices, its_number).await?;
                }
            }
            let hash = row.hash(series);
            let month = months.get(&series.device(row.series()));
            if has(&acknowledged, hash) || month.is_some_and(|month| month.contains(row.day(), hash)) {
                known.already_sent = known.already_sent.saturating_add(1);
            } else if has(&unknown, hash) {
                known.unknown.push(index);
            } else {
                continue;
            }
            if let Some(bits) = known.bits.get_mut(index / 64) {
                *bits |= 1 << (index % 64);
            }
        }
        Ok(known)
    }

    /// The month with this number for all devices, by the devices' indices.
    async fn months_of(
        &self,
        devices: &[DeviceKey],
        number: u32,
    ) -> Result<SortedMap<u32, LedgerMonth>, Error> {
        let mut months = SortedMap::default();
        for (device, key) in (0..).zip(devices) {
            let known = self.index.borrow().has(*key, number);
            if known {
                months.insert(device, self.month(*key, number).await?);
            }
        }
        Ok(months)
    }
}

/// Whether the sorted `hashes` contain this one.
fn has(hashes: &[u64], hash: u64) -> bool {
    hashes.binary_search(&hash).is_ok()
}
