//! One place to send samples to: planning, sending, and what is remembered of it.

use super::batch_sizes::BatchSizes;
use super::delivery::Delivery;
use super::held_samples::HeldSamples;
use super::ledger::keys::LedgerKeys;
use super::ledger::location::LedgerLocation;
use super::ledger::{Ledger, forget_all};
use super::report::{
    DevicePlan, REJECTIONS_KEPT, StoppedUpload, UploadFailure, UploadPlan, UploadProgress, UploadReport,
    Watermark,
};
use crate::clock::Clock;
use crate::error::{Error, OptionError};
use crate::http::{Abort, Client, Event, Transport, Warning};
use crate::store::{Lock, Store};
use humansync_ingest::{DataType, Format, Intake, Numbers, Rejection, Rows};
use std::future::Future;
use std::rc::Rc;

static INCOMPLETE: Warning = Warning {
    code: "ledger-incomplete",
    message: "a part of the ledger is missing in the store: what the other parts do not tell of counts as new, and is sent again. Restore \
              the store from a copy if you have one, and see what removes values from it",
};

/// Where samples come from.
pub trait SampleSource {
    /// Feeds the next piece to `intake`; false when there is none.
    fn feed(&mut self, intake: &mut Intake) -> impl Future<Output = Result<bool, Error>>;

    /// Bytes read so far, and in all, where that is known.
    fn bytes(&self) -> (u64, Option<u64>);
}

/// Who is told how it goes. What it fails with ends the upload.
pub trait UploadListener {
    /// How far it is.
    fn progress(&self, progress: &UploadProgress) -> Result<(), Error>;

    /// A sample that cannot be sent.
    fn rejected(&self, rejection: &Rejection) -> Result<(), Error>;

    /// What has failed in the meantime of what was told, where nothing is left to tell.
    fn outcome(&self) -> Result<(), Error> {
        Ok(())
    }
}

/// What the user of an uploader may set.
#[derive(Clone)]
pub struct UploaderOptions {
    /// Separates people who share a store.
    pub account: Option<String>,
    /// Samples per batch, from [`super::MIN_BATCH_SIZE`] to [`super::MAX_BATCH_SIZE`].
    pub batch_size: usize,
    /// Whether a batch whose outcome is not known is held back, and not sent again.
    pub hold_unknown: bool,
    /// How the host reads and prints numbers.
    pub numbers: Numbers,
}

/// Sends samples through a client, and remembers them in a store.
pub struct Uploader<T: Transport, C: Clock, S: Store> {
    pub(super) client: Rc<Client<T, C>>,
    pub(super) store: Rc<S>,
    pub(super) options: UploaderOptions,
}

impl<T: Transport, C: Clock, S: Store> Clone for Uploader<T, C, S> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), store: self.store.clone(), options: self.options.clone() }
    }
}

/// What was read of a source.
struct SourceContent {
    rows: Rows,
    report: UploadReport,
    progress: UploadProgress,
}

impl<T: Transport, C: Clock, S: Store> Uploader<T, C, S> {
    /// An uploader whose client's base is the endpoint.
    pub fn new(client: Rc<Client<T, C>>, store: Rc<S>, options: UploaderOptions) -> Self {
        Self { client, store, options }
    }

    /// The client.
    pub fn client(&self) -> &Client<T, C> {
        &self.client
    }

    /// What [`Uploader::upload`] would do, by what the ledger says now. Nothing is sent, and nothing is kept.
    ///
    /// # Errors
    /// Those of the source, the listener and the store.
    pub async fn plan(
        &self,
        data_type: DataType,
        format: Option<Format>,
        source: impl SampleSource,
        listener: &impl UploadListener,
        abort: &Abort,
    ) -> Result<UploadPlan, Error> {
        let taken = self.read(data_type, format, source, listener, abort).await;
        let SourceContent { mut rows, report, .. } = taken.map_err(|stopped| stopped.error)?;
        let planned = async {
            let keys = self.location(data_type).await?.keys;
            let ledger = Ledger::open(self.store.clone(), keys.clone()).await?;
            HeldSamples::read(&*self.store, &keys, self.options.numbers).await?.append_to(&mut rows);
            rows.order();
            let duplicates = rows.drop_duplicates();
            let known = ledger.look_up(&rows, self.options.hold_unknown).await?;
            self.warn_if_incomplete(&ledger);
            known.remove_from(&mut rows);
            Ok((known, duplicates))
        };
        let (known, duplicates) = self.until_aborted(abort, planned).await?;
        let sizes = BatchSizes::new(rows.len(), self.options.batch_size);
        let last = sizes.samples().checked_sub(1).and_then(|last| rows.get(last));
        Ok(UploadPlan {
            samples: count(sizes.samples()),
            batches: count(sizes.batches()),
            already_sent: known.already_sent,
            duplicates,
            held: count(sizes.left_over).saturating_add(count(known.unknown.len())),
            rejected_count: report.rejected_count,
            rejected: report.rejected,
            first: last.and_then(|_| rows.get(0)).map(|row| row.start()),
            last: last.map(|row| row.start()),
            shares: shares(&rows, sizes.samples()),
        })
    }

    /// Sends what is new in `source`.
    ///
    /// One upload of an account and type runs at a time, over all who share the store: the next one waits, and finds
    /// what this one has sent.
    ///
    /// # Errors
    /// What kept it from going on, and the report so far.
    pub async fn upload(
        &self,
        data_type: DataType,
        format: Option<Format>,
        source: impl SampleSource,
        listener: &impl UploadListener,
        abort: &Abort,
    ) -> Result<UploadReport, StoppedUpload> {
        let SourceContent { rows, report, progress } =
            self.read(data_type, format, source, listener, abort).await?;
        let (keys, lock) = match self.lock(data_type, abort).await {
            Ok(entered) => entered,
            Err(error) => return Err(stopped(error, report, 0)),
        };
        let outcome = match listener.outcome() {
            Ok(()) => Delivery::new(self, data_type, keys, report, progress, listener, abort).run(rows).await,
            Err(error) => Err(stopped(error, report, 0)),
        };
        match (outcome, lock.release().await.and_then(|()| listener.outcome())) {
            (Ok(report), Err(error)) => Err(stopped(error, report, 0)),
            (outcome, _) => outcome,
        }
    }

    /// Per device: up to when everything known was accepted.
    ///
    /// # Errors
    /// Those of the store.
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

    /// Forgets what was sent, of one device or of all. Waits for an upload that is under way.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn forget(&self, data_type: DataType, device: Option<&str>) -> Result<(), Error> {
        let entered = match self.lock(data_type, &Abort::new()).await {
            Err(Error::Store(error)) if error.code == "damaged" && device.is_none() => {
                LedgerLocation::disown(&*self.store, self.options.account.as_deref(), data_type).await?;
                self.lock(data_type, &Abort::new()).await
            }
            entered => entered,
        };
        let (keys, lock) = entered?;
        let forgotten = async {
            match device {
                Some(device) => Ledger::open(self.store.clone(), keys.clone()).await?.forget(device).await,
                None => forget_all(&*self.store, &keys).await,
            }
        };
        let outcome = forgotten.await;
        lock.release().await?;
        outcome
    }

    async fn read(
        &self,
        data_type: DataType,
        format: Option<Format>,
        mut source: impl SampleSource,
        listener: &impl UploadListener,
        abort: &Abort,
    ) -> Result<SourceContent, StoppedUpload> {
        let mut intake = Intake::new(data_type, format, self.options.numbers);
        let mut rejected = Vec::new();
        let mut progress = UploadProgress::default();
        loop {
            let fed = self.until_aborted(abort, source.feed(&mut intake)).await;
            if matches!(fed, Ok(false)) {
                intake.finish();
            }
            (progress.bytes_read, progress.bytes_total) = source.bytes();
            let told = tell(&mut intake, listener, &mut rejected, &mut progress);
            let by_source = told.is_ok();
            match told.and(fed) {
                Ok(true) => {}
                Ok(false) if intake.mismatch() => {
                    return Err(stopped(other_type(data_type), read_so_far(&intake, rejected), 0));
                }
                Ok(false) => break,
                Err(error) => {
                    return Err(StoppedUpload {
                        by_source,
                        ..stopped(error, read_so_far(&intake, rejected), 0)
                    });
                }
            }
        }
        let report = read_so_far(&intake, rejected);
        Ok(SourceContent { rows: intake.into_rows(), report, progress })
    }

    /// `future`, unless the caller aborts or the client is closed before its end.
    pub(super) async fn until_aborted<O>(
        &self,
        abort: &Abort,
        future: impl Future<Output = Result<O, Error>>,
    ) -> Result<O, Error> {
        abort.guard(self.client.while_open(future)).await.unwrap_or(Err(Error::Aborted))
    }

    async fn location(&self, data_type: DataType) -> Result<LedgerLocation, Error> {
        let account = self.options.account.as_deref();
        LedgerLocation::find(&*self.store, account, data_type, self.client.base().own()).await
    }

    /// Waits for the ledger's lock, and makes the ledger this server's where it is nobody's.
    async fn lock(&self, data_type: DataType, abort: &Abort) -> Result<(LedgerKeys, S::Lock), Error> {
        loop {
            let location = self.until_aborted(abort, self.location(data_type)).await?;
            let lock = self.until_aborted(abort, self.store.lock(location.keys.prefix())).await?;
            if !location.is_unclaimed {
                return Ok((location.keys, lock));
            }
            // While this one waited, another may have made it theirs.
            if self.location(data_type).await?.is_unclaimed {
                location.claim(&*self.store, self.client.base().own()).await?;
            }
            lock.release().await?;
        }
    }

    /// Tells that a part of a ledger is missing, if it is so.
    pub(super) fn warn_if_incomplete(&self, ledger: &Ledger<S>) -> Option<&'static Warning> {
        ledger.is_incomplete().then(|| {
            self.client.tell(|| Event::Warning(&INCOMPLETE));
            &INCOMPLETE
        })
    }
}

/// Tells of rejections and of the progress.
fn tell(
    intake: &mut Intake,
    listener: &impl UploadListener,
    kept: &mut Vec<Rejection>,
    progress: &mut UploadProgress,
) -> Result<(), Error> {
    progress.read = intake.taken();
    progress.rejected = intake.rejected();
    for rejection in intake.take_rejections() {
        let told = listener.rejected(&rejection);
        if kept.len() < REJECTIONS_KEPT {
            kept.push(rejection);
        }
        told?;
    }
    listener.progress(progress)
}

fn read_so_far(intake: &Intake, rejected: Vec<Rejection>) -> UploadReport {
    UploadReport {
        read: intake.taken(),
        rejected_count: intake.rejected(),
        rejected,
        ..UploadReport::default()
    }
}

/// An upload that ends early. What it did not come to has failed; `first` is its least position.
pub(super) fn stopped(error: Error, mut report: UploadReport, first: u64) -> StoppedUpload {
    fail_the_rest(&mut report, &error, first);
    StoppedUpload { error, report: Box::new(report), by_source: false }
}

fn fail_the_rest(report: &mut UploadReport, error: &Error, first: u64) {
    let rest = report.unaccounted();
    if rest == 0 {
        return;
    }
    let status = match error {
        Error::Api(error) => error.status,
        _ => 0,
    };
    let message = "not sent: the upload ended before it came to these";
    report.failed = report.failed.saturating_add(rest);
    report.failures.push(UploadFailure { status, message, first, count: rest });
}

#[cold]
fn other_type(data_type: DataType) -> Error {
    let message = [
        "the source says by its `data_type` that it is of another type than \"",
        data_type.name(),
        "\", the one that was asked for; nothing was sent",
    ];
    Error::from(OptionError::new("type", message.concat()))
}

/// What each device has in the first `count` rows, which are in order of their start: in the order in which devices come first.
fn shares(rows: &Rows, count: usize) -> Vec<DevicePlan> {
    let kinds = rows.kinds();
    let mut places: Vec<Option<usize>> = vec![None; usize::try_from(kinds.devices()).unwrap_or_default()];
    let mut shares: Vec<DevicePlan> = Vec::new();
    for row in (0..count).filter_map(|index| rows.get(index)) {
        let device = kinds.device(row.kind());
        let Some(place) = usize::try_from(device).ok().and_then(|device| places.get_mut(device)) else {
            continue;
        };
        match place.and_then(|place| shares.get_mut(place)) {
            Some(share) => {
                share.samples = share.samples.saturating_add(1);
                share.last = row.start();
            }
            None => {
                *place = Some(shares.len());
                let (first, device) = (row.start(), kinds.device_name(device).to_owned());
                shares.push(DevicePlan { device, samples: 1, first, last: first });
            }
        }
    }
    shares
}

/// A count as reports have it.
pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
