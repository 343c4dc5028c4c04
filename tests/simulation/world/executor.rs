//! Runs tasks in virtual time.

use super::Chance;
use super::timer::{Due, Sleep, Timer};
use futures_util::future::LocalBoxFuture;
use humansync::clock::Clock;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// 2024-03-01T12:00:00Z: the wall clock when a world begins.
const WALL_AT_START: i64 = 1_709_294_400_000;
/// A world that has not ended after so many steps never ends.
const STEPS_AT_MOST: u64 = 20_000_000;
const MAIN: u64 = 0;

/// One thread with virtual time. Clones are the same world.
#[derive(Clone)]
pub struct World(Rc<State>);

struct State {
    seed: u64,
    chance: RefCell<Chance>,
    elapsed: Cell<u64>,
    jumped: Cell<i64>,
    /// After a suspension, the number of timers that had been set before it: these ring first.
    waking: Cell<Option<u64>>,
    timers: RefCell<BTreeMap<Due, Rc<Timer>>>,
    timers_set: Cell<u64>,
    tasks: RefCell<BTreeMap<u64, LocalBoxFuture<'static, ()>>>,
    tasks_spawned: Cell<u64>,
    ready: Arc<Ready>,
    steps: Cell<u64>,
    interruption: RefCell<Option<Interruption>>,
}

struct Interruption {
    before_step: u64,
    act: Box<dyn FnOnce()>,
}

impl World {
    /// A new world, in which `seed` decides everything.
    pub fn new(seed: u64) -> Self {
        Self(Rc::new(State {
            seed,
            chance: RefCell::new(Chance::new(seed, "clock")),
            elapsed: Cell::new(0),
            jumped: Cell::new(0),
            waking: Cell::new(None),
            timers: RefCell::default(),
            timers_set: Cell::new(0),
            tasks: RefCell::default(),
            tasks_spawned: Cell::new(MAIN),
            ready: Arc::default(),
            steps: Cell::new(0),
            interruption: RefCell::default(),
        }))
    }

    /// Random numbers of this world for one purpose.
    pub fn chance_for(&self, purpose: &str) -> Chance {
        Chance::new(self.0.seed, purpose)
    }

    /// Runs `main`, and the tasks that it spawns, until `main` ends. Time passes only while no task can run.
    ///
    /// # Panics
    /// If no task can run and no timer is left, or if `main` never ends.
    pub fn run<F: Future>(&self, main: F) -> F::Output {
        let mut main = pin!(main);
        self.0.ready.push(MAIN);
        loop {
            let Some(task) = self.0.ready.pop() else {
                assert!(
                    self.pass_time(),
                    "deadlock after {} ms: nothing can run, and no timer is left",
                    self.elapsed()
                );
                continue;
            };
            self.step();
            if task == MAIN {
                let waker = self.waker(MAIN);
                if let Poll::Ready(output) = main.as_mut().poll(&mut Context::from_waker(&waker)) {
                    return output;
                }
            } else {
                self.poll_task(task);
            }
        }
    }

    /// Runs spawned tasks as far as they get without time passing.
    pub fn settle(&self) {
        while let Some(task) = self.0.ready.pop() {
            self.poll_task(task);
        }
    }

    /// Milliseconds since the world began.
    pub fn elapsed(&self) -> u64 {
        self.0.elapsed.get()
    }

    /// How many times tasks were polled so far: tests that interrupt "at every await" count by it.
    pub fn steps(&self) -> u64 {
        self.0.steps.get()
    }

    /// Calls `act` right before the step with this number.
    pub fn interrupt(&self, before_step: u64, act: impl FnOnce() + 'static) {
        self.0.interruption.replace(Some(Interruption { before_step, act: Box::new(act) }));
    }

    /// Sets the wall clock forward or back, while the monotonic clock goes on.
    pub fn jump(&self, milliseconds: i64) {
        self.0.jumped.set(self.0.jumped.get() + milliseconds);
    }

    /// Suspends this machine for so long while the world around it goes on, as when a laptop is shut. After that
    /// everything is due at once, and timers ring one by one before arrivals are read, as in real hosts.
    pub fn suspend(&self, milliseconds: u64) {
        self.0.elapsed.set(self.elapsed() + milliseconds);
        self.0.waking.set(Some(self.0.timers_set.get()));
    }

    /// Waits until something arrives at `moment`: the world and not a timer of the program ends the wait.
    pub fn arrival(&self, moment: u64) -> Sleep {
        self.set_timer(moment, true)
    }

    /// How many timers have not rung.
    pub fn timers_left(&self) -> usize {
        self.0.timers.borrow().len()
    }

    /// How many spawned tasks have not ended.
    pub fn tasks_left(&self) -> usize {
        self.0.tasks.borrow().len()
    }

    pub(super) fn forget(&self, timer: Due) {
        self.0.timers.borrow_mut().remove(&timer);
    }

    fn step(&self) {
        let step = self.0.steps.get() + 1;
        self.0.steps.set(step);
        assert!(step < STEPS_AT_MOST, "no end after {step} steps and {} ms", self.elapsed());
        let due = self.0.interruption.borrow_mut().take_if(|interruption| interruption.before_step <= step);
        if let Some(interruption) = due {
            (interruption.act)();
        }
    }

    /// Advances the time to the next moment at which a timer rings. Returns false if there is none.
    fn pass_time(&self) -> bool {
        if self.wake_up() {
            return true;
        }
        let Some((&(moment, _), _)) = self.0.timers.borrow().first_key_value() else { return false };
        self.0.elapsed.set(self.elapsed().max(moment));
        let later = self.0.timers.borrow_mut().split_off(&(moment + 1, 0));
        let ringing = self.0.timers.replace(later);
        for timer in ringing.into_values() {
            timer.ring();
        }
        true
    }

    /// After a suspension, rings the next timer that is overdue, or lets the next arrival happen if there is none.
    fn wake_up(&self) -> bool {
        let Some(set_before) = self.0.waking.get() else { return false };
        let next = {
            let timers = self.0.timers.borrow();
            let overdue = || timers.range(..=(self.elapsed(), u64::MAX));
            let mut own = overdue().filter(|((_, number), timer)| !timer.is_arrival && *number < set_before);
            let mut arrivals = overdue().filter(|(_, timer)| timer.is_arrival);
            own.next().or_else(|| arrivals.next()).map(|(due, _)| *due)
        };
        let timer = next.and_then(|due| self.0.timers.borrow_mut().remove(&due));
        match timer {
            Some(timer) => timer.ring(),
            None => self.0.waking.set(None),
        }
        self.0.waking.get().is_some()
    }

    fn set_timer(&self, moment: u64, is_arrival: bool) -> Sleep {
        let number = self.0.timers_set.get();
        self.0.timers_set.set(number + 1);
        let due = (moment.min(u64::MAX - 1), number);
        let timer = Rc::new(Timer::new(is_arrival));
        self.0.timers.borrow_mut().insert(due, timer.clone());
        Sleep::new(self.clone(), due, timer)
    }

    fn poll_task(&self, id: u64) {
        // Taken out of the map while it runs, as it may spawn others.
        let Some(mut task) = self.0.tasks.borrow_mut().remove(&id) else { return };
        let waker = self.waker(id);
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            self.0.tasks.borrow_mut().insert(id, task);
        }
    }

    fn waker(&self, task: u64) -> Waker {
        Waker::from(Arc::new(Alarm { task, ready: self.0.ready.clone() }))
    }
}

impl Clock for World {
    fn now(&self) -> i64 {
        WALL_AT_START + self.elapsed() as i64 + self.0.jumped.get()
    }

    fn monotonic(&self) -> u64 {
        self.elapsed()
    }

    fn sleep(&self, milliseconds: u64) -> impl Future<Output = ()> + 'static {
        self.set_timer(self.elapsed().saturating_add(milliseconds), false)
    }

    fn chance(&self) -> f64 {
        self.0.chance.borrow_mut().fraction()
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        let id = self.0.tasks_spawned.get() + 1;
        self.0.tasks_spawned.set(id);
        self.0.tasks.borrow_mut().insert(id, task);
        self.0.ready.push(id);
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this was the world of seed {0}: HUMANSYNC_SEED={0} replays it", self.seed);
        }
    }
}

/// Tasks that were woken, in order and each once, as in a microtask queue.
#[derive(Default)]
struct Ready(Mutex<VecDeque<u64>>);

impl Ready {
    fn push(&self, task: u64) {
        let mut tasks = self.0.lock().unwrap();
        if !tasks.contains(&task) {
            tasks.push_back(task);
        }
    }

    fn pop(&self) -> Option<u64> {
        self.0.lock().unwrap().pop_front()
    }
}

struct Alarm {
    task: u64,
    ready: Arc<Ready>,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.ready.push(self.task);
    }
}
