//! One upload, from the lock to the report: what is new is split, sent in parallel, and written down.

use super::held;
use super::keys::Scope;
use super::ledger::{Batch, Ledger, State};
use super::report::{Failure, Progress, Report, Stopped};
use super::split::{Split, halves};
use super::uploader::{Listener, Uploader, count, stopped};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Abort, Call, Content, Repeat, Tally, Transport};
use crate::store::Store;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use humansync_samples::{DataType, Rows};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;
use std::task::Poll;

/// Acknowledged batches that are settled together: enough that months are not written again and again, and few enough that
/// they stay small beside what is held.
const SETTLED_TOGETHER: usize = 256;

/// Batches that end in the unknown one after another before the connection is taken to be down, besides those in flight.
const LOST_IN_A_ROW: usize = 3;

/// One upload that holds the lock.
pub struct Delivery<'upload, T: Transport, C: Clock, S: Store, L> {
    uploader: &'upload Uploader<T, C, S>,
    data_type: DataType,
    scope: Scope,
    listener: &'upload L,
    abort: &'upload Abort,
    report: RefCell<Report>,
    progress: Cell<Progress>,
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
struct Work<'rows, S> {
    ledger: &'rows Ledger<S>,
    rows: &'rows Rows,
    /// Ranges of rows that are still to be sent.
    queue: RefCell<VecDeque<Range<usize>>>,
    /// Ranges that were not taken by the server, and will not be sent again in this upload.
    unsent: RefCell<Vec<Range<usize>>>,
    /// Carried rows that were acknowledged.
    delivered: RefCell<Vec<usize>>,
}

impl<'upload, T: Transport, C: Clock, S: Store, L: Listener> Delivery<'upload, T, C, S, L> {
    /// Of what was read, as `report` and `progress` say.
    pub fn new(
        uploader: &'upload Uploader<T, C, S>,
        data_type: DataType,
        scope: Scope,
        report: Report,
        progress: Progress,
        listener: &'upload L,
        abort: &'upload Abort,
    ) -> Self {
        Self {
            uploader,
            data_type,
            scope,
            listener,
            abort,
            report: RefCell::new(report),
            progress: Cell::new(progress),
            failure: RefCell::new(None),
            too_large: Cell::new(usize::MAX),
            lost_in_a_row: Cell::new(0),
            not_come_to: Cell::new(0),
            settling: Cell::new(false),
        }
    }

    /// Sends.
    pub async fn run(self, rows: Rows) -> Result<Report, Stopped> {
        let outcome = self.deliver(rows).await;
        let report = self.report.into_inner();
        match outcome {
            Ok(()) => Ok(report),
            Err(error) => Err(stopped(error, report, self.not_come_to.get())),
        }
    }

    async fn deliver(&self, mut rows: Rows) -> Result<(), Error> {
        let store = &self.uploader.store;
        let hold = self.uploader.settings.hold_unknown;
        let known = async {
            let ledger = Ledger::open(store.clone(), self.scope.clone()).await?;
            ledger.settle().await?;
            let numbers = self.uploader.settings.numbers;
            let carried = held::take_up(&**store, &self.scope, numbers, &mut rows).await?;
            self.report.borrow_mut().carried = carried;
            rows.order();
            self.report.borrow_mut().duplicates = rows.drop_duplicates();
            let known = ledger.look_up(&rows, hold).await?;
            // Of those that are held back, the carried ones are nowhere else.
            let carried = known.unknown.iter().filter(|index| is_carried(&rows, **index));
            let held_back = held::encoded(&rows, &carried.copied().collect::<Vec<_>>());
            known.take_out(&mut rows);
            Ok((ledger, known, held_back))
        };
        let (ledger, known, held_back) = self.uploader.guarded(self.abort, known).await?;
        let split = Split::of(rows.len(), self.uploader.settings.batch_size);
        {
            let mut report = self.report.borrow_mut();
            report.already_sent = known.already_sent;
            report.unknown = count(known.unknown.len());
        }
        self.note(|progress| {
            progress.already_sent = known.already_sent;
            progress.total = Some(count(split.sent()));
            progress.batches = Some(count(split.batches()));
        });

        // Before anything is sent: an upload that dies must not take along what waits.
        let left: Vec<usize> = (split.sent()..rows.len()).collect();
        let carried = self.carried_in(&rows, 0..rows.len());
        if left.iter().any(|index| !carried.contains(index)) {
            let others = carried.iter().filter(|index| !left.contains(index));
            let kept: Vec<usize> = left.iter().chain(others).copied().collect();
            let kept = [held::encoded(&rows, &kept), held_back.clone()].concat();
            let keeping = held::keep(&**store, &self.scope, kept);
            self.uploader.guarded(self.abort, keeping).await?;
        }
        self.report.borrow_mut().held = count(left.len());
        self.listener.progress(&self.progress.get())?;

        let mut begin = 0_usize;
        let queue = split.sizes().map(|size| {
            let end = begin.saturating_add(size);
            std::mem::replace(&mut begin, end)..end
        });
        let work = Work {
            ledger: &ledger,
            rows: &rows,
            queue: RefCell::new(queue.collect()),
            unsent: RefCell::default(),
            delivered: RefCell::default(),
        };
        let lanes = (0..self.uploader.client.concurrency().min(split.batches()))
            .map(|_| self.lane(&work).boxed_local())
            .collect();
        all(lanes).await;
        let failure = self.failure.borrow_mut().take();
        work.unsent.borrow_mut().extend(work.queue.take());
        if failure.is_some() {
            self.not_come_to.set(first_in(&rows, work.unsent.borrow().iter().flat_map(Clone::clone)));
        }
        if let Some(Error::Aborted | Error::Closed | Error::Store(_)) = failure {
            // What was acknowledged is written down; the next upload settles it.
            return failure.map_or(Ok(()), Err);
        }
        let settled = self.settle(&work, left, &carried, held_back).await;
        failure.map_or(settled, Err)
    }

    /// Leaves the store as the next upload wants to find it.
    async fn settle(
        &self,
        work: &Work<'_, S>,
        left: Vec<usize>,
        carried: &[usize],
        held_back: Vec<u8>,
    ) -> Result<(), Error> {
        work.ledger.settle().await?;
        work.ledger.clear().await?;
        // Carried samples whose batch was not acknowledged are nowhere else.
        let mut kept = left;
        {
            let delivered = work.delivered.borrow();
            let undelivered = carried.iter().filter(|index| !delivered.contains(index));
            let others: Vec<usize> = undelivered.filter(|index| !kept.contains(index)).copied().collect();
            kept.extend(others);
        }
        if !kept.is_empty() || self.report.borrow().carried > 0 {
            let kept = [held::encoded(work.rows, &kept), held_back].concat();
            held::keep(&*self.uploader.store, &self.scope, kept).await?;
        }
        // What was not come to is known as well, and not sent.
        for range in work.unsent.take() {
            work.ledger.put_off(work.rows, range).await?;
        }
        let watermarks = work.ledger.watermarks(&held::waiting(work.rows, &kept)).await?;
        self.report.borrow_mut().watermarks = watermarks;
        Ok(())
    }

    /// Sends batches in turn, beside the other lanes, until there are none left or one of them cannot go on.
    async fn lane(&self, work: &Work<'_, S>) {
        while self.failure.borrow().is_none() {
            let next = work.queue.borrow_mut().pop_front();
            let Some(range) = next else { return };
            if let Err(error) = self.batch(work, range).await {
                self.failure.borrow_mut().get_or_insert(error);
            }
        }
    }

    async fn batch(&self, work: &Work<'_, S>, range: Range<usize>) -> Result<(), Error> {
        let mut body = Vec::new();
        work.rows.write_body(self.data_type, range.clone(), &mut body);
        // A server that found a smaller one too large need not be asked.
        if body.len() >= self.too_large.get() && self.halve(work, &range) {
            return Ok(());
        }
        let length = body.len();
        let (identity, batch) = Batch::of(work.rows, range.clone());
        // Not cut short by an abort either: it may be written all the same, and would tell of a batch that was never sent.
        let doubted_before = work.ledger.begin(identity, batch).await?;

        let tally = Rc::new(Tally::default());
        let content = Content { media_type: "application/json", bytes: Rc::new(body) };
        let repeat = match self.uploader.settings.hold_unknown {
            true => Repeat::WhereNotActedOn,
            false => Repeat::Always,
        };
        let url = self.uploader.client.base().root().to_owned();
        let call = Call::post(url, content, repeat, tally.clone());
        let answer = self.uploader.client.call(call, self.abort).await;
        self.count_requests(&tally);

        // From here on nothing is cut short: what is known now must be written down.
        match answer {
            Ok(_) => {
                self.lost_in_a_row.set(0);
                // Said before it is written: the server has them, whatever the store does.
                self.note(|progress| progress.sent = progress.sent.saturating_add(count(range.len())));
                self.report.borrow_mut().sent = self.progress.get().sent;
                work.delivered.borrow_mut().extend(self.carried_in(work.rows, range));
                work.ledger.ended(identity, State::Acknowledged).await?;
                self.done()?;
                self.settle_some(work).await
            }
            Err(error) => {
                let in_doubt = doubted_before || tally.is_in_doubt();
                self.failed(work, range, identity, length, in_doubt, error).await
            }
        }
    }

    async fn failed(
        &self,
        work: &Work<'_, S>,
        range: Range<usize>,
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
                if self.halve(work, &range) {
                    if !in_doubt {
                        work.ledger.take_back(identity).await?;
                    }
                    return Ok(());
                }
                let state = if in_doubt { State::Unknown } else { State::Refused };
                work.ledger.ended(identity, state).await?;
                self.refused(work, &range, status);
                self.done()
            }
            400 | 402..=407 | 409..=424 | 426..=428 | 430..=499 => {
                // Sent more than once, an earlier attempt may have been the one that counts.
                let state = if in_doubt { State::Unknown } else { State::Refused };
                work.ledger.ended(identity, state).await?;
                self.refused(work, &range, status);
                self.done()
            }
            _ if in_doubt => {
                let mut report = self.report.borrow_mut();
                report.unknown = report.unknown.saturating_add(count(range.len()));
                drop(report);
                let lost = self.lost_in_a_row.get().saturating_add(1);
                self.lost_in_a_row.set(lost);
                let in_flight = self.uploader.client.concurrency();
                let down = lost >= in_flight.saturating_add(LOST_IN_A_ROW);
                if self.uploader.settings.hold_unknown && error.leaves_outcome_unknown() && !down {
                    return self.done();
                }
                Err(error)
            }
            _ => {
                // At once: no other lane is to begin anything while this one writes.
                self.failure.borrow_mut().get_or_insert(error.clone());
                work.unsent.borrow_mut().push(range);
                work.ledger.take_back(identity).await?;
                Err(error)
            }
        }
    }

    /// Puts two halves of a batch in its place; false where they would be too small.
    fn halve(&self, work: &Work<'_, S>, range: &Range<usize>) -> bool {
        let Some((first, _)) = halves(range.len()) else { return false };
        let middle = range.start.saturating_add(first);
        let mut queue = work.queue.borrow_mut();
        queue.push_front(middle..range.end);
        queue.push_front(range.start..middle);
        self.note(|progress| progress.batches = progress.batches.map(|batches| batches.saturating_add(1)));
        true
    }

    fn refused(&self, work: &Work<'_, S>, range: &Range<usize>, status: u16) {
        let message = match status {
            413 => "the server takes no batch as large as this one, and it cannot be made smaller",
            _ => "the server refused this batch for good",
        };
        let first = first_in(work.rows, range.clone());
        let mut report = self.report.borrow_mut();
        report.failed = report.failed.saturating_add(count(range.len()));
        report.failures.push(Failure { status, message, first, count: count(range.len()) });
    }

    async fn settle_some(&self, work: &Work<'_, S>) -> Result<(), Error> {
        if work.ledger.unsettled() < SETTLED_TOGETHER || self.settling.replace(true) {
            return Ok(());
        }
        let settled = work.ledger.settle().await;
        self.settling.set(false);
        settled
    }

    /// Indices of the carried rows of a range.
    fn carried_in(&self, rows: &Rows, range: Range<usize>) -> Vec<usize> {
        if self.report.borrow().carried == 0 {
            return Vec::new();
        }
        range.filter(|index| is_carried(rows, *index)).collect()
    }

    fn count_requests(&self, tally: &Tally) {
        let mut report = self.report.borrow_mut();
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

    fn note(&self, change: impl FnOnce(&mut Progress)) {
        let mut progress = self.progress.get();
        change(&mut progress);
        self.progress.set(progress);
    }
}

fn is_carried(rows: &Rows, index: usize) -> bool {
    rows.get(index).is_some_and(|row| held::is_carried(&row))
}

/// The least position in the source of the rows with these indices.
fn first_in(rows: &Rows, indices: impl Iterator<Item = usize>) -> u64 {
    let from_source = indices.filter_map(|index| rows.get(index)).filter(|row| !held::is_carried(row));
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
