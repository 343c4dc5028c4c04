//! Watermarks: for each device, up to when every known sample was accepted.

use super::Ledger;
use super::batch_record::BatchState;
use super::index::LedgerIndex;
use super::keys::MonthId;
use super::month::LedgerMonth;
use super::sorted_map::SortedMap;
use crate::error::Error;
use crate::store::Store;
use crate::upload::report::Watermark;
use humansync_ingest::time::Instant;

impl<S: Store> Ledger<S> {
    /// For each device, up to when every known sample was accepted. `waiting` are the devices and starts of held
    /// samples.
    pub async fn watermarks(&self, waiting: &[(String, Instant)]) -> Result<Vec<Watermark>, Error> {
        let (index, unsettled) = self.with_unsettled().await?;
        let mut watermarks = SortedMap::default();
        let bounds = self.bounds(waiting);
        for (key, device) in index.devices.iter().filter(|(_, device)| !device.name.is_empty()) {
            let bound = bounds.get(&device.name).copied();
            let mut until = None;
            for (number, summary) in device.months.iter().rev() {
                until = match bound {
                    Some(bound) if summary.last >= bound => match unsettled.get(&(*key, *number)) {
                        Some(month) => month.last_before(bound),
                        None => self.month(*key, *number).await?.last_before(bound),
                    },
                    _ => Some(summary.last),
                };
                if until.is_some() {
                    break;
                }
            }
            let samples = device.months.iter().map(|(_, month)| month.count).sum();
            if samples > 0 {
                let name = device.name.clone();
                watermarks.insert(name.clone(), Watermark { device: name, until, samples });
            }
        }
        Ok(watermarks.iter().map(|(_, watermark)| watermark.clone()).collect())
    }

    /// For each device, the earliest start of a sample that is known and not known to be accepted.
    fn bounds(&self, waiting: &[(String, Instant)]) -> SortedMap<String, Instant> {
        let mut bounds: SortedMap<String, Instant> = SortedMap::default();
        let mut bound = |name: &String, at: Instant| match bounds.get_mut(name) {
            Some(known) => *known = at.min(*known),
            None => bounds.insert(name.clone(), at),
        };
        for (name, at) in waiting {
            bound(name, *at);
        }
        for (_, batch) in
            self.batches.borrow().iter().filter(|(_, batch)| batch.state != BatchState::Acknowledged)
        {
            batch.groups.iter().for_each(|group| bound(&group.device, group.first));
        }
        bounds
    }

    /// The index and the months as they will be once all acknowledged batches are settled. An upload whose process died
    /// may have left some unsettled.
    async fn with_unsettled(&self) -> Result<(LedgerIndex, SortedMap<MonthId, LedgerMonth>), Error> {
        let (mut index, mut months) = (self.index.borrow().clone(), SortedMap::default());
        for key in self.batch_keys(|state| state == BatchState::Acknowledged) {
            let Some(batch) = self.batches.borrow().get(&key).cloned() else { continue };
            for group in &batch.groups {
                let (device, number) =
                    (self.keys.device_key(&group.device), LedgerMonth::number_of(group.day));
                if months.get(&(device, number)).is_none() {
                    months.insert((device, number), self.month(device, number).await?);
                }
                if let Some(month) = months.get_mut(&(device, number)) {
                    month.add(std::iter::once(group));
                    index.set_month(device, &group.device, number, month);
                }
            }
        }
        Ok((index, months))
    }
}
