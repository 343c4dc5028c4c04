//! Watches, from outside, the positions of the deltas that a consumer got in one run: none is stored before the consumer
//! is done with its delta, and few are not stored then.

use super::stored_positions::{in_checkpoint, position_in};
use crate::world::{Disk, World};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// As documented: so many deltas come again after a crash, and the one that the consumer has.
pub const MOST_AGAIN: usize = 8 + 1;

/// The deltas of one run. Clones are the same.
#[derive(Clone)]
pub struct GivenDeltas(Rc<State>);

struct State {
    world: World,
    disk: Disk,
    /// The run's access to the disk; `None` if its consumer stores checkpoints.
    store: Option<u64>,
    /// The number of the first recorded value that may be of this run.
    begun: usize,
    types: RefCell<BTreeMap<&'static str, Type>>,
    most: Cell<usize>,
    may_go_on: Cell<bool>,
}

/// The deltas of a type, and what was stored of it.
#[derive(Default)]
struct Type {
    given: Vec<Given>,
    /// So many of them are stored.
    stored: usize,
    /// The values so far. A position may come back: that of a window that proved nothing is the one before it.
    values: Vec<Vec<u8>>,
    /// The number of the first recorded value that was not looked at.
    next: usize,
}

struct Given {
    position: Vec<u8>,
    /// It ends within a window.
    is_within: bool,
    /// When the consumer was done with it.
    done: Option<u64>,
}

impl GivenDeltas {
    /// None so far.
    pub fn new(world: &World, disk: &Disk, store: Option<u64>) -> Self {
        Self(Rc::new(State {
            world: world.clone(),
            disk: disk.clone(),
            store,
            begun: disk.recorded(),
            types: RefCell::default(),
            most: Cell::new(0),
            may_go_on: Cell::new(false),
        }))
    }

    /// The consumer gets a delta.
    ///
    /// # Panics
    /// If a write had failed before, or as [`GivenDeltas::check`].
    pub fn give(&self, name: &'static str, checkpoint: &str) {
        let state = &*self.0;
        let Some(store) = state.store else { return };
        let failed = state.disk.failed_at(store).filter(|_| !state.may_go_on.get());
        let now = state.world.elapsed();
        assert!(failed.is_none_or(|at| at >= now), "{name}: a delta came after a write had failed");
        self.check();
        let mut types = state.types.borrow_mut();
        let of_type = types.entry(name).or_insert_with(|| Type { next: state.begun, ..Type::default() });
        of_type.look(name, state);
        let is_within = in_checkpoint(checkpoint).open.is_some();
        of_type.given.push(Given { position: position_in(checkpoint), is_within, done: None });
        drop(types);
        self.check();
    }

    /// The consumer is done with the delta that it got last.
    pub fn done(&self) {
        let now = self.0.world.elapsed();
        for of_type in self.0.types.borrow_mut().values_mut() {
            for given in of_type.given.iter_mut().rev().take_while(|given| given.done.is_none()) {
                given.done = Some(now);
            }
        }
    }

    /// The consumer was told that a write has failed, by a commit: the run may go on if it succeeds later.
    pub fn may_go_on(&self) {
        self.0.may_go_on.set(true);
    }

    /// How many deltas were not stored at most, with the one that the consumer had.
    pub fn most(&self) -> usize {
        self.0.most.get()
    }

    /// # Panics
    /// If the position of the delta is stored that the consumer has, or too many are not.
    pub fn check(&self) {
        let mut types = self.0.types.borrow_mut();
        types.iter_mut().for_each(|(name, of_type)| of_type.look(name, &self.0));
        let unstored = types.values().map(Type::unstored).sum();
        self.0.most.set(self.0.most.get().max(unstored));
        assert!(unstored <= MOST_AGAIN, "{unstored} deltas are not stored");
    }

    /// # Panics
    /// If the position of a delta is not stored that the consumer is done with.
    pub fn assert_stored(&self) {
        self.check();
        for (name, of_type) in self.0.types.borrow().iter() {
            let unstored = of_type.unstored() - of_type.held();
            assert_eq!(unstored, 0, "{name}: deltas are not stored that the consumer is done with");
        }
    }
}

impl Type {
    /// Looks at what was stored since the last time.
    fn look(&mut self, name: &str, state: &State) {
        let key = format!("/{}/position", name.replace('/', "."));
        let put = state.disk.recorded_from(self.next);
        // Whoever has the lock after this run may get, and store, the same deltas.
        let is_superseded = state.store.is_some_and(|store| state.disk.superseded(store).is_some());
        self.next += put.len();
        for put in put.into_iter().filter(|put| put.key.ends_with(&key)) {
            let is_at = |value: &[u8], given: &Given| value[12..].starts_with(&given.position);
            let done = self.given.iter().filter(|given| given.done.is_some_and(|at| at <= put.at)).count();
            for given in self.given[done..].iter().filter(|given| given.is_within && is_at(&put.value, given))
            {
                let is_known = self.values.iter().any(|value| is_at(value, given))
                    || is_superseded
                    || self.given[..done].iter().any(|own| own.position == given.position);
                assert!(
                    is_known,
                    "{name}: a position was stored before the consumer was done with its delta"
                );
            }
            let last = (self.stored..done).rev().find(|index| is_at(&put.value, &self.given[*index]));
            // What is no delta's position is the end of a window without one, after some of those that are done.
            self.stored =
                last.map_or(self.stored.max(done), |index| self.with_what_proved_nothing(index, done));
            self.values.push(put.value);
        }
    }

    /// How many are stored with the delta at this index, of those that are `done`. A window that proved nothing leaves the
    /// position before it, and its own deltas may be stored in one go with that.
    fn with_what_proved_nothing(&self, index: usize, done: usize) -> usize {
        if self.given[index].is_within {
            return index + 1;
        }
        let of_window = self.given[index + 1..done].iter().take_while(|given| given.is_within);
        index + 1 + of_window.count()
    }

    /// Whether the consumer has the last one.
    fn held(&self) -> usize {
        self.given.iter().filter(|given| given.done.is_none()).count()
    }

    /// How many are not stored, with the one that the consumer has.
    fn unstored(&self) -> usize {
        self.given.len() - self.stored
    }
}
