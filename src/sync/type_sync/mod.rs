//! One type of a run: delivers what is not delivered yet, window by window and page by page.

mod next_window;

use crate::api::BatchType;
use crate::clock::Clock;
use crate::error::Error;
use crate::http::AGREE;
use crate::pages::{AnswerTime, ListTransport, Page, RecordList, Walk};
use crate::store::Store;
use crate::sync::committer::PositionUpdate;
use crate::sync::mark_slots::{MarkSlots, decode};
use crate::sync::marks::{LONGEST_TICK, Mark, MarkSet, TICK_SLACK, Tick};
use crate::sync::position::{Checkpoint, Position};
use crate::sync::position_keys::PositionKeys;
use crate::sync::report::SyncProgress;
use crate::sync::run_context::RunContext;
use crate::sync::update_stamp::UpdateStamp;
use crate::sync::window::{SHARED_SECONDS, Window};
use std::cell::RefCell;
use std::rc::Rc;

/// The state of one type in a run.
pub struct TypeSync<T: ListTransport, C: Clock> {
    context: Rc<RunContext<T, C>>,
    keys: PositionKeys,
    batch_type: BatchType,
    /// What is delivered, once the consumer is done with all steps so far.
    position: Position,
    marks: MarkSet,
    /// Pages that are delivered but not marked yet, because the server's clock is not known for certain.
    unmarked: Vec<UnmarkedPage>,
    mark_slots: Rc<RefCell<MarkSlots>>,
    /// Where delivery begins, in seconds since the epoch.
    from: i64,
    /// Up to where this run has read the gaps that earlier runs left.
    gaps_read_until: i64,
    open_window: Option<OpenWindow<T, C>>,
    latest: LatestUpdates,
    records: u64,
    windows_done: u64,
}

/// The records that a page delivered.
struct UnmarkedPage {
    records: Vec<(Mark, UpdateStamp)>,
    answer_time: AnswerTime,
}

/// A window that is being walked.
struct OpenWindow<T: ListTransport, C: Clock> {
    window: Window,
    /// Set if an earlier run began it: it is complete only for what was updated before this.
    until: Option<i64>,
    /// See [`Checkpoint::doubt`].
    doubt: Option<i64>,
    /// Nothing after this window is delivered.
    is_latest: bool,
    walk: Walk<T, C>,
}

/// How far a run has read the latest updates, those after all gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LatestUpdates {
    /// It has not begun. It begins before the end of the last run, by the overlap.
    NotBegun,
    /// It has to begin at the server's clock, which turned out to be behind the end of the last run.
    FromServerClock,
    /// It goes on from here, where this run has read to. What earlier runs have read does not count: the overlap reads
    /// it again.
    ReadUpTo(i64),
    /// It is at the end of the run.
    Done,
}

/// A step of a type.
pub struct TypeStep<R> {
    /// New records and their window; `None` if the step ends a window without any.
    pub delivery: Option<(R, Window)>,
    /// What to store once they are delivered.
    pub update: PositionUpdate,
    /// The progress with them.
    pub progress: SyncProgress,
    /// The type is done.
    pub is_last: bool,
}

impl<T: ListTransport, C: Clock> TypeSync<T, C> {
    /// Continues a type from its stored position.
    pub async fn open<S: Store>(
        context: Rc<RunContext<T, C>>,
        batch_type: BatchType,
        store: Rc<S>,
        keys: PositionKeys,
    ) -> Result<Self, Error> {
        let mut position = match store.get(&keys.position(batch_type)).await? {
            Some(value) => Position::from_value(&value)?,
            None => Position::default(),
        };
        let began = position.start();
        position.cut();
        let from = match (began, context.options.since) {
            (Some(began), Some(since)) => began.min(since),
            (Some(began), None) if context.looks_ahead(began) => {
                context.beginning_before(began, batch_type).await?
            }
            (Some(began), None) => began,
            (None, _) => context.beginning(batch_type).await?,
        };
        let (marks, mark_slots) = load_marks(&*store, &keys, batch_type, &position, &context).await?;
        // An unfinished window that reaches beyond the end of this run is begun again, up to that end.
        let end = context.options.until.unwrap_or(i64::MAX);
        position.checkpoint.take_if(|checkpoint| checkpoint.window.before > end);
        Ok(Self {
            context,
            keys,
            batch_type,
            position,
            marks,
            unmarked: Vec::new(),
            mark_slots: Rc::new(RefCell::new(mark_slots)),
            from,
            gaps_read_until: from,
            open_window: None,
            latest: LatestUpdates::NotBegun,
            records: 0,
            windows_done: 0,
        })
    }

    /// The next page that has new records, or the end of a window. After an error the type cannot go on.
    pub async fn step(&mut self) -> Result<TypeStep<T::Records>, Error> {
        loop {
            let open = match self.open_window.take() {
                Some(open) => Some(open),
                None => self.open_next_window()?,
            };
            let Some(mut open) = open else {
                return Ok(self.step_with(None, Vec::new(), None, true));
            };
            let page = open.walk.next().await?;
            let is_over = open.walk.is_over();
            if is_over {
                self.context.confirm_clock(self.batch_type).await?;
            }
            let ceiling = self.context.ceiling();
            let until = open.until.map_or(ceiling, |until| until.min(ceiling));
            // Without certainty about the clock, nothing counts as complete.
            let complete = if self.is_sure_of(&open) { until } else { i64::MIN };
            let total_left = page.as_ref().and_then(|page| Some(page.total_count?.saturating_sub(page.end)));
            let delivery = match page {
                Some(page) => {
                    self.position.checkpoint = Some(self.checkpoint_at(&open, complete, page.cursor.clone()));
                    self.undelivered(page, open.window, until)
                }
                None => None,
            };
            if delivery.is_none() && !is_over {
                // The page has no new records, and its marks are known already.
                self.open_window = Some(open);
                continue;
            }
            let marks =
                if self.context.is_certain() { self.mark_delivered(open.window, until) } else { Vec::new() };
            if is_over {
                self.finish(&open, complete);
            } else {
                self.open_window = Some(open);
            }
            let is_last = is_over && self.next_window().is_none();
            let left = if is_over { Some(0) } else { total_left };
            return Ok(self.step_with(delivery, marks, left, is_last));
        }
    }

    /// Whether it is certain up to when a window is complete.
    fn is_sure_of(&self, open: &OpenWindow<T, C>) -> bool {
        let (_, ahead) = self.context.server_began();
        let agrees = |doubt: i64| doubt.saturating_sub(ahead).saturating_abs() <= AGREE / 1000;
        self.context.is_certain() && open.doubt.is_none_or(agrees)
    }

    /// The checkpoint of a window that is delivered up to a cursor.
    fn checkpoint_at(&self, open: &OpenWindow<T, C>, complete: i64, cursor: String) -> Checkpoint {
        let (began, ahead) = self.context.server_began();
        let (until, doubt) = match open.until {
            _ if self.context.is_certain() => (complete, None),
            Some(until) => (until, open.doubt),
            None => (began, Some(ahead)),
        };
        Checkpoint { window: open.window, until, cursor, doubt }
    }

    /// The records of a page that were not delivered before; `None` if all were. Notes them to be marked.
    fn undelivered(
        &mut self,
        page: Page<T::Records>,
        window: Window,
        until: i64,
    ) -> Option<(T::Records, Window)> {
        let time = self.context.server_time(page.answer_time);
        let mut new = Vec::with_capacity(page.keys.len());
        let mut records = Vec::new();
        for (index, (key, stamp)) in page.keys.iter().zip(UpdateStamp::of_records(&page.records)).enumerate()
        {
            let mark = Mark::of(*key, stamp);
            if mark.is_some_and(|mark| self.marks.contains(mark, Tick::of(stamp, time))) {
                continue;
            }
            new.push(index);
            records.extend(mark.map(|mark| (mark, stamp)));
        }
        self.unmarked.push(UnmarkedPage { records, answer_time: page.answer_time });
        self.records = self.records.saturating_add(u64::try_from(new.len()).unwrap_or(u64::MAX));
        if new.is_empty() {
            return None;
        }
        let all = new.len() == page.keys.len();
        let records = if all { page.records } else { page.records.select(&new) };
        // Records ahead of the server's clock are delivered too, but the delta does not claim their time.
        let before = window.before.min(until).max(window.since);
        Some((records, Window { before, ..window }))
    }

    /// Marks the records that were delivered, if they may be read again and cannot change without getting another
    /// stamp.
    fn mark_delivered(&mut self, window: Window, until: i64) -> Vec<Mark> {
        // They are read again by a window of this run that overlaps by a second, or by a run that reaches back: the
        // next one, or this one if an earlier run left the window.
        let next_run = self.context.end().min(until).saturating_sub(self.context.memory());
        let read_again = window.before.min(next_run).saturating_sub(2 * SHARED_SECONDS);
        let mut marks = Vec::new();
        for UnmarkedPage { records, answer_time } in std::mem::take(&mut self.unmarked) {
            let time = self.context.server_time(answer_time);
            for (mark, stamp) in records.into_iter().filter(|(mark, _)| mark.at() >= read_again) {
                match Tick::of(stamp, time) {
                    Tick::Over => marks.push(mark),
                    Tick::ToCome => marks.push(mark.to_come()),
                    Tick::Running => {}
                }
            }
        }
        marks.iter().for_each(|mark| self.marks.insert(*mark));
        marks
    }

    fn finish(&mut self, open: &OpenWindow<T, C>, until: i64) {
        self.position.checkpoint = None;
        self.unmarked.clear();
        self.position.coverage.add(open.window, until);
        self.windows_done = self.windows_done.saturating_add(1);
        if !open.is_latest {
            if open.until.is_none() {
                // It is not walked a second time, even if the clock says that it is incomplete.
                self.gaps_read_until = self.gaps_read_until.max(open.window.before);
            }
            return;
        }
        let (ceiling, end, delivered) =
            (self.context.ceiling(), self.context.end(), self.position.coverage.end());
        let is_behind = |end: Option<i64>| {
            end.is_some_and(|end| self.context.server_seconds() < end.saturating_sub(AGREE / 1000))
        };
        if self.context.options.since.is_none() && is_behind(Some(self.from)) {
            // This machine's clock was ahead as well, so nothing had shown the mistake before.
            self.from = self.context.beginning_by_clock();
            self.gaps_read_until = self.from;
            return;
        }
        self.latest = if self.latest == LatestUpdates::NotBegun
            && is_behind(self.position.end())
            && self.from < ceiling
        {
            // Updates from now on have to be read, though the position says that they are delivered.
            self.context.warn_position_ahead();
            LatestUpdates::FromServerClock
        } else if open.window.before < end {
            // If the clock is right again, the time between the two is delivered already.
            let leap = delivered.filter(|delivered| *delivered <= ceiling).unwrap_or(i64::MIN);
            LatestUpdates::ReadUpTo(open.window.before.max(leap.saturating_sub(self.context.reach())))
        } else {
            match is_behind(delivered) {
                true if end > self.from => self.position.frontier = Some(end),
                true => {}
                false => self.position.frontier = None,
            }
            LatestUpdates::Done
        };
    }

    fn step_with(
        &self,
        delivery: Option<(T::Records, Window)>,
        marks: Vec<Mark>,
        left: Option<u64>,
        is_last: bool,
    ) -> TypeStep<T::Records> {
        let progress = SyncProgress {
            batch_type: self.batch_type,
            records: self.records,
            expected: left.map(|left| self.records.saturating_add(left)),
            windows_done: self.windows_done,
            windows: if is_last {
                self.windows_done
            } else {
                self.windows_done.saturating_add(self.windows_left())
            },
        };
        let update = PositionUpdate {
            keys: self.keys.clone(),
            batch_type: self.batch_type,
            position: self.position.clone(),
            marks,
            mark_slots: self.mark_slots.clone(),
        };
        TypeStep { delivery, update, progress, is_last }
    }
}

/// The marks of what was delivered last, as far as it may be read again.
async fn load_marks<S: Store, T: ListTransport, C: Clock>(
    store: &S,
    keys: &PositionKeys,
    batch_type: BatchType,
    position: &Position,
    context: &RunContext<T, C>,
) -> Result<(MarkSet, MarkSlots), Error> {
    let left = position.checkpoint.as_ref().map(|checkpoint| checkpoint.window.since);
    let end = [left, position.end()].into_iter().flatten().min().unwrap_or(i64::MIN);
    let capacity = context.options.mark_capacity;
    let mut mark_slots =
        MarkSlots::new(capacity, end.saturating_sub(context.memory()).saturating_sub(2 * SHARED_SECONDS));
    let mut marks = MarkSet::new(capacity.max_marks());
    let settled =
        position.coverage.end().unwrap_or(i64::MIN).saturating_sub(LONGEST_TICK + TICK_SLACK / 1000);
    for slot in 0..position.slots.used {
        let value = store.get(&keys.marks(batch_type, slot)).await?;
        let slot_marks = value.map_or_else(|| Ok(Vec::new()), |value| decode(&value, settled))?;
        mark_slots.take_up(position.slots, slot_marks).into_iter().for_each(|mark| marks.insert(mark));
    }
    Ok((marks, mark_slots))
}
