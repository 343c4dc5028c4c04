//! Which rows are still to be sent.

use super::month::Month;
use super::sorted::Sorted;
use super::{Ledger, Rows, State};
use crate::error::Error;
use crate::store::Store;
use crate::upload::keys::DeviceKey;

/// Which of the rows are not to be sent.
#[derive(Debug, Default)]
pub struct Known {
    /// A bit for each row.
    bits: Vec<u64>,
    /// How many were acknowledged before.
    pub already_sent: u64,
    /// Indices of those in batches whose outcome is not known, which are held back for that.
    pub unknown: Vec<usize>,
}

impl Known {
    /// Takes them out of the rows.
    pub fn take_out(&self, rows: &mut Rows) {
        if self.bits.is_empty() {
            return;
        }
        let mut index = 0_usize;
        rows.retain(&mut |_| {
            let is_known = self.bits.get(index / 64).is_some_and(|bits| bits >> (index % 64) & 1 == 1);
            index = index.saturating_add(1);
            !is_known
        });
    }
}

impl<S: Store> Ledger<S> {
    /// What is known of the ordered `rows`; with `hold_unknown`, also which of them the server may have.
    ///
    /// One month of the ledger is in memory at a time.
    pub async fn look_up(&self, rows: &Rows, hold_unknown: bool) -> Result<Known, Error> {
        let acknowledged = self.hashes_in(State::Acknowledged);
        let unknown = if hold_unknown { self.hashes_in(State::Unknown) } else { Vec::new() };
        let mut known = Known::default();
        if self.index.borrow().devices.is_empty() && acknowledged.is_empty() && unknown.is_empty() {
            return Ok(known);
        }

        let series = rows.series();
        let devices = (0..series.devices()).map(|device| {
            let (name, key) = (series.device_name(device), self.scope.device(series.device_name(device)));
            self.index.borrow_mut().name(key, name);
            key
        });
        let devices: Vec<DeviceKey> = devices.collect();
        known.bits = vec![0; rows.len().div_ceil(64)];
        let mut months: Sorted<u32, Month> = Sorted::default();
        let (mut day, mut number) = (None, None);
        for index in 0..rows.len() {
            let Some(row) = rows.get(index) else { break };
            // Rows are in order, so each month comes up once, and a day is asked for its month once.
            if day != Some(row.day()) {
                day = Some(row.day());
                let its_number = Month::number(row.day());
                if number != Some(its_number) {
                    number = Some(its_number);
                    months = self.months_of(&devices, its_number).await?;
                }
            }
            let hash = row.hash(series);
            let month = months.get(&series.device(row.series()));
            if has(&acknowledged, hash) || month.is_some_and(|month| month.has(row.day(), hash)) {
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

    /// What the ledger has of a month, by the numbers of the devices.
    async fn months_of(&self, devices: &[DeviceKey], number: u32) -> Result<Sorted<u32, Month>, Error> {
        let mut months = Sorted::default();
        for (device, key) in (0..).zip(devices) {
            let known = self.index.borrow().has(*key, number);
            if known {
                months.insert(device, self.month(*key, number).await?);
            }
        }
        Ok(months)
    }
}

/// Whether `hashes`, which are in order, have this one.
fn has(hashes: &[u64], hash: u64) -> bool {
    hashes.binary_search(&hash).is_ok()
}
