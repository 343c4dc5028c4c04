//! One upload, from the lock to the report: what is new is split, sent in parallel, and written down.

mod pending_batch;

use super::batch_sizes::BatchSizes;
use super::held_samples::{HeldSamples, is_carried};
use super::ledger::keys::LedgerKeys;
use super::ledger::{BatchRecord, BatchState, Ledger};
use super::report::{StoppedUpload, UploadFailure, UploadProgress, UploadReport};
use super::uploader::{UploadListener, Uploader, count, stopped};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Abort, Call, Content, Repeat, Tally, Transport};
use crate::store::Store;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use humansync_ingest::{DataType, Rows};
use pending_batch::PendingBatch;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::ready;
use std::ops::Range;
use std::rc::Rc;
use std::task::Poll;

/// Acknowledged batches that are settled together: enough that months are not written again and again, and few enough that
/// they stay small beside what is held.
const SETTLED_TOGETHER: usize = 256;

/// Batches that end in the unknown one after another before the connection is taken to be down, besides those in flight.
const LOST_IN_A_ROW: usize = 3;

/// Bytes of a body from which on a batch is halved unasked: such ones are of device names without end, and every lane has one.
const LARGEST_BODY: usize = 16 << 20;

/// One upload that holds the lock.
pub struct Delivery<'upload, T: Transport, C: Clock, S: Store, L> {
    uploader: &'upload Uploader<T, C, S>,
    data_type: DataType,
    keys: LedgerKeys,
    listener: &'upload L,
    abort: &'upload Abort,
    report: RefCell<UploadReport>,
    progress: Cell<UploadProgress>,
    /// The first thing that kept it from going on.
    failure: RefCell<Option<Error>>,
    /// Length of the smallest body that the server found too large.
    too_large: Cell<usize>,
    lost_in_a_row: Cell<usize>,
    /// The least position of what it did not come to.
    not_come_to: Cell<u64>,
    settling: Cell<bool>,
}

/// What there is to send.
struct Outbox<'rows, S> {
    ledger: &'rows Ledger<S>,
    rows: &'rows Rows,
    /// What is still to be sent.
    queue: RefCell<VecDeque<PendingBatch>>,
    /// Ranges that were not taken by the server, and will not be sent again in this upload.
    unsent: RefCell<Vec<Range<usize>>>,
    /// What was held before.
    held: &'rows HeldSamples,
}

impl<'upload, T: Transport, C: Clock, S: Store, L: UploadListener> Delivery<'upload, T, C, S, L> {
    /// Of what was read, as `report` and `progress` say.
    pub fn new(
        uploader: &'upload Uploader<T, C, S>,
        data_type: DataType,
        keys: LedgerKeys,
        report: UploadReport,
        progress: UploadProgress,
        listener: &'upload L,
        abort: &'upload Abort,
    ) -> Self {
        Self {
            uploader,
            data_type,
            keys,
            listener,
            abort,
            report: RefCell::new(report),
            progress: Cell::new(progress),
            failure: RefCell::new(None),
            too_large: Cell::new(LARGEST_BODY),
            lost_in_a_row: Cell::new(0),
            not_come_to: Cell::new(0),
            settling: Cell::new(false),
        }
    }

    /// Sends.
    pub async fn run(self, rows: Rows) -> Result<UploadReport, StoppedUpload> {
        let outcome = self.deliver(rows).await;
        let report = self.report.into_inner();
        match outcome {
            Ok(()) => Ok(report),
            Err(error) => Err(stopped(error, report, self.not_come_to.get())),
        }
    }

    async fn deliver(&self, mut rows: Rows) -> Result<(), Error> {
        let store = &self.uploader.store;
        let hold = self.uploader.options.hold_unknown;
        let numbers = self.uploader.options.numbers;
        let opened = async {
            let ledger = Ledger::open(store.clone(), self.keys.clone()).await?;
            Ok((ledger, HeldSamples::read(&**store, &self.keys, numbers).await?))
        };
        let (ledger, held) = self.uploader.until_aborted(self.abort, opened).await?;
        self.warn_if_incomplete(&ledger);
        // What writes is not cut short, here and below: it would go on after the lock is given back.
        ledger.settle().await?;
        self.report.borrow_mut().carried = held.append_to(&mut rows);
        rows.order();
        self.report.borrow_mut().duplicates = rows.drop_duplicates();
        let known = self.uploader.until_aborted(self.abort, ledger.look_up(&rows, hold)).await?;
        known.remove_from(&mut rows);
        // Months that are not what the index says show when they are read.
        self.warn_if_incomplete(&ledger);
        ledger.repair().await?;
        let sizes = BatchSizes::new(rows.len(), self.uploader.options.batch_size);
        {
            let mut report = self.report.borrow_mut();
            report.already_sent = known.already_sent;
            report.unknown = count(known.unknown.len());
        }
        self.note(|progress| {
            progress.already_sent = known.already_sent;
            progress.total = Some(count(sizes.samples()));
            progress.batches = Some(count(sizes.batches()));
        });

        // Before anything is sent: an upload that dies must not take along what waits.
        let left = rows.len().saturating_sub(sizes.samples());
        if left > 0 {
            held.updated(&[], &rows, sizes.samples()).write(&**store, &self.keys).await?;
        }
        self.report.borrow_mut().held = count(left);
        self.uploader.until_aborted(self.abort, ready(Ok(()))).await?;
        self.listener.progress(&self.progress.get())?;

        let mut begin = 0_usize;
        let queue = sizes.sizes().map(|size| {
            let end = begin.saturating_add(size);
            PendingBatch::new(std::mem::replace(&mut begin, end)..end)
        });
        let work = Outbox {
            ledger: &ledger,
            rows: &rows,
            held: &held,
            queue: RefCell::new(queue.collect()),
            unsent: RefCell::default(),
        };
        let lanes = (0..self.uploader.client.concurrency().min(sizes.batches()))
            .map(|_| self.lane(&work).boxed_local())
            .collect();
        all(lanes).await;
        let failure = self.failure.borrow_mut().take();
        work.unsent.borrow_mut().extend(work.queue.take().into_iter().map(|part| part.rows));
        if failure.is_some() {
            self.not_come_to.set(first_in(&rows, work.unsent.borrow().iter().flat_map(Clone::clone)));
        }
        if let Some(Error::Aborted | Error::Closed | Error::Store(_)) = failure {
            // What was acknowledged is written down; the next upload settles it.
            return failure.map_or(Ok(()), Err);
        }
        let settled = self.settle(&work, sizes.samples()).await;
        failure.map_or(settled, Err)
    }

    /// Leaves the store as the next upload wants to find it. Rows from `left` on are too few for a batch.
    async fn settle(&self, work: &Outbox<'_, S>, left: usize) -> Result<(), Error> {
        work.ledger.settle().await?;
        work.ledger.drop_resolved(work.rows).await?;
        let gone = work.ledger.acknowledged(work.held.rows()).await?;
        let kept = work.held.updated(&gone, work.rows, left);
        if !(work.held.is_empty() && kept.waiting.is_empty()) {
            kept.write(&*self.uploader.store, &self.keys).await?;
        }
        // What was not come to is known as well, and not sent.
        for range in work.unsent.take() {
            work.ledger.record_not_sent(work.rows, range).await?;
        }
        let watermarks = work.ledger.watermarks(&kept.waiting).await?;
        self.report.borrow_mut().watermarks = watermarks;
        if self.warn_if_incomplete(work.ledger) { work.ledger.repair().await } else { Ok(()) }
    }

    /// Tells once that a part of the ledger is missing. True where that was now.
    fn warn_if_incomplete(&self, ledger: &Ledger<S>) -> bool {
        if !self.report.borrow().warnings.is_empty() {
            return false;
        }
        let told = self.uploader.warn_if_incomplete(ledger);
        self.report.borrow_mut().warnings.extend(told);
        told.is_some()
    }

    /// Sends batches in turn, beside the other lanes, until there are none left or one of them cannot go on.
    async fn lane(&self, work: &Outbox<'_, S>) {
        while self.failure.borrow().is_none() {
            let next = work.queue.borrow_mut().pop_front();
            let Some(part) = next else { return };
            if let Err(error) = self.batch(work, part).await {
                self.failure.borrow_mut().get_or_insert(error);
            }
        }
    }

    async fn batch(&self, work: &Outbox<'_, S>, mut part: PendingBatch) -> Result<(), Error> {
        let range = part.rows.clone();
        let mut body = Vec::new();
        work.rows.write_body(self.data_type, range.clone(), &mut body);
        // A server that found a smaller one too large need not be asked.
        if body.len() >= self.too_large.get() && self.halve(work, &part) {
            return Ok(());
        }
        let length = body.len();
        let (identity, batch) = BatchRecord::of(work.rows, range.clone());
        // Not cut short by an abort either: it may be written all the same, and would tell of a batch that was never sent.
        let begun = work.ledger.begin(identity, batch).await;
        if begun.is_err() {
            work.unsent.borrow_mut().push(range.clone());
        }
        let doubted_before = begun?;

        let tally = Rc::new(Tally::default());
        let content = Content { media_type: "application/json", bytes: Rc::new(body) };
        let repeat = match self.uploader.options.hold_unknown {
            true => Repeat::WhereNotActedOn,
            false => Repeat::Always,
        };
        let url = self.uploader.client.base().root().to_owned();
        let call = Call::post(url, content, repeat, tally.clone());
        let answer = self.uploader.client.call(call, self.abort).await;
        self.count_requests(&tally, &mut part);

        // From here on nothing is cut short: what is known now must be written down.
        match answer {
            Ok(_) => {
                self.lost_in_a_row.set(0);
                // Said before it is written: the server has them, whatever the store does.
                self.note(|progress| progress.sent = progress.sent.saturating_add(count(range.len())));
                self.report.borrow_mut().sent = self.progress.get().sent;
                work.ledger.set_state(identity, BatchState::Acknowledged).await?;
                self.done()?;
                self.settle_some(work).await
            }
            Err(error) => {
                let in_doubt = doubted_before || tally.is_in_doubt();
                self.failed(work, part, identity, length, in_doubt, error).await
            }
        }
    }

    async fn failed(
        &self,
        work: &Outbox<'_, S>,
        part: PendingBatch,
        identity: u64,
        length: usize,
        in_doubt: bool,
        error: Error,
    ) -> Result<(), Error> {
        let status = match &error {
            Error::Api(error) => error.status,
            _ => 0,
        };
        match status {
            413 => {
                self.too_large.set(self.too_large.get().min(length));
                if self.halve(work, &part) {
                    if !in_doubt {
                        work.ledger.retract(identity).await?;
                    }
                    return Ok(());
                }
                self.refused(work, part, identity, status, in_doubt).await
            }
            400 | 402..=407 | 409..=424 | 426..=428 | 430..=499 => {
                self.refused(work, part, identity, status, in_doubt).await
            }
            _ if in_doubt => {
                let mut report = self.report.borrow_mut();
                report.unknown = report.unknown.saturating_add(count(part.rows.len()));
                drop(report);
                let lost = self.lost_in_a_row.get().saturating_add(1);
                self.lost_in_a_row.set(lost);
                let in_flight = self.uploader.client.concurrency();
                let down = lost >= in_flight.saturating_add(LOST_IN_A_ROW);
                // Where another than the API answers, each further batch would be one more that nobody knows of.
                let is_lost = error.leaves_outcome_unknown() && !matches!(error, Error::Protocol(_));
                if self.uploader.options.hold_unknown && is_lost && !down {
                    return self.done();
                }
                Err(error)
            }
            _ => {
                // At once: no other lane is to begin anything while this one writes.
                self.failure.borrow_mut().get_or_insert(error.clone());
                work.unsent.borrow_mut().push(part.rows);
                work.ledger.retract(identity).await?;
                Err(error)
            }
        }
    }

    /// Puts two halves of a batch in its place; false where they would be too small.
    fn halve(&self, work: &Outbox<'_, S>, part: &PendingBatch) -> bool {
        let Some([first, second]) = part.halved() else { return false };
        let mut queue = work.queue.borrow_mut();
        queue.push_front(second);
        queue.push_front(first);
        self.more_batches(1);
        true
    }

    fn more_batches(&self, more: usize) {
        let more = count(more);
        self.note(|progress| progress.batches = progress.batches.map(|batches| batches.saturating_add(more)));
    }

    /// The server has refused a batch for good.
    ///
    /// What is wrong with it may be a sample that was held, which goes with every upload: the others are tried without it. It stays
    /// held all the same, as nobody says that it was this one, or that it was the API who refused.
    async fn refused(
        &self,
        work: &Outbox<'_, S>,
        part: PendingBatch,
        identity: u64,
        status: u16,
        in_doubt: bool,
    ) -> Result<(), Error> {
        let message = match status {
            413 => "the server takes no batch as large as this one, and it cannot be made smaller",
            _ => "the server refused this batch for good",
        };
        let others = match status {
            400 | 422 if !in_doubt => part.without_carried(work.rows),
            _ => Vec::new(),
        };
        let is_other = |index: &usize| others.iter().any(|other| other.rows.contains(index));
        let failed: Vec<usize> = part.rows.filter(|index| !is_other(index)).collect();
        let (count, first) = (count(failed.len()), first_in(work.rows, failed.into_iter()));
        {
            let mut report = self.report.borrow_mut();
            report.failed = report.failed.saturating_add(count);
            report.failures.push(UploadFailure { status, message, first, count });
        }
        // Sent more than once, an earlier attempt may have been the one that counts.
        let state = if in_doubt { BatchState::Unknown } else { BatchState::Refused };
        self.more_batches(others.len());
        work.queue.borrow_mut().extend(others);
        work.ledger.set_state(identity, state).await?;
        self.done()
    }

    async fn settle_some(&self, work: &Outbox<'_, S>) -> Result<(), Error> {
        if work.ledger.unsettled_count() < SETTLED_TOGETHER || self.settling.replace(true) {
            return Ok(());
        }
        let settled = work.ledger.settle().await;
        self.settling.set(false);
        settled
    }

    fn count_requests(&self, tally: &Tally, part: &mut PendingBatch) {
        let mut report = self.report.borrow_mut();
        if tally.is_resent() && !std::mem::replace(&mut part.is_resent, true) {
            report.resent = report.resent.saturating_add(count(part.rows.len()));
        }
        report.requests = report.requests.saturating_add(tally.requests.get());
        report.retries = report.retries.saturating_add(tally.retries.get());
        report.bytes_sent = report.bytes_sent.saturating_add(tally.bytes.get());
    }

    /// A batch has its outcome.
    fn done(&self) -> Result<(), Error> {
        self.note(|progress| progress.batches_done = progress.batches_done.saturating_add(1));
        self.report.borrow_mut().batches = self.progress.get().batches_done;
        self.listener.progress(&self.progress.get())
    }

    fn note(&self, change: impl FnOnce(&mut UploadProgress)) {
        let mut progress = self.progress.get();
        change(&mut progress);
        self.progress.set(progress);
    }
}

/// The least position in the source of the rows with these indices.
fn first_in(rows: &Rows, indices: impl Iterator<Item = usize>) -> u64 {
    let from_source = indices.filter_map(|index| rows.get(index)).filter(|row| !is_carried(row));
    from_source.map(|row| u64::from(row.position())).min().unwrap_or_default()
}

/// Runs all of them to their ends.
async fn all(mut lanes: Vec<LocalBoxFuture<'_, ()>>) {
    std::future::poll_fn(|context| {
        lanes.retain_mut(|lane| lane.as_mut().poll(context).is_pending());
        if lanes.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
