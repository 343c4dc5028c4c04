//! One type of a run: delivers what is not delivered yet, window by window and page by page.
//!
//! - `next_window` says which window is next, `closed_part` up to where the server's clock has passed them.
//! - `open_window` is a window that is being walked, `delivery` what of its pages is new, `finish` what its end changes.
//! - `whole` are lists that have no windows.

mod closed_part;
mod delivery;
mod finish;
mod next_window;
mod open_window;
mod whole;

use crate::clock::Clock;
use crate::error::{Error, ProtocolError};
use crate::pages::{ListTransport, Page};
use crate::store::Store;
use crate::sync::coverage::Coverage;
use crate::sync::division::Division;
use crate::sync::mark_slots::MarkSlots;
use crate::sync::marks::{Mark, MarkSet};
use crate::sync::position::Position;
use crate::sync::position_keeper::{KeptType, PositionKeeper, TypeKeys};
use crate::sync::position_update::PositionUpdate;
use crate::sync::record_states::RecordStates;
use crate::sync::report::SyncProgress;
use crate::sync::run_context::RunContext;
use crate::sync::sync_type::SyncType;
use crate::sync::update_stamp::UpdateStamp;
use crate::sync::window::Window;
pub use closed_part::CLOSED_AFTER;
use closed_part::ClosedPart;
use delivery::UnmarkedPage;
use open_window::OpenWindow;
use std::cell::RefCell;
use std::rc::Rc;

/// The state of one type in a run.
pub struct TypeSync<T: ListTransport, C: Clock> {
    context: Rc<RunContext<T, C>>,
    sync_type: SyncType,
    keys: Rc<TypeKeys>,
    /// What is delivered, once the consumer is done with all steps so far.
    position: Position,
    marks: MarkSet,
    /// There is a store, which keeps states.
    keeps_states: bool,
    /// Instead of marks, if the list is read whole.
    states: RecordStates,
    /// The records that this run has seen in the whole list.
    seen: RecordStates,
    /// The list is read whole from now on, and that is not stored yet.
    begins_states: bool,
    /// Why a window that is read by itself cannot be finished, once its last page is delivered.
    failure: Option<&'static ProtocolError>,
    /// Pages that are delivered but not marked yet, because the server's clock is not known for certain.
    unmarked: Vec<UnmarkedPage>,
    mark_slots: Rc<RefCell<MarkSlots>>,
    /// Where delivery begins, in seconds since the epoch.
    from: i64,
    /// Up to where this run has read the gaps that earlier runs left.
    gaps_read_until: i64,
    latest: LatestUpdates,
    /// Where the first window of the latest updates begins that proved nothing.
    unproven_from: Option<i64>,
    closed: ClosedPart,
    division: Division,
    open_window: Option<OpenWindow<T, C>>,
    last_window: Window,
    records: u64,
    windows_done: u64,
    /// Pages asked for in windows that are done or were divided.
    pages: u64,
}

/// How far a run has read the latest updates, those after all gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LatestUpdates {
    /// It has not begun. It begins before the end of the last run, by the overlap.
    NotBegun,
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
    /// What to store before they are delivered, if anything.
    pub before_delivery: Option<PositionUpdate>,
    /// What to store once they are delivered.
    pub update: PositionUpdate,
    /// The window that was read last.
    pub window: Window,
    /// How many pages of the type were asked for so far.
    pub pages: u64,
    /// The progress with them.
    pub progress: SyncProgress,
    /// A consumer who keeps positions is told of this one, even if there are no records.
    pub moves: bool,
    /// The type is done.
    pub is_last: bool,
}

/// The window was to be read by itself, and could not be read to its end.
static NOT_OVER: ProtocolError = ProtocolError {
    code: "window-not-over",
    message: "the window is not over by the server's clock, or that clock is not known for certain, so more may still \
              be updated in it; read it again later, and take windows from plan(), which are over",
};

/// The same, because its list did not stand still.
static IN_DOUBT: ProtocolError = ProtocolError {
    code: "window-in-doubt",
    message: "the list of the window changed each time it was read, so records may be missing; read it again later",
};

impl<T: ListTransport, C: Clock> TypeSync<T, C> {
    /// Continues a type from its position.
    pub async fn open<S: Store>(
        context: Rc<RunContext<T, C>>,
        sync_type: SyncType,
        keeper: PositionKeeper<S>,
        keys: TypeKeys,
    ) -> Result<Self, Error> {
        let capacity = context.options.mark_capacity;
        let KeptType { mut position, marks, states, slots } =
            keeper.load(&keys, capacity, context.memory()).await?;
        let began = position.start();
        position.cut();
        let from = match (began, context.since(&sync_type)) {
            (Some(began), Some(since)) => began.min(since),
            (Some(began), None) if context.looks_ahead(began) => {
                context.beginning_before(began, &sync_type).await?
            }
            (Some(began), None) => began,
            (None, _) => context.beginning(&sync_type).await?,
        };
        position.beginning = Some(from);
        // An unfinished window that reaches beyond the end of this run is begun again, up to that end.
        let end = context.options.until.unwrap_or(i64::MAX);
        position.unfinished.take_if(|unfinished| unfinished.window.before > end);
        let division = Division::new(context.options.window_records, sync_type.longest_window());
        let mut type_sync = Self {
            context,
            sync_type,
            keys: Rc::new(keys),
            position,
            marks,
            keeps_states: keeper.store().is_some(),
            states,
            seen: RecordStates::default(),
            begins_states: false,
            failure: None,
            unmarked: Vec::new(),
            mark_slots: slots,
            from,
            gaps_read_until: from,
            latest: LatestUpdates::NotBegun,
            unproven_from: None,
            closed: ClosedPart::default(),
            division,
            open_window: None,
            last_window: Window { since: from, before: from },
            records: 0,
            windows_done: 0,
            pages: 0,
        };
        type_sync.try_filter().await?;
        Ok(type_sync)
    }

    /// The next page that has new records, or the end of a window. After an error the type cannot go on.
    pub async fn step(&mut self) -> Result<TypeStep<T::Records>, Error> {
        if let Some(failure) = self.failure {
            return Err(Error::Protocol(failure));
        }
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
            if let Some(page) = &page
                && self.becomes_whole(open.window, page)
            {
                self.pages = self.pages.saturating_add(open.walk.pages_asked());
                continue;
            }
            if let Some(page) = page.as_ref().filter(|_| open.is_fresh)
                && !self.is_walked_as_it_is(&open, page).await?
            {
                // Nothing of the page is delivered: the windows that take the place of this one have its records.
                self.pages = self.pages.saturating_add(open.walk.pages_asked());
                continue;
            }
            if is_over {
                self.context.confirm_clock(&self.sync_type).await?;
            }
            let until = open.until(&self.context);
            // Without certainty about the clock and the walk, nothing counts as complete: a later run reads it again.
            let has_given_up = is_over && open.proves_nothing();
            let is_sure = self.is_sure_of(&open) && !has_given_up;
            let complete = if is_sure { until } else { i64::MIN };
            let total_left = page.as_ref().and_then(|page| Some(page.total_count?.saturating_sub(page.end)));
            let (mut marks, mut before_delivery) = (Vec::new(), None);
            let delivery = match page {
                Some(page) if self.is_read_whole() => {
                    open.note(&page);
                    let undelivered = self.undelivered_states(page, until);
                    let unsettled = Some(undelivered.unsettled).filter(|unsettled| !unsettled.is_empty());
                    before_delivery = unsettled.map(|unsettled| self.update(unsettled));
                    marks = undelivered.states;
                    undelivered.delivery
                }
                Some(page) => {
                    open.note(&page);
                    self.position.unfinished =
                        Some(self.unfinished_at(&open, complete, page.cursor.to_text()));
                    self.undelivered(page, open.window, until)
                }
                None => None,
            };
            if delivery.is_none() && !is_over {
                // The page has no new records, and its marks are known already.
                self.open_window = Some(open);
                continue;
            }
            if self.context.is_certain() && !self.is_read_whole() {
                marks = self.mark_delivered(open.window, until, open.is_latest);
            }
            self.last_window = open.window;
            let mut replacement = None;
            if is_over {
                self.pages = self.pages.saturating_add(open.walk.pages_asked());
                if self.is_read_whole() {
                    replacement = self.finish_whole(complete);
                } else {
                    self.finish(&open, complete);
                }
            } else {
                self.open_window = Some(open);
            }
            let is_last = is_over && self.next_window().is_none();
            if is_over && !is_last && self.context.options.only_window.is_some() {
                // The checkpoint of this step is one from which the window is read anew.
                self.position.coverage = Coverage::default();
                self.failure = Some(if has_given_up { &IN_DOUBT } else { &NOT_OVER });
            }
            let left = if is_over { Some(0) } else { total_left };
            let mut step = self.step_with(delivery, marks, left, is_last);
            step.update.replacement = replacement;
            step.before_delivery = before_delivery;
            return Ok(step);
        }
    }

    /// Whether a window is walked although it has so many records as its first page says. If not, shorter ones take its
    /// place.
    async fn is_walked_as_it_is(
        &mut self,
        open: &OpenWindow<T, C>,
        page: &Page<T::Records>,
    ) -> Result<bool, Error> {
        if self.context.options.only_window.is_some() || self.sync_type.is_from_beginning(open.window) {
            return Ok(true);
        }
        if Self::is_mostly_outside(open.window, &UpdateStamp::of_records(&page.records)) {
            // Shorter windows would have as many records.
            self.division.distrust_totals();
        }
        if self.is_closed(open.window) {
            return Ok(self.division.accepts(open.window, page.total_count));
        }
        let records = u64::try_from(page.keys.len()).unwrap_or(u64::MAX);
        let is_long = match page.total_count {
            Some(total) => total > records.saturating_mul(2),
            // Pages of one record do not overlap, and without a total nothing shows that records leave the window. In
            // one without an end they do not leave it.
            None => !open.walk.is_over() && records > 1,
        };
        if !is_long {
            return Ok(true);
        }
        // Where it is closed depends on the server's clock.
        self.context.confirm_clock(&self.sync_type).await?;
        Ok(!self.closes_part_of(open.window, page.total_count))
    }

    fn step_with(
        &mut self,
        delivery: Option<(T::Records, Window)>,
        marks: Vec<Mark>,
        left: Option<u64>,
        is_last: bool,
    ) -> TypeStep<T::Records> {
        let progress = SyncProgress {
            name: self.sync_type.name,
            records: self.records,
            expected: left.map(|left| self.records.saturating_add(left)),
            windows_done: self.windows_done,
            windows: if is_last {
                self.windows_done
            } else {
                self.windows_done.saturating_add(self.windows_left())
            },
        };
        let update = self.update(marks);
        let open_pages = self.open_window.as_ref().map_or(0, |open| open.walk.pages_asked());
        let pages = self.pages.saturating_add(open_pages);
        let moves = is_last || self.failure.is_some();
        TypeStep {
            delivery,
            before_delivery: None,
            update,
            window: self.last_window,
            pages,
            progress,
            moves,
            is_last,
        }
    }

    /// What to store of the position as it is now, with these marks.
    fn update(&mut self, marks: Vec<Mark>) -> PositionUpdate {
        PositionUpdate {
            keys: self.keys.clone(),
            position: self.position.clone(),
            begins_states: std::mem::take(&mut self.begins_states),
            replacement: None,
            marks: vec![marks],
            mark_slots: self.mark_slots.clone(),
        }
    }
}
