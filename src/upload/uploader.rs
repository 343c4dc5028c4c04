//! One place to send samples to: planning, sending, and what is remembered of it.

use super::delivery::Delivery;
use super::held::Held;
use super::keys::Scope;
use super::ledger::{Ledger, forget_all};
use super::owner::Home;
use super::report::{Failure, Plan, Progress, REJECTIONS_KEPT, Report, Share, Stopped, Watermark};
use super::split::Split;
use crate::clock::Clock;
use crate::error::{Error, OptionError};
use crate::http::{Abort, Client, Event, Transport, Warning};
use crate::store::{Lock, Store};
use humansync_ingest::{DataType, Format, Numbers, Rejection, Rows, SampleReader};
use std::future::Future;
use std::rc::Rc;

static INCOMPLETE: Warning = Warning {
    code: "ledger-incomplete",
    message: "a part of the ledger is missing in the store: what the other parts do not tell of counts as new, and is sent again. Restore \
              the store from a copy if you have one, and see what removes values from it",
};

/// Where samples come from.
pub trait Source {
    /// Feeds the next piece to `intake`; false when there is none.
    fn feed(&mut self, intake: &mut SampleReader) -> impl Future<Output = Result<bool, Error>>;

    /// Bytes read so far, and in all, where that is known.
    fn bytes(&self) -> (u64, Option<u64>);
}

/// Who is told how it goes. What it fails with ends the upload.
pub trait Listener {
    /// How far it is.
    fn progress(&self, progress: &Progress) -> Result<(), Error>;

    /// A sample that cannot be sent.
    fn rejected(&self, rejection: &Rejection) -> Result<(), Error>;

    /// What has failed in the meantime of what was told, where nothing is left to tell.
    fn outcome(&self) -> Result<(), Error> {
        Ok(())
    }
}

/// What the user of an uploader may set.
#[derive(Clone)]
pub struct Settings {
    /// Separates people who share a store.
    pub account: Option<String>,
    /// Samples per batch, from [`super::split::LEAST`] to [`super::split::MOST`].
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
    pub(super) settings: Settings,
}

impl<T: Transport, C: Clock, S: Store> Clone for Uploader<T, C, S> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), store: self.store.clone(), settings: self.settings.clone() }
    }
}

/// What was read of a source.
struct Taken {
    rows: Rows,
    report: Report,
    progress: Progress,
}

impl<T: Transport, C: Clock, S: Store> Uploader<T, C, S> {
    /// An uploader whose client's base is the endpoint.
    pub fn new(client: Rc<Client<T, C>>, store: Rc<S>, settings: Settings) -> Self {
        Self { client, store, settings }
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
        source: impl Source,
        listener: &impl Listener,
        abort: &Abort,
    ) -> Result<Plan, Error> {
        let taken = self.read(data_type, format, source, listener, abort).await;
        let Taken { mut rows, report, .. } = taken.map_err(|stopped| stopped.error)?;
        let planned = async {
            let scope = self.home(data_type).await?.scope;
            let ledger = Ledger::open(self.store.clone(), scope.clone()).await?;
            Held::read(&*self.store, &scope, self.settings.numbers).await?.take_up(&mut rows);
            rows.order();
            let duplicates = rows.drop_duplicates();
            let known = ledger.look_up(&rows, self.settings.hold_unknown).await?;
            self.tell_of(&ledger);
            known.take_out(&mut rows);
            Ok((known, duplicates))
        };
        let (known, duplicates) = self.guarded(abort, planned).await?;
        let split = Split::of(rows.len(), self.settings.batch_size);
        let last = split.sent().checked_sub(1).and_then(|last| rows.get(last));
        Ok(Plan {
            samples: count(split.sent()),
            batches: count(split.batches()),
            already_sent: known.already_sent,
            duplicates,
            held: count(split.left).saturating_add(count(known.unknown.len())),
            rejected_count: report.rejected_count,
            rejected: report.rejected,
            first: last.and_then(|_| rows.get(0)).map(|row| row.start()),
            last: last.map(|row| row.start()),
            shares: shares(&rows, split.sent()),
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
        source: impl Source,
        listener: &impl Listener,
        abort: &Abort,
    ) -> Result<Report, Stopped> {
        let Taken { rows, report, progress } = self.read(data_type, format, source, listener, abort).await?;
        let (scope, lock) = match self.enter(data_type, abort).await {
            Ok(entered) => entered,
            Err(error) => return Err(stopped(error, report, 0)),
        };
        let outcome = match listener.outcome() {
            Ok(()) => {
                Delivery::new(self, data_type, scope, report, progress, listener, abort).run(rows).await
            }
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
            let scope = self.home(data_type).await?.scope;
            let ledger = Ledger::open(self.store.clone(), scope.clone()).await?;
            let held = Held::read(&*self.store, &scope, self.settings.numbers).await?;
            let watermarks = ledger.watermarks(&held.and(&[], held.rows(), usize::MAX).waiting).await?;
            self.tell_of(&ledger);
            Ok(watermarks)
        };
        self.guarded(&Abort::new(), read).await
    }

    /// Forgets what was sent, of one device or of all. Waits for an upload that is under way.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn forget(&self, data_type: DataType, device: Option<&str>) -> Result<(), Error> {
        let entered = match self.enter(data_type, &Abort::new()).await {
            Err(Error::Store(error)) if error.code == "damaged" && device.is_none() => {
                Home::disown(&*self.store, self.settings.account.as_deref(), data_type).await?;
                self.enter(data_type, &Abort::new()).await
            }
            entered => entered,
        };
        let (scope, lock) = entered?;
        let forgotten = async {
            match device {
                Some(device) => Ledger::open(self.store.clone(), scope.clone()).await?.forget(device).await,
                None => forget_all(&*self.store, &scope).await,
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
        mut source: impl Source,
        listener: &impl Listener,
        abort: &Abort,
    ) -> Result<Taken, Stopped> {
        let mut intake = SampleReader::new(data_type, format, self.settings.numbers);
        let mut rejected = Vec::new();
        let mut progress = Progress::default();
        loop {
            let fed = self.guarded(abort, source.feed(&mut intake)).await;
            if matches!(fed, Ok(false)) {
                intake.finish();
            }
            (progress.bytes_read, progress.bytes_total) = source.bytes();
            let told = tell(&mut intake, listener, &mut rejected, &mut progress);
            let by_source = told.is_ok();
            match told.and(fed) {
                Ok(true) => {}
                Ok(false) if intake.type_mismatch() => {
                    return Err(stopped(other_type(data_type), read_so_far(&intake, rejected), 0));
                }
                Ok(false) => break,
                Err(error) => {
                    return Err(Stopped { by_source, ..stopped(error, read_so_far(&intake, rejected), 0) });
                }
            }
        }
        let report = read_so_far(&intake, rejected);
        Ok(Taken { rows: intake.into_rows(), report, progress })
    }

    /// `future`, unless the caller aborts or the client is closed before its end.
    pub(super) async fn guarded<O>(
        &self,
        abort: &Abort,
        future: impl Future<Output = Result<O, Error>>,
    ) -> Result<O, Error> {
        abort.guard(self.client.while_open(future)).await.unwrap_or(Err(Error::Aborted))
    }

    async fn home(&self, data_type: DataType) -> Result<Home, Error> {
        let account = self.settings.account.as_deref();
        Home::find(&*self.store, account, data_type, self.client.base().own()).await
    }

    /// Waits for the ledger's lock, and makes the ledger this server's where it is nobody's.
    async fn enter(&self, data_type: DataType, abort: &Abort) -> Result<(Scope, S::Lock), Error> {
        loop {
            let home = self.guarded(abort, self.home(data_type)).await?;
            let lock = self.guarded(abort, self.store.lock(home.scope.prefix())).await?;
            if !home.is_unclaimed {
                return Ok((home.scope, lock));
            }
            // While this one waited, another may have made it theirs.
            if self.home(data_type).await?.is_unclaimed {
                home.claim(&*self.store, self.client.base().own()).await?;
            }
            lock.release().await?;
        }
    }

    /// Tells that a part of a ledger is missing, if it is so.
    pub(super) fn tell_of(&self, ledger: &Ledger<S>) -> Option<&'static Warning> {
        ledger.is_incomplete().then(|| {
            self.client.tell(|| Event::Warning(&INCOMPLETE));
            &INCOMPLETE
        })
    }
}

/// Tells of rejections and of the progress.
fn tell(
    intake: &mut SampleReader,
    listener: &impl Listener,
    kept: &mut Vec<Rejection>,
    progress: &mut Progress,
) -> Result<(), Error> {
    progress.read = intake.sample_count();
    progress.rejected = intake.rejected_count();
    for rejection in intake.take_rejections() {
        let told = listener.rejected(&rejection);
        if kept.len() < REJECTIONS_KEPT {
            kept.push(rejection);
        }
        told?;
    }
    listener.progress(progress)
}

fn read_so_far(intake: &SampleReader, rejected: Vec<Rejection>) -> Report {
    Report {
        read: intake.sample_count(),
        rejected_count: intake.rejected_count(),
        rejected,
        ..Report::default()
    }
}

/// An upload that ends early. What it did not come to has failed; `first` is its least position.
pub(super) fn stopped(error: Error, mut report: Report, first: u64) -> Stopped {
    fail_the_rest(&mut report, &error, first);
    Stopped { error, report: Box::new(report), by_source: false }
}

fn fail_the_rest(report: &mut Report, error: &Error, first: u64) {
    let rest = report.open();
    if rest == 0 {
        return;
    }
    let status = match error {
        Error::Api(error) => error.status,
        _ => 0,
    };
    let message = "not sent: the upload ended before it came to these";
    report.failed = report.failed.saturating_add(rest);
    report.failures.push(Failure { status, message, first, count: rest });
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
fn shares(rows: &Rows, count: usize) -> Vec<Share> {
    let series = rows.series();
    let mut places: Vec<Option<usize>> = vec![None; usize::try_from(series.devices()).unwrap_or_default()];
    let mut shares: Vec<Share> = Vec::new();
    for row in (0..count).filter_map(|index| rows.get(index)) {
        let device = series.device(row.series());
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
                let (first, device) = (row.start(), series.device_name(device).to_owned());
                shares.push(Share { device, samples: 1, first, last: first });
            }
        }
    }
    shares
}

/// A count as reports have it.
pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
