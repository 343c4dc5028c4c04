//! Programs that may die at any step.

use super::World;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use humansync::clock::Clock;
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

/// A program in a world. When it dies, all its futures are dropped at once, wherever they are. Clones are the same
/// program.
#[derive(Clone)]
pub struct Process(Rc<State>);

struct State {
    world: World,
    dead: Cell<bool>,
    parts: RefCell<Vec<Weak<dyn Mortal>>>,
    last_rites: RefCell<Vec<Box<dyn FnOnce()>>>,
}

/// Something that dies with its program.
trait Mortal {
    fn die(&self);
}

struct Part<O> {
    future: RefCell<Option<LocalBoxFuture<'static, O>>>,
    waker: RefCell<Option<Waker>>,
}

impl<O> Mortal for Part<O> {
    fn die(&self) {
        drop(self.future.take());
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Process {
    /// A program that has just been started.
    pub fn new(world: &World) -> Self {
        Self(Rc::new(State {
            world: world.clone(),
            dead: Cell::new(false),
            parts: RefCell::default(),
            last_rites: RefCell::default(),
        }))
    }

    /// Runs `future` as a part of this program; `None` if the program dies before its end.
    pub fn run<O: 'static>(
        &self,
        future: LocalBoxFuture<'static, O>,
    ) -> impl Future<Output = Option<O>> + use<O> {
        let part = Rc::new(Part { future: RefCell::new(Some(future)), waker: RefCell::default() });
        let mortal: Rc<dyn Mortal> = part.clone();
        self.0.parts.borrow_mut().push(Rc::downgrade(&mortal));
        drop(mortal);
        let process = self.clone();
        poll_fn(move |context| {
            // Taken out while it runs, as it may kill the program.
            let Some(mut future) = part.future.take().filter(|_| !process.is_dead()) else {
                return Poll::Ready(None);
            };
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            if process.is_dead() {
                return Poll::Ready(None);
            }
            part.future.replace(Some(future));
            part.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        })
    }

    /// Ends the program where it stands.
    pub fn kill(&self) {
        if self.0.dead.replace(true) {
            return;
        }
        // Its changes on disks are settled first: its locks are released when its parts are dropped.
        for rite in self.0.last_rites.take() {
            rite();
        }
        for part in self.0.parts.take() {
            if let Some(part) = part.upgrade() {
                part.die();
            }
        }
    }

    /// Whether it was killed.
    pub fn is_dead(&self) -> bool {
        self.0.dead.get()
    }

    /// Calls `act` when the program dies.
    pub fn at_death(&self, act: impl FnOnce() + 'static) {
        self.0.last_rites.borrow_mut().push(Box::new(act));
    }
}

impl Clock for Process {
    fn now(&self) -> i64 {
        self.0.world.now()
    }

    fn monotonic(&self) -> u64 {
        self.0.world.monotonic()
    }

    fn sleep(&self, milliseconds: u64) -> impl Future<Output = ()> + 'static {
        self.0.world.sleep(milliseconds)
    }

    fn chance(&self) -> f64 {
        self.0.world.chance()
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        self.0.world.spawn(self.run(task).map(|_| ()).boxed_local());
    }
}
