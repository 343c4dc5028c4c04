//! The entry point: plans and sends uploads to one endpoint, and answers what was sent.

use super::batch_sizes::BatchSizes;
use super::delivery::Delivery;
use super::held_samples::HeldSamples;
use super::ledger::keys::LedgerKeys;
use super::ledger::location::LedgerLocation;
use super::ledger::{Ledger, LedgerWriter, forget_all};
use super::ports::{SampleSource, UploadListener};
use super::report::{DevicePlan, StoppedUpload, UploadPlan, UploadReport, Watermark, count};
use super::source_content::SourceContent;
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Abort, Client, Event, Transport, Warning};
use crate::store::{LockedStore, Store};
use humansync_ingest::{DataType, DeviceShare, Format, Numbers, Rows};
use std::future::Future;
use std::rc::Rc;

static INCOMPLETE: Warning = Warning {
    code: "ledger-incomplete",
    message: "a part of the ledger is missing in the store: what the other parts do not tell of counts as new, and is sent again. Restore \
              the store from a copy if you have one, and see what removes values from it",
};

/// The options of an uploader, checked.
#[derive(Clone)]
pub struct UploaderOptions {
    /// Keeps the ledgers of people apart who share a store.
    pub account: Option<String>,
    /// Samples per batch, from [`super::MIN_BATCH_SIZE`] to [`super::MAX_BATCH_SIZE`].
    pub batch_size: usize,
    /// Whether a batch is held back, instead of sent again, while nobody knows whether the server has it.
    pub hold_unknown: bool,
    /// How the host parses and prints numbers.
    pub numbers: Numbers,
}

/// The keys of a ledger, and the store with the lock of it.
pub(super) struct LockedLedger<S: Store> {
    pub keys: LedgerKeys,
    pub store: Rc<LockedStore<S>>,
}

/// Sends samples to one endpoint, and remembers in a store what was acknowledged.
pub struct Uploader<T: Transport, C: Clock, S: Store> {
    /// The client that sends the requests. It has the endpoint as its base.
    pub client: Rc<Client<T, C>>,
    /// Remembers what was acknowledged.
    pub store: Rc<S>,
    /// The options.
    pub options: UploaderOptions,
}

impl<T: Transport, C: Clock, S: Store> Uploader<T, C, S> {
    /// What [`Uploader::upload`] would do with this source now. Sends nothing and writes nothing.
    pub async fn plan(
        &self,
        data_type: DataType,
        format: Option<Format>,
        source: impl SampleSource,
        listener: &impl UploadListener,
        abort: &Abort,
    ) -> Result<UploadPlan, Error> {
        let content = SourceContent::read(self, data_type, format, source, listener, abort).await;
        let SourceContent { mut rows, report, .. } = content.map_err(|stopped| stopped.error)?;
        let planned = async {
            let keys = self.location(data_type).await?.keys;
            let ledger = Ledger::open(self.store.clone(), keys.clone()).await?;
            HeldSamples::read(&*self.store, &keys, self.options.numbers).await?.append_to(&mut rows);
            rows.order();
            let duplicates = rows.drop_duplicates();
            let lookup = ledger.look_up(&rows, self.options.hold_unknown).await?;
            self.warn_if_incomplete(&ledger);
            lookup.remove_from(&mut rows);
            Ok((lookup, duplicates))
        };
        let (lookup, duplicates) = self.until_aborted(abort, planned).await?;
        let sizes = BatchSizes::new(rows.len(), self.options.batch_size);
        let last = sizes.samples().checked_sub(1).and_then(|last| rows.get(last));
        let by_device = device_plans(&rows, sizes.samples());
        Ok(UploadPlan {
            samples: count(sizes.samples()),
            batches: count(sizes.batches()),
            already_sent: lookup.already_sent,
            duplicates,
            held: count(sizes.left_over).saturating_add(count(lookup.unknown.len())),
            rejected_count: report.rejected_count,
            rejected: report.rejected,
            first: last.and_then(|_| rows.get(0)).map(|row| row.start()),
            last: last.map(|row| row.start()),
            devices: by_device.iter().map(|plan| plan.device.clone()).collect(),
            by_device,
        })
    }

    /// Sends the samples of `source` that were not sent before.
    ///
    /// Among all processes that share the store, only one upload of an account and type runs at a time. The next one
    /// waits for it, and then knows what it has sent.
    pub async fn upload(
        &self,
        data_type: DataType,
        format: Option<Format>,
        source: impl SampleSource,
        listener: &impl UploadListener,
        abort: &Abort,
    ) -> Result<UploadReport, StoppedUpload> {
        let SourceContent { rows, report, progress } =
            SourceContent::read(self, data_type, format, source, listener, abort).await?;
        let ledger = match self.lock(data_type, abort).await {
            Ok(entered) => entered,
            Err(error) => return Err(StoppedUpload::new(error, report, 0)),
        };
        let outcome = match listener.outcome() {
            Ok(()) => {
                let delivery = Delivery::new(self, data_type, &ledger, report, progress, listener, abort);
                delivery.run(rows).await
            }
            Err(error) => Err(StoppedUpload::new(error, report, 0)),
        };
        match (outcome, ledger.store.release().await.and_then(|()| listener.outcome())) {
            (Ok(report), Err(error)) => Err(StoppedUpload::new(error, report, 0)),
            (outcome, _) => outcome,
        }
    }

    /// For each device, up to when every known sample was accepted.
    pub async fn watermarks(&self, data_type: DataType) -> Result<Vec<Watermark>, Error> {
        let read = async {
            let keys = self.location(data_type).await?.keys;
            let ledger = Ledger::open(self.store.clone(), keys.clone()).await?;
            let held = HeldSamples::read(&*self.store, &keys, self.options.numbers).await?;
            let watermarks = ledger.watermarks(&held.updated(&[], held.rows(), usize::MAX).waiting).await?;
            self.warn_if_incomplete(&ledger);
            Ok(watermarks)
        };
        self.until_aborted(&Abort::new(), read).await
    }

    /// Forgets what was sent of one device, or of all if `device` is `None`. Waits for an upload that is under way.
    pub async fn forget(&self, data_type: DataType, device: Option<&str>) -> Result<(), Error> {
        let entered = match self.lock(data_type, &Abort::new()).await {
            Err(Error::Store(error)) if error.code == "damaged" && device.is_none() => {
                LedgerLocation::disown(&self.store, self.options.account.as_deref(), data_type).await?;
                self.lock(data_type, &Abort::new()).await
            }
            entered => entered,
        };
        let LockedLedger { keys, store: locked } = entered?;
        let forgotten = async {
            match device {
                Some(device) => LedgerWriter::open(locked.clone(), keys.clone()).await?.forget(device).await,
                None => forget_all(&locked, &keys).await,
            }
        };
        let outcome = locked.while_held(forgotten).await;
        let released = locked.release().await;
        outcome.and(released)
    }

    /// Runs `future` until it ends, the caller aborts, or the client is closed.
    pub(super) async fn until_aborted<O>(
        &self,
        abort: &Abort,
        future: impl Future<Output = Result<O, Error>>,
    ) -> Result<O, Error> {
        abort.guard(self.client.while_open(future)).await.unwrap_or(Err(Error::Aborted))
    }

    /// Emits a warning if a part of the ledger was missing in the store, and returns it for the report.
    pub(super) fn warn_if_incomplete(&self, ledger: &Ledger<S>) -> Option<&'static Warning> {
        ledger.is_incomplete().then(|| {
            self.client.tell(|| Event::Warning(&INCOMPLETE));
            &INCOMPLETE
        })
    }

    async fn location(&self, data_type: DataType) -> Result<LedgerLocation, Error> {
        let account = self.options.account.as_deref();
        LedgerLocation::find(&*self.store, account, data_type, self.client.base().own()).await
    }

    /// Waits for the lock of the ledger. A ledger of an early version that has no owner yet is claimed for this server.
    async fn lock(&self, data_type: DataType, abort: &Abort) -> Result<LockedLedger<S>, Error> {
        loop {
            let location = self.until_aborted(abort, self.location(data_type)).await?;
            let entering = LockedStore::enter(self.store.clone(), location.keys.prefix());
            let locked = self.until_aborted(abort, entering).await?;
            if !location.is_unclaimed {
                return Ok(LockedLedger { keys: location.keys, store: Rc::new(locked) });
            }
            // Another upload may have claimed it while this one waited for the lock.
            if self.location(data_type).await?.is_unclaimed {
                location.claim(&locked, self.client.base().own()).await?;
            }
            locked.release().await?;
        }
    }
}

/// The part of each device in the first `count` rows, which are sorted.
fn device_plans(rows: &Rows, count: usize) -> Vec<DevicePlan> {
    let start = |index: usize| rows.get(index).map(|row| row.start());
    let plan = |share: DeviceShare| {
        Some(DevicePlan {
            device: rows.series().device_name(share.device).to_owned(),
            samples: share.rows,
            first: start(share.first)?,
            last: start(share.last)?,
        })
    };
    rows.device_shares(0..count).into_iter().filter_map(plan).collect()
}
