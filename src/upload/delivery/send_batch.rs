//! Sends one batch, and deals with whatever answer comes: an acknowledgement, 413 (the batch is halved), a refusal, or
//! none.

use super::pending_batch::PendingBatch;
use super::{BatchQueue, Delivery, first_in};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Call, Content, RetryPolicy, Tally, Transport};
use crate::store::Store;
use crate::upload::ledger::{BatchRecord, BatchState};
use crate::upload::ports::UploadListener;
use crate::upload::report::{UploadFailure, count};
use std::rc::Rc;

/// So many acknowledged batches are settled together: enough that each month is rarely written, and few enough that
/// they take little memory compared with the rows.
const SETTLED_TOGETHER: usize = 256;

/// If so many batches in a row end without an answer, besides those in flight, the connection is taken to be down.
const LOST_IN_A_ROW: usize = 3;

impl<T: Transport, C: Clock, S: Store, L: UploadListener> Delivery<'_, T, C, S, L> {
    pub(super) async fn send_batch(
        &self,
        queue: &BatchQueue<'_, S>,
        mut batch: PendingBatch,
    ) -> Result<(), Error> {
        let range = batch.rows.clone();
        let mut body = Vec::new();
        queue.rows.write_body(self.data_type, range.clone(), &mut body);
        // The server has already found a smaller body too large.
        if body.len() >= self.too_large.get() && self.halve(queue, &batch) {
            return Ok(());
        }
        let length = body.len();
        let (identity, record) = BatchRecord::of(queue.rows, range.clone());
        // An abort does not cut this short: the record might be written all the same, for a batch that was never sent.
        let begun = queue.ledger.begin(identity, record).await;
        if begun.is_err() {
            queue.unsent.borrow_mut().push(range.clone());
        }
        let doubted_before = begun?;

        let tally = Rc::new(Tally::default());
        let content = Content { media_type: "application/json", bytes: Rc::new(body) };
        let repeat = match self.uploader.options.hold_unknown {
            true => RetryPolicy::UnlessActedOn,
            false => RetryPolicy::Always,
        };
        let url = self.uploader.client.base().root().to_owned();
        let call = Call::post(url, content, repeat, tally.clone());
        let answer = self.uploader.client.call(call, self.abort).await;
        self.count_requests(&tally, &mut batch);

        // From here on an abort cuts nothing short: the outcome is known and must be recorded.
        match answer {
            Ok(_) => {
                self.lost_in_a_row.set(0);
                // Counted before it is recorded: the server has the samples even if the store fails now.
                self.update_progress(|progress| {
                    progress.sent = progress.sent.saturating_add(count(range.len()))
                });
                self.report.borrow_mut().sent = self.progress.get().sent;
                queue.ledger.set_state(identity, BatchState::Acknowledged).await?;
                self.batch_done()?;
                self.settle_if_many(queue).await
            }
            Err(error) => {
                let in_doubt = doubted_before || tally.is_in_doubt();
                self.batch_failed(queue, batch, identity, length, in_doubt, error).await
            }
        }
    }

    async fn batch_failed(
        &self,
        queue: &BatchQueue<'_, S>,
        batch: PendingBatch,
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
                if self.halve(queue, &batch) {
                    if !in_doubt {
                        queue.ledger.retract(identity).await?;
                    }
                    return Ok(());
                }
                self.batch_refused(queue, batch, identity, status, in_doubt).await
            }
            400 | 402..=407 | 409..=424 | 426..=428 | 430..=499 => {
                self.batch_refused(queue, batch, identity, status, in_doubt).await
            }
            _ if in_doubt => {
                let mut report = self.report.borrow_mut();
                report.unknown = report.unknown.saturating_add(count(batch.rows.len()));
                drop(report);
                let lost = self.lost_in_a_row.get().saturating_add(1);
                self.lost_in_a_row.set(lost);
                let in_flight = self.uploader.client.concurrency();
                let down = lost >= in_flight.saturating_add(LOST_IN_A_ROW);
                // A protocol error means that something other than the API answers: each further batch would only
                // become another unknown one.
                let is_lost = error.leaves_outcome_unknown() && !matches!(error, Error::Protocol(_));
                if self.uploader.options.hold_unknown && is_lost && !down {
                    return self.batch_done();
                }
                Err(error)
            }
            _ => {
                // Set before the ledger is written, so that the other lanes begin nothing new meanwhile.
                self.failure.borrow_mut().get_or_insert(error.clone());
                queue.unsent.borrow_mut().push(batch.rows);
                queue.ledger.retract(identity).await?;
                Err(error)
            }
        }
    }

    /// Queues two halves in place of a batch; false if they would be too small for the API.
    fn halve(&self, queue: &BatchQueue<'_, S>, batch: &PendingBatch) -> bool {
        let Some([first, second]) = batch.halved() else { return false };
        let mut pending = queue.pending.borrow_mut();
        pending.push_front(second);
        pending.push_front(first);
        self.more_batches(1);
        true
    }

    fn more_batches(&self, more: usize) {
        let more = count(more);
        self.update_progress(|progress| {
            progress.batches = progress.batches.map(|batches| batches.saturating_add(more))
        });
    }

    /// The server has refused a batch, and would refuse it again.
    ///
    /// The cause may be a held sample, which goes with every upload and would spoil all of them: so the other samples
    /// are tried without the held ones. Those stay held all the same, because nobody can tell which sample was at
    /// fault, or whether it was the API that refused.
    async fn batch_refused(
        &self,
        queue: &BatchQueue<'_, S>,
        batch: PendingBatch,
        identity: u64,
        status: u16,
        in_doubt: bool,
    ) -> Result<(), Error> {
        let message = match status {
            413 => "the server takes no batch as large as this one, and it cannot be made smaller",
            _ => "the server refused this batch for good",
        };
        let others = match status {
            400 | 422 if !in_doubt => batch.without_carried(queue.rows),
            _ => Vec::new(),
        };
        let is_other = |index: &usize| others.iter().any(|other| other.rows.contains(index));
        let failed: Vec<usize> = batch.rows.filter(|index| !is_other(index)).collect();
        let (count, first) = (count(failed.len()), first_in(queue.rows, failed.into_iter()));
        {
            let mut report = self.report.borrow_mut();
            report.failed = report.failed.saturating_add(count);
            report.failures.push(UploadFailure { status, message, first, count });
        }
        // The batch was sent more than once, and an earlier attempt may have been accepted.
        let state = if in_doubt { BatchState::Unknown } else { BatchState::Refused };
        self.more_batches(others.len());
        queue.pending.borrow_mut().extend(others);
        queue.ledger.set_state(identity, state).await?;
        self.batch_done()
    }

    async fn settle_if_many(&self, queue: &BatchQueue<'_, S>) -> Result<(), Error> {
        if queue.ledger.unsettled_count() < SETTLED_TOGETHER || self.settling.replace(true) {
            return Ok(());
        }
        let settled = queue.ledger.settle().await;
        self.settling.set(false);
        settled
    }

    fn count_requests(&self, tally: &Tally, batch: &mut PendingBatch) {
        let mut report = self.report.borrow_mut();
        if tally.is_resent() && !std::mem::replace(&mut batch.is_resent, true) {
            report.resent = report.resent.saturating_add(count(batch.rows.len()));
        }
        report.requests = report.requests.saturating_add(tally.requests.get());
        report.retries = report.retries.saturating_add(tally.retries.get());
        report.bytes_sent = report.bytes_sent.saturating_add(tally.bytes.get());
    }
}
