//! One upload under the lock: compares the rows with the ledger, sends the new ones in parallel batches, and records
//! what became of them.

mod pending_batch;
mod send_batch;

use super::batch_sizes::BatchSizes;
use super::held_samples::{HeldSamples, is_carried};
use super::ledger::{Ledger, LedgerWriter};
use super::ports::UploadListener;
use super::report::{StoppedUpload, UploadProgress, UploadReport, count};
use super::uploader::{LockedLedger, Uploader};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Abort, Transport};
use crate::store::Store;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use humansync_ingest::{DataType, Rows};
use pending_batch::PendingBatch;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::ready;
use std::ops::Range;
use std::task::Poll;

/// A batch whose body is this large is halved without trying it. Bodies get so large only with very long device names,
/// and each lane keeps one in memory.
const LARGEST_BODY: usize = 16 << 20;

/// One upload that holds the lock of its ledger.
pub struct Delivery<'upload, T: Transport, C: Clock, S: Store, L> {
    uploader: &'upload Uploader<T, C, S>,
    data_type: DataType,
    ledger: &'upload LockedLedger<S>,
    listener: &'upload L,
    abort: &'upload Abort,
    report: RefCell<UploadReport>,
    progress: Cell<UploadProgress>,
    /// The first error that stops the upload.
    failure: RefCell<Option<Error>>,
    /// Size of the smallest body that the server found too large.
    too_large: Cell<usize>,
    lost_in_a_row: Cell<usize>,
    /// The lowest position, in the source, of the samples that were never sent.
    first_unsent: Cell<u64>,
    settling: Cell<bool>,
}

/// The rows to be sent, and the batches of them that wait to be sent.
struct BatchQueue<'rows, S: Store> {
    ledger: &'rows LedgerWriter<S>,
    rows: &'rows Rows,
    /// Batches that no lane has taken yet.
    pending: RefCell<VecDeque<PendingBatch>>,
    /// Rows that the server certainly does not have, and that this upload will not send any more.
    unsent: RefCell<Vec<Range<usize>>>,
    /// What the store held before this upload.
    held: &'rows HeldSamples,
}

impl<'upload, T: Transport, C: Clock, S: Store, L: UploadListener> Delivery<'upload, T, C, S, L> {
    /// A delivery of what was read from a source. `report` and `progress` say how much that is.
    pub fn new(
        uploader: &'upload Uploader<T, C, S>,
        data_type: DataType,
        ledger: &'upload LockedLedger<S>,
        report: UploadReport,
        progress: UploadProgress,
        listener: &'upload L,
        abort: &'upload Abort,
    ) -> Self {
        Self {
            uploader,
            data_type,
            ledger,
            listener,
            abort,
            report: RefCell::new(report),
            progress: Cell::new(progress),
            failure: RefCell::new(None),
            too_large: Cell::new(LARGEST_BODY),
            lost_in_a_row: Cell::new(0),
            first_unsent: Cell::new(0),
            settling: Cell::new(false),
        }
    }

    /// Delivers `rows`, to which the held samples are added.
    pub async fn run(self, rows: Rows) -> Result<UploadReport, StoppedUpload> {
        let outcome = self.deliver(rows).await;
        let report = self.report.into_inner();
        match outcome {
            Ok(()) => Ok(report),
            Err(error) => Err(StoppedUpload::new(error, report, self.first_unsent.get())),
        }
    }

    async fn deliver(&self, mut rows: Rows) -> Result<(), Error> {
        let LockedLedger { keys, store } = self.ledger;
        let hold = self.uploader.options.hold_unknown;
        let numbers = self.uploader.options.numbers;
        let opened = async {
            let ledger = LedgerWriter::open(store.clone(), keys.clone()).await?;
            Ok((ledger, HeldSamples::read(&**store.store(), keys, numbers).await?))
        };
        let (ledger, held) = self.uploader.until_aborted(self.abort, opened).await?;
        self.warn_if_incomplete(&ledger);
        // Writes are not cut short by an abort, here and below: they would go on after the lock is released.
        ledger.settle().await?;
        self.report.borrow_mut().carried = held.append_to(&mut rows);
        rows.order();
        self.report.borrow_mut().duplicates = rows.drop_duplicates();
        let lookup = self.uploader.until_aborted(self.abort, ledger.look_up(&rows, hold)).await?;
        lookup.remove_from(&mut rows);
        // Months that have less than the index says are only noticed when they are read.
        self.warn_if_incomplete(&ledger);
        ledger.repair().await?;
        let sizes = BatchSizes::new(rows.len(), self.uploader.options.batch_size);
        {
            let mut report = self.report.borrow_mut();
            report.already_sent = lookup.already_sent;
            report.unknown = count(lookup.unknown.len());
        }
        self.update_progress(|progress| {
            progress.already_sent = lookup.already_sent;
            progress.total = Some(count(sizes.samples()));
            progress.batches = Some(count(sizes.batches()));
        });

        // Before anything is sent: if the process dies, the samples that are left over must be in the store.
        let left = rows.len().saturating_sub(sizes.samples());
        if left > 0 {
            held.updated(&[], &rows, sizes.samples()).write(store, keys).await?;
        }
        self.report.borrow_mut().held = count(left);
        self.uploader.until_aborted(self.abort, ready(Ok(()))).await?;
        self.listener.progress(&self.progress.get())?;

        let mut begin = 0_usize;
        let batches = sizes.sizes().map(|size| {
            let end = begin.saturating_add(size);
            PendingBatch::new(std::mem::replace(&mut begin, end)..end)
        });
        let queue = BatchQueue {
            ledger: &ledger,
            rows: &rows,
            held: &held,
            pending: RefCell::new(batches.collect()),
            unsent: RefCell::default(),
        };
        let lanes = (0..self.uploader.client.concurrency().min(sizes.batches()))
            .map(|_| self.lane(&queue).boxed_local())
            .collect();
        all(lanes).await;
        let failure = self.failure.borrow_mut().take();
        queue.unsent.borrow_mut().extend(queue.pending.take().into_iter().map(|batch| batch.rows));
        if failure.is_some() {
            self.first_unsent.set(first_in(&rows, queue.unsent.borrow().iter().flat_map(Clone::clone)));
        }
        if let Some(Error::Aborted | Error::Closed | Error::Store(_)) = failure {
            // The acknowledgements are recorded with their batches; the next upload settles them.
            return failure.map_or(Ok(()), Err);
        }
        let settled = self.settle(&queue, sizes.samples()).await;
        failure.map_or(settled, Err)
    }

    /// Brings the ledger and the held samples up to date, and the report with them. The rows from index `left` on were
    /// too few for a batch.
    async fn settle(&self, queue: &BatchQueue<'_, S>, left: usize) -> Result<(), Error> {
        queue.ledger.settle().await?;
        queue.ledger.drop_resolved(queue.rows).await?;
        let gone = queue.ledger.acknowledged(queue.held.rows()).await?;
        let kept = queue.held.updated(&gone, queue.rows, left);
        if !(queue.held.is_empty() && kept.waiting.is_empty()) {
            kept.write(&self.ledger.store, &self.ledger.keys).await?;
        }
        // Watermarks must not pass samples that are known and were not sent.
        for range in queue.unsent.take() {
            queue.ledger.record_not_sent(queue.rows, range).await?;
        }
        let watermarks = queue.ledger.watermarks(&kept.waiting).await?;
        self.report.borrow_mut().watermarks = watermarks;
        if self.warn_if_incomplete(queue.ledger) { queue.ledger.repair().await } else { Ok(()) }
    }

    /// Warns once per upload if a part of the ledger is missing; true if it has just done so.
    fn warn_if_incomplete(&self, ledger: &Ledger<S>) -> bool {
        if !self.report.borrow().warnings.is_empty() {
            return false;
        }
        let warning = self.uploader.warn_if_incomplete(ledger);
        self.report.borrow_mut().warnings.extend(warning);
        warning.is_some()
    }

    /// Sends one batch after another, in parallel with the other lanes, until none is left or the upload has to stop.
    async fn lane(&self, queue: &BatchQueue<'_, S>) {
        while self.failure.borrow().is_none() {
            let next = queue.pending.borrow_mut().pop_front();
            let Some(batch) = next else { return };
            // Under a lock that is lost, nothing more is sent, and nothing that is written would be accepted.
            if let Err(error) = self.ledger.store.while_held(self.send_batch(queue, batch)).await {
                self.failure.borrow_mut().get_or_insert(error);
            }
        }
    }

    /// Counts a batch as done and tells the listener.
    fn batch_done(&self) -> Result<(), Error> {
        self.update_progress(|progress| progress.batches_done = progress.batches_done.saturating_add(1));
        self.report.borrow_mut().batches = self.progress.get().batches_done;
        self.listener.progress(&self.progress.get())
    }

    fn update_progress(&self, change: impl FnOnce(&mut UploadProgress)) {
        let mut progress = self.progress.get();
        change(&mut progress);
        self.progress.set(progress);
    }
}

/// The lowest position, in the source, of the rows with these indices.
fn first_in(rows: &Rows, indices: impl Iterator<Item = usize>) -> u64 {
    let from_source = indices.filter_map(|index| rows.get(index)).filter(|row| !is_carried(row));
    from_source.map(|row| u64::from(row.position())).min().unwrap_or_default()
}

/// Runs all lanes at once until each has ended.
async fn all(mut lanes: Vec<LocalBoxFuture<'_, ()>>) {
    std::future::poll_fn(|context| {
        lanes.retain_mut(|lane| lane.as_mut().poll(context).is_pending());
        if lanes.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
