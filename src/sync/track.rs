//! One type of a run: what of it is not delivered, span after span and page after page.

use super::job::Job;
use super::keeper::Milestone;
use super::keys::Scope;
use super::position::{Open, Position};
use super::progress::Progress;
use super::seen::{Mark, SLACK, Seen, TICK, Tick};
use super::shelf::{Shelf, from_value};
use super::span::{SEAM, Span};
use super::update_stamp::UpdateStamp;
use crate::api::{BatchType, QueryInit};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::AGREE;
use crate::pages::{AnswerTime, ListQuery, ListTransport, Page, Paging, RecordList, Walk};
use crate::store::Store;
use std::cell::RefCell;
use std::rc::Rc;

/// One type on its way.
pub struct Track<T: ListTransport, C: Clock> {
    job: Rc<Job<T, C>>,
    scope: Scope,
    batch_type: BatchType,
    /// What is delivered, once all steps so far are acknowledged.
    position: Position,
    seen: Seen,
    /// What was delivered of pages that are still to be marked: not before it is certain what the server's clock says.
    unmarked: Vec<Unmarked>,
    shelf: Rc<RefCell<Shelf>>,
    /// Where delivery begins, in seconds.
    from: i64,
    /// Up to where this run has gone through what the last ones have left out.
    gone_through: i64,
    stretch: Option<Stretch<T, C>>,
    tail: Tail,
    records: u64,
    spans_done: u64,
}

/// What a page has delivered.
struct Unmarked {
    records: Vec<(Mark, UpdateStamp)>,
    read_at: AnswerTime,
}

/// A span that is being walked.
struct Stretch<T: ListTransport, C: Clock> {
    span: Span,
    /// An earlier run has begun it: it is complete for what was updated before this only.
    until: Option<i64>,
    /// As of [`Open`].
    doubt: Option<i64>,
    /// Nothing is delivered behind it.
    is_tail: bool,
    walk: Walk<T, C>,
}

/// How far a run is with what was updated last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tail {
    /// It has still to reach back before the end of the last run.
    Untouched,
    /// It has still to read from the server's clock on, which has turned out to be behind that end.
    Behind,
    /// It goes on behind what it has read itself, up to here: what the last run has read does not count, however far this one
    /// reaches back.
    Begun(i64),
    /// It has come to the end.
    Done,
}

/// What a track brings.
pub struct Step<R> {
    /// Records that were not delivered before, with their span; absent where there is none among those read.
    pub delivery: Option<(R, Span)>,
    /// Up to where the type is delivered with them.
    pub milestone: Milestone,
    /// How far it is with them.
    pub progress: Progress,
    /// There is nothing behind it.
    pub is_last: bool,
}

impl<T: ListTransport, C: Clock> Track<T, C> {
    /// Takes up a type where the store says that the last run has left it.
    ///
    /// # Errors
    /// Those of the store; a value in it that is damaged; where nothing is there, those of asking for the server's clock.
    pub async fn open<S: Store>(
        job: Rc<Job<T, C>>,
        batch_type: BatchType,
        store: Rc<S>,
        scope: Scope,
    ) -> Result<Self, Error> {
        let mut position = match store.get(&scope.position(batch_type)).await? {
            Some(value) => Position::from_value(&value)?,
            None => Position::default(),
        };
        let began = position.start();
        position.cut();
        let from = match (began, job.settings.since) {
            (Some(began), Some(since)) => began.min(since),
            (Some(began), None) if job.looks_ahead(began) => job.beginning_before(began, batch_type).await?,
            (Some(began), None) => began,
            (None, _) => job.beginning(batch_type).await?,
        };
        let (seen, shelf) = remember(&*store, &scope, batch_type, &position, &job).await?;
        // A span that was left and reaches beyond where this run is to end is begun anew, up to there.
        let end = job.settings.until.unwrap_or(i64::MAX);
        position.open.take_if(|open| open.span.before > end);
        Ok(Self {
            job,
            scope,
            batch_type,
            position,
            seen,
            unmarked: Vec::new(),
            shelf: Rc::new(RefCell::new(shelf)),
            from,
            gone_through: from,
            stretch: None,
            tail: Tail::Untouched,
            records: 0,
            spans_done: 0,
        })
    }

    /// The next page that brings something, or the end of a span.
    ///
    /// # Errors
    /// Those of [`Walk::next`]. The track is over then.
    pub async fn step(&mut self) -> Result<Step<T::Records>, Error> {
        loop {
            let stretch = match self.stretch.take() {
                Some(stretch) => Some(stretch),
                None => self.next_stretch()?,
            };
            let Some(mut stretch) = stretch else {
                return Ok(self.milestone(None, Vec::new(), None, true));
            };
            let page = stretch.walk.next().await?;
            let is_over = stretch.walk.is_over();
            if is_over {
                self.job.make_sure(self.batch_type).await?;
            }
            let ceiling = self.job.ceiling();
            let until = stretch.until.map_or(ceiling, |until| until.min(ceiling));
            // What is not certain claims nothing.
            let complete = if self.is_sure_of(&stretch) { until } else { i64::MIN };
            let total_left = page.as_ref().and_then(|page| Some(page.total_count?.saturating_sub(page.end)));
            let delivery = match page {
                Some(page) => {
                    self.position.open = Some(self.open_at(&stretch, complete, page.cursor.clone()));
                    self.take(page, stretch.span, until)
                }
                None => None,
            };
            if delivery.is_none() && !is_over {
                // Nothing of the page is new; its marks are known already.
                self.stretch = Some(stretch);
                continue;
            }
            let marks = if self.job.is_certain() { self.mark(stretch.span, until) } else { Vec::new() };
            if is_over {
                self.finish(&stretch, complete);
            } else {
                self.stretch = Some(stretch);
            }
            let is_last = is_over && self.next_span().is_none();
            let left = if is_over { Some(0) } else { total_left };
            return Ok(self.milestone(delivery, marks, left, is_last));
        }
    }

    /// Whether it is certain up to when a span is complete.
    fn is_sure_of(&self, stretch: &Stretch<T, C>) -> bool {
        let (_, ahead) = self.job.server_began();
        let agrees = |doubt: i64| doubt.saturating_sub(ahead).saturating_abs() <= AGREE / 1000;
        self.job.is_certain() && stretch.doubt.is_none_or(agrees)
    }

    /// A span that is delivered up to a cursor.
    fn open_at(&self, stretch: &Stretch<T, C>, complete: i64, cursor: String) -> Open {
        let (began, ahead) = self.job.server_began();
        let (until, doubt) = match stretch.until {
            _ if self.job.is_certain() => (complete, None),
            Some(until) => (until, stretch.doubt),
            None => (began, Some(ahead)),
        };
        Open { span: stretch.span, until, cursor, doubt }
    }

    /// What of a page was not delivered before.
    fn take(&mut self, page: Page<T::Records>, span: Span, until: i64) -> Option<(T::Records, Span)> {
        let time = self.job.server_time(page.answer_time);
        let mut new = Vec::with_capacity(page.keys.len());
        let mut records = Vec::new();
        let stamps = UpdateStamp::of_records(&page.records);
        for (index, (key, stamp)) in page.keys.iter().zip(stamps).enumerate() {
            let mark = Mark::of(*key, stamp);
            if mark.is_some_and(|mark| self.seen.contains(mark, Tick::of(stamp, time))) {
                continue;
            }
            new.push(index);
            records.extend(mark.map(|mark| (mark, stamp)));
        }
        self.unmarked.push(Unmarked { records, read_at: page.answer_time });
        self.records = self.records.saturating_add(u64::try_from(new.len()).unwrap_or(u64::MAX));
        if new.is_empty() {
            return None;
        }
        let all = new.len() == page.keys.len();
        let records = if all { page.records } else { page.records.select(&new) };
        // What lies behind the server's clock is delivered as well, but nothing is said of it.
        let before = span.before.min(until).max(span.since);
        Some((records, Span { before, ..span }))
    }

    /// The marks of what was delivered, as far as it may be read again and cannot change without a sign of it.
    fn mark(&mut self, span: Span, until: i64) -> Vec<Mark> {
        // By another span of this run, which overlaps by a second, or by a run that reaches back: the next one, or this one if
        // the span was left by an earlier one.
        let next_run = self.job.end().min(until).saturating_sub(self.job.memory());
        let read_again = span.before.min(next_run).saturating_sub(2 * SEAM);
        let mut marks = Vec::new();
        for Unmarked { records, read_at } in std::mem::take(&mut self.unmarked) {
            let time = self.job.server_time(read_at);
            for (mark, stamp) in records.into_iter().filter(|(mark, _)| mark.at() >= read_again) {
                match Tick::of(stamp, time) {
                    Tick::Over => marks.push(mark),
                    Tick::ToCome => marks.push(mark.to_come()),
                    Tick::Running => {}
                }
            }
        }
        marks.iter().for_each(|mark| self.seen.insert(*mark));
        marks
    }

    fn finish(&mut self, stretch: &Stretch<T, C>, until: i64) {
        self.position.open = None;
        self.unmarked.clear();
        self.position.coverage.add(stretch.span, until);
        self.spans_done = self.spans_done.saturating_add(1);
        if !stretch.is_tail {
            if stretch.until.is_none() {
                // Whatever a clock says of it: it is not walked a second time.
                self.gone_through = self.gone_through.max(stretch.span.before);
            }
            return;
        }
        let (ceiling, end, delivered) = (self.job.ceiling(), self.job.end(), self.position.coverage.end());
        let is_behind = |end: Option<i64>| {
            end.is_some_and(|end| self.job.server_seconds() < end.saturating_sub(AGREE / 1000))
        };
        if self.job.settings.since.is_none() && is_behind(Some(self.from)) {
            // This machine's clock was ahead as well, so that nothing gave reason to ask before.
            self.from = self.job.beginning_behind();
            self.gone_through = self.from;
            return;
        }
        self.tail = if self.tail == Tail::Untouched && is_behind(self.position.end()) && self.from < ceiling {
            // What is updated from now on has to be read, though it seems to be delivered.
            self.job.tell_position_ahead();
            Tail::Behind
        } else if stretch.span.before < end {
            // Where the clock goes right again, there is no need to go through all between the two.
            let leap = delivered.filter(|delivered| *delivered <= ceiling).unwrap_or(i64::MIN);
            Tail::Begun(stretch.span.before.max(leap.saturating_sub(self.job.reach())))
        } else {
            match is_behind(delivered) {
                true if end > self.from => self.position.frontier = Some(end),
                true => {}
                false => self.position.frontier = None,
            }
            Tail::Done
        };
    }

    /// What is to be walked next, from where it was left.
    fn next_stretch(&mut self) -> Result<Option<Stretch<T, C>>, Error> {
        let left = self.position.open.clone();
        let found = match &left {
            Some(open) => Some((open.span, false)),
            None => self.next_span(),
        };
        let Some((span, is_tail)) = found else { return Ok(None) };
        let listing = |cursor| {
            let query = span.query(&QueryInit::default())?;
            let path = self.job.path.batch(self.batch_type);
            Ok(ListQuery::new(path, query, Paging::Pages, cursor)?.of_many_people())
        };
        // A cursor that is none (of another version, say) is one less: the span is walked from its start.
        let left_at = left.as_ref().map(|open| open.cursor.as_str());
        let listing: Result<ListQuery, Error> = listing(left_at).or_else(|_: Error| listing(None));
        let job = &self.job;
        let walk = Walk::new(job.client.clone(), listing?, job.abort.clone())
            .counted(&job.tally)
            .prefetch_at_most(&job.pages_each);
        let doubt = left.as_ref().and_then(|open| open.doubt);
        Ok(Some(Stretch { span, until: left.map(|open| open.until), doubt, is_tail, walk }))
    }

    /// The first span that is not delivered, and whether nothing behind it is.
    fn next_span(&self) -> Option<(Span, bool)> {
        let until = self.job.settings.until;
        let mut gap = self.position.coverage.gap(self.gone_through);
        // What no clock has come to is not delivered, and need not be: a position may be decades ahead.
        while let (start, Some(end)) = gap
            && self.job.is_to_come(start)
        {
            gap = self.position.coverage.gap(end);
        }
        let (start, end) = gap;
        if end.is_some() {
            let end = [end, until].into_iter().flatten().min();
            return end
                .filter(|end| start < *end)
                .map(|_| (Span::first(start.saturating_sub(SEAM), end), false));
        }
        let start = match self.tail {
            Tail::Done => return None,
            Tail::Untouched => {
                let start = self.position.frontier.map_or(start, |frontier| frontier.min(start));
                start.saturating_sub(self.job.reach()).max(self.from)
            }
            Tail::Behind => self.job.ceiling().saturating_sub(self.job.reach()).max(self.from),
            Tail::Begun(read) => read,
        };
        if until.is_some_and(|until| until <= start) {
            return None;
        }
        Some((Span::first(start.saturating_sub(SEAM), until), true))
    }

    fn milestone(
        &self,
        delivery: Option<(T::Records, Span)>,
        marks: Vec<Mark>,
        left: Option<u64>,
        is_last: bool,
    ) -> Step<T::Records> {
        let progress = Progress {
            batch_type: self.batch_type,
            records: self.records,
            expected: left.map(|left| self.records.saturating_add(left)),
            spans_done: self.spans_done,
            spans: if is_last { self.spans_done } else { self.spans_done.saturating_add(self.spans_left()) },
        };
        let milestone = Milestone {
            scope: self.scope.clone(),
            batch_type: self.batch_type,
            position: self.position.clone(),
            marks,
            shelf: self.shelf.clone(),
        };
        Step { delivery, milestone, progress, is_last }
    }

    /// How many spans lie before the end of the run, the one that is being walked among them.
    fn spans_left(&self) -> u64 {
        let end = self.job.end();
        let mut coverage = self.position.coverage.clone();
        let mut left = 0;
        if let Some(stretch) = &self.stretch {
            coverage.add(stretch.span, end);
            left = 1;
        }
        let mut from = self.gone_through;
        loop {
            let (start, gap_end) = match (coverage.gap(from), self.tail) {
                ((start, None), Tail::Begun(read)) => (start.min(read), None),
                (gap, _) => gap,
            };
            let to = gap_end.map_or(end, |gap_end| gap_end.min(end));
            if start < to {
                left += Span::count(start.saturating_sub(SEAM), to);
            }
            match gap_end {
                Some(gap_end) => from = gap_end,
                None => return left,
            }
        }
    }
}

/// What was delivered last, as far as it may be read again.
async fn remember<S: Store, T: ListTransport, C: Clock>(
    store: &S,
    scope: &Scope,
    batch_type: BatchType,
    position: &Position,
    job: &Job<T, C>,
) -> Result<(Seen, Shelf), Error> {
    let left = position.open.as_ref().map(|open| open.span.since);
    let end = [left, position.end()].into_iter().flatten().min().unwrap_or(i64::MIN);
    let room = job.settings.room;
    let mut shelf = Shelf::new(room, end.saturating_sub(job.memory()).saturating_sub(2 * SEAM));
    let mut seen = Seen::new(room.most());
    let settled = position.coverage.end().unwrap_or(i64::MIN).saturating_sub(TICK + SLACK / 1000);
    for slot in 0..position.slots.used {
        let value = store.get(&scope.seen(batch_type, slot)).await?;
        let marks = value.map_or_else(|| Ok(Vec::new()), |value| from_value(&value, settled))?;
        shelf.take_up(position.slots, marks).into_iter().for_each(|mark| seen.insert(mark));
    }
    Ok((seen, shelf))
}
