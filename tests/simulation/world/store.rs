//! What outlives programs: values under keys. Locks are released when their holder dies.

use super::{Chance, Process, World};
use futures_util::FutureExt;
use humansync::clock::Clock;
use humansync::error::{Error, StoreError};
use humansync::http::Abort;
use humansync::latch::Latch;
use humansync::store::{Lock, Store};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// Holds values under keys. Clones are the same disk.
///
/// An operation takes some time, and has its effect at one moment of it: a value is there as a whole or not at all. An
/// operation that a program has begun and no longer waits for takes effect all the same. Operations that are under way
/// when the program dies may take effect or not. Changes of one program under one key take effect in the order in which
/// it began them.
///
/// A lock may be lost. Whoever has it next has a greater token, and changes under an older one are refused at the moment
/// in which they would take effect.
#[derive(Clone)]
pub struct Disk(Rc<State>);

/// A program's access to a disk.
pub struct DiskStore {
    disk: Disk,
    process: Process,
    /// Tells this access from others.
    pub number: u64,
}

/// The kind of an operation on a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// A value is read.
    Get,
    /// A value is put.
    Set,
    /// A value is removed.
    Delete,
    /// Keys are listed.
    Keys,
    /// A lock is waited for.
    Lock,
    /// A lock is given back.
    Release,
}

/// An operation on a disk.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its number, from 0.
    pub number: u64,
    /// Its kind.
    pub verb: Verb,
    /// The key, or the name of the lock.
    pub key: String,
}

/// How an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailurePoint {
    /// It fails before it takes effect.
    Before,
    /// It takes effect, and then fails.
    After,
}

/// Decides whether an operation fails.
type Judge = Box<dyn FnMut(&Operation) -> Option<FailurePoint>>;

/// Chooses keys.
type Chooser = Box<dyn Fn(&str) -> bool>;

struct State {
    world: World,
    delay: RangeInclusive<u64>,
    chance: RefCell<Chance>,
    values: RefCell<BTreeMap<String, Vec<u8>>>,
    /// Changes that have not taken effect yet, in the order in which they were begun.
    begun: RefCell<Vec<Change>>,
    locks: RefCell<BTreeMap<String, Queue>>,
    holders: Cell<u64>,
    stores: Cell<u64>,
    operations: Cell<u64>,
    refused: Cell<u64>,
    /// By the number of a store: when another got a lock that it had lost.
    superseded: RefCell<BTreeMap<u64, u64>>,
    /// Under which keys values are recorded, and these values.
    records: RefCell<Option<Chooser>>,
    recorded: RefCell<Vec<PutValue>>,
    /// By the number of a store: when the first of its changes failed that was answered.
    failed: RefCell<BTreeMap<u64, u64>>,
    bytes_written: Cell<u64>,
    failing: RefCell<Option<Judge>>,
}

/// A value that was put under a key.
#[derive(Clone)]
pub struct PutValue {
    /// When it took effect.
    pub at: u64,
    /// The key.
    pub key: String,
    /// The value.
    pub value: Vec<u8>,
}

/// A value to be put under a key, or, without a value, the removal of the key.
struct Change {
    at: u64,
    store: u64,
    key: String,
    value: Option<Vec<u8>>,
    /// The lock under which it is made, and its token.
    fence: (String, u64),
    /// Becomes true if it is refused.
    is_refused: Rc<Cell<bool>>,
}

#[derive(Default)]
struct Queue {
    holder: Option<Rc<Holder>>,
    /// The token of the latest holder.
    token: u64,
    waiting: VecDeque<Rc<Holder>>,
    /// Those who have lost it since the latest holder got it.
    losers: Vec<Rc<Holder>>,
}

/// Who has a lock or waits for it.
struct Holder {
    number: u64,
    /// The number of its store.
    store: u64,
    turn: Latch,
    token: Cell<u64>,
    lost: Abort,
}

/// When the holder of a lost lock is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Before another may have it.
    InTime,
    /// After so many milliseconds.
    Late(u64),
    /// Never: only what is refused tells it.
    Never,
}

impl Disk {
    /// An empty disk, whose operations take so many milliseconds.
    pub fn new(world: &World, delay: RangeInclusive<u64>) -> Self {
        Self(Rc::new(State {
            world: world.clone(),
            delay,
            chance: RefCell::new(world.chance_for("disk")),
            values: RefCell::default(),
            begun: RefCell::default(),
            locks: RefCell::default(),
            holders: Cell::new(0),
            stores: Cell::new(0),
            operations: Cell::new(0),
            refused: Cell::new(0),
            superseded: RefCell::default(),
            recorded: RefCell::default(),
            records: RefCell::default(),
            failed: RefCell::default(),
            bytes_written: Cell::new(0),
            failing: RefCell::default(),
        }))
    }

    /// Opens the disk for a program.
    pub fn open(&self, process: &Process) -> DiskStore {
        let number = self.0.stores.get();
        self.0.stores.set(number + 1);
        let disk = self.clone();
        process.at_death(move || disk.0.abandon(number));
        DiskStore { disk: self.clone(), process: process.clone(), number }
    }

    /// Lets `failing` decide which operations fail.
    pub fn fail(&self, failing: impl FnMut(&Operation) -> Option<FailurePoint> + 'static) {
        self.0.failing.replace(Some(Box::new(failing)));
    }

    /// Lets no operation fail any more.
    pub fn heal(&self) {
        self.0.failing.replace(None);
    }

    /// How often it was opened.
    pub fn opened(&self) -> u64 {
        self.0.stores.get()
    }

    /// When another got a lock that this store's program had lost.
    pub fn superseded(&self, store: u64) -> Option<u64> {
        self.0.superseded.borrow().get(&store).copied()
    }

    /// When this store's program was first told that a change had failed.
    pub fn failed_at(&self, store: u64) -> Option<u64> {
        self.0.failed.borrow().get(&store).copied()
    }

    /// How many changes were refused, as another had the lock by then.
    pub fn refused(&self) -> u64 {
        self.0.refused.get()
    }

    /// How many operations there were so far.
    pub fn operations(&self) -> u64 {
        self.0.operations.get()
    }

    /// The bytes of all values that were put.
    pub fn bytes_written(&self) -> u64 {
        self.0.bytes_written.get()
    }

    /// All keys.
    pub fn keys(&self) -> Vec<String> {
        self.0.catch_up();
        self.0.values.borrow().keys().cloned().collect()
    }

    /// All values by key.
    pub fn values(&self) -> BTreeMap<String, Vec<u8>> {
        self.0.catch_up();
        self.0.values.borrow().clone()
    }

    /// The value under a key.
    pub fn value(&self, key: &str) -> Option<Vec<u8>> {
        self.0.catch_up();
        self.0.values.borrow().get(key).cloned()
    }

    /// Records the values that are put from now on under keys that `records` chooses.
    pub fn record(&self, records: impl Fn(&str) -> bool + 'static) {
        self.0.records.replace(Some(Box::new(records)));
    }

    /// How many values are recorded.
    pub fn recorded(&self) -> usize {
        self.0.catch_up();
        self.0.recorded.borrow().len()
    }

    /// The recorded values from this one on, in the order in which they took effect.
    pub fn recorded_from(&self, first: usize) -> Vec<PutValue> {
        self.0.catch_up();
        self.0.recorded.borrow().get(first..).unwrap_or_default().to_vec()
    }

    /// Puts a value on the disk at once, and not from a program.
    pub fn put(&self, key: &str, value: Vec<u8>) {
        self.0.catch_up();
        self.0.values.borrow_mut().insert(key.to_owned(), value);
    }

    /// Removes a value at once, as if the disk had lost it.
    pub fn lose(&self, key: &str) {
        self.0.catch_up();
        self.0.values.borrow_mut().remove(key);
    }

    /// Takes all locks from their holders, as if these had not said in time that they still need them. Returns the
    /// numbers of their stores.
    pub fn lose_locks(&self, told: Told) -> Vec<u64> {
        let holders: Vec<(String, Rc<Holder>)> = {
            let locks = self.0.locks.borrow();
            locks.iter().filter_map(|(name, queue)| Some((name.clone(), queue.holder.clone()?))).collect()
        };
        for (name, holder) in &holders {
            if let Some(queue) = self.0.locks.borrow_mut().get_mut(name) {
                queue.losers.push(holder.clone());
            }
            match told {
                Told::InTime => holder.lost.abort(),
                Told::Late(milliseconds) => {
                    let (lost, wait) = (holder.lost.clone(), self.0.world.sleep(milliseconds));
                    self.0.world.spawn(
                        async move {
                            wait.await;
                            lost.abort();
                        }
                        .boxed_local(),
                    );
                }
                Told::Never => {}
            }
            self.0.pass_on(name);
        }
        holders.iter().map(|(_, holder)| holder.store).collect()
    }

    /// How many locks are held or waited for.
    pub fn locks_held(&self) -> usize {
        let locks = self.0.locks.borrow();
        locks.values().map(|queue| usize::from(queue.holder.is_some()) + queue.waiting.len()).sum()
    }
}

impl State {
    /// Makes the changes that are due.
    fn catch_up(&self) {
        let now = self.world.elapsed();
        let mut due: Vec<Change> =
            self.begun.borrow_mut().extract_if(.., |change| change.at <= now).collect();
        due.sort_by_key(|change| change.at);
        due.into_iter().for_each(|change| self.happen(change));
    }

    fn happen(&self, change: Change) {
        let (name, token) = &change.fence;
        if self.locks.borrow().get(name).is_some_and(|queue| queue.token > *token) {
            change.is_refused.set(true);
            self.refused.set(self.refused.get() + 1);
            return;
        }
        if let (Some(records), Some(value)) = (&*self.records.borrow(), &change.value)
            && records(&change.key)
        {
            let at = change.at.min(self.world.elapsed());
            let put = PutValue { at, key: change.key.clone(), value: value.clone() };
            self.recorded.borrow_mut().push(put);
        }
        let mut values = self.values.borrow_mut();
        match change.value {
            Some(value) => values.insert(change.key, value),
            None => values.remove(&change.key),
        };
    }

    /// Decides, when a program dies, which of the changes under way take effect.
    fn abandon(&self, store: u64) {
        self.catch_up();
        let mut begun: Vec<Change> =
            self.begun.borrow_mut().extract_if(.., |change| change.store == store).collect();
        begun.sort_by_key(|change| change.at);
        // A random number of them, in order.
        let happened = self.chance.borrow_mut().within(0..=begun.len() as u64) as usize;
        begun.into_iter().take(happened).for_each(|change| self.happen(change));
    }

    /// Counts an operation. Returns how long it takes, when in that time it takes effect, and whether it fails.
    fn begin(&self, verb: Verb, key: &str) -> (u64, u64, Option<FailurePoint>) {
        let number = self.operations.get();
        self.operations.set(number + 1);
        let operation = Operation { number, verb, key: key.to_owned() };
        let failing = self.failing.borrow_mut().as_mut().and_then(|failing| failing(&operation));
        let mut chance = self.chance.borrow_mut();
        let takes = chance.within(self.delay.clone());
        let after = chance.within(0..=takes);
        (takes, after, failing)
    }

    /// Begins a change under a key. Returns how long it takes, and whether it fails.
    fn change(&self, verb: Verb, mut change: Change) -> (u64, Option<FailurePoint>) {
        let (takes, after, failing) = self.begin(verb, &change.key);
        let now = self.world.elapsed();
        let mut begun = self.begun.borrow_mut();
        let before = begun.iter().filter(|begun| begun.store == change.store && begun.key == change.key);
        let at = before.map(|begun| begun.at).max().unwrap_or(0).max(now + after);
        if failing != Some(FailurePoint::Before) {
            let size = change.value.as_ref().map_or(0, Vec::len) as u64;
            self.bytes_written.set(self.bytes_written.get() + size);
            change.at = at;
            begun.push(change);
        }
        (takes.max(at - now), failing)
    }

    /// Takes somebody out of the queue for a lock, and passes the lock on if it was theirs.
    fn leave(&self, name: &str, number: u64) {
        let holds = {
            let mut locks = self.locks.borrow_mut();
            let Some(queue) = locks.get_mut(name) else { return };
            queue.waiting.retain(|holder| holder.number != number);
            queue.holder.as_ref().is_some_and(|holder| holder.number == number)
        };
        if holds {
            self.pass_on(name);
        }
    }

    fn give(&self, queue: &mut Queue, holder: Rc<Holder>) {
        let now = self.world.elapsed();
        self.superseded.borrow_mut().extend(queue.losers.drain(..).map(|loser| (loser.store, now)));
        queue.token += 1;
        holder.token.set(queue.token);
        holder.turn.raise();
        queue.holder = Some(holder);
    }

    fn pass_on(&self, name: &str) {
        let mut locks = self.locks.borrow_mut();
        let Some(queue) = locks.get_mut(name) else { return };
        queue.holder = None;
        if let Some(next) = queue.waiting.pop_front() {
            self.give(queue, next);
        }
    }
}

fn failure(code: &'static str) -> Error {
    Error::Store(Box::new(StoreError { code, message: "the disk does not do that now", cause: None }))
}

impl DiskStore {
    fn state(&self) -> Rc<State> {
        assert!(!self.process.is_dead(), "a dead program uses the disk");
        self.disk.0.clone()
    }

    fn read<O: 'static>(
        &self,
        verb: Verb,
        key: &str,
        look: impl FnOnce(&BTreeMap<String, Vec<u8>>) -> O + 'static,
    ) -> impl Future<Output = Result<O, Error>> + 'static {
        let state = self.state();
        let (takes, after, failing) = state.begin(verb, key);
        async move {
            state.world.sleep(after).await;
            state.catch_up();
            let found = look(&state.values.borrow());
            state.world.sleep(takes - after).await;
            if failing.is_some() { Err(failure("failed")) } else { Ok(found) }
        }
    }
}

impl Store for DiskStore {
    type Lock = DiskLock;

    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, Error>> + 'static {
        let wanted = key.to_owned();
        self.read(Verb::Get, key, move |values| values.get(&wanted).cloned())
    }

    fn keys(&self, prefix: &str) -> impl Future<Output = Result<Vec<String>, Error>> + 'static {
        let wanted = prefix.to_owned();
        self.read(Verb::Keys, prefix, move |values| {
            values.keys().filter(|key| key.starts_with(&wanted)).cloned().collect()
        })
    }

    fn lock(&self, name: &str) -> impl Future<Output = Result<DiskLock, Error>> + 'static {
        let state = self.state();
        let (takes, _, failing) = state.begin(Verb::Lock, name);
        let number = state.holders.get();
        state.holders.set(number + 1);
        let holder = Rc::new(Holder {
            number,
            store: self.number,
            turn: Latch::default(),
            token: Cell::new(0),
            lost: Abort::new(),
        });
        let (process, name) = (self.process.clone(), name.to_owned());
        async move {
            state.world.sleep(takes).await;
            if failing.is_some() {
                return Err(failure("failed"));
            }
            {
                let mut locks = state.locks.borrow_mut();
                let queue = locks.entry(name.clone()).or_default();
                if queue.holder.is_none() {
                    state.give(queue, holder.clone());
                } else {
                    queue.waiting.push_back(holder.clone());
                }
            }
            let turn = holder.turn.raised();
            // From here on, dropping the lock releases it or stops waiting for it.
            let lock = DiskLock { state, process, name, holder };
            turn.await;
            Ok(lock)
        }
    }
}

/// A lock that is held or waited for.
pub struct DiskLock {
    state: Rc<State>,
    process: Process,
    name: String,
    holder: Rc<Holder>,
}

impl DiskLock {
    fn change(
        &self,
        verb: Verb,
        key: &str,
        value: Option<Vec<u8>>,
    ) -> impl Future<Output = Result<(), Error>> + 'static {
        assert!(!self.process.is_dead(), "a dead program uses the disk");
        let (state, store) = (self.state.clone(), self.holder.store);
        let is_refused = Rc::new(Cell::new(false));
        let change = Change {
            at: 0,
            store,
            key: key.to_owned(),
            value,
            fence: (self.name.clone(), self.holder.token.get()),
            is_refused: is_refused.clone(),
        };
        let (takes, failing) = state.change(verb, change);
        async move {
            state.world.sleep(takes).await;
            state.catch_up();
            let code = match failing {
                Some(_) => "failed",
                None if is_refused.get() => "fenced",
                None => return Ok(()),
            };
            state.failed.borrow_mut().entry(store).or_insert(state.world.elapsed());
            Err(failure(code))
        }
    }
}

impl Lock for DiskLock {
    fn set(&self, key: &str, value: Vec<u8>) -> impl Future<Output = Result<(), Error>> + 'static {
        self.change(Verb::Set, key, Some(value))
    }

    fn delete(&self, key: &str) -> impl Future<Output = Result<(), Error>> + 'static {
        self.change(Verb::Delete, key, None)
    }

    fn lost(&self) -> Abort {
        self.holder.lost.clone()
    }

    fn release(&self) -> impl Future<Output = Result<(), Error>> + 'static {
        let (state, name, number) = (self.state.clone(), self.name.clone(), self.holder.number);
        let (takes, _, failing) = state.begin(Verb::Release, &name);
        async move {
            state.world.sleep(takes).await;
            state.leave(&name, number);
            if failing.is_some() { Err(failure("failed")) } else { Ok(()) }
        }
    }
}

impl Drop for DiskLock {
    fn drop(&mut self) {
        self.state.leave(&self.name, self.holder.number);
    }
}
