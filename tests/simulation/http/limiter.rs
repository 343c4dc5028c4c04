//! A limiter of the user: no request without a place, and every place is given back.

use super::asking::{Stage, ask, asks_to_wait, fails, fine};
use crate::setup::Setup;
use crate::world::{World, seeds};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, join, join_all};
use humansync::clock::Clock;
use humansync::error::Error;
use humansync::http::{Abort, Event, Lanes, Limiter, SharedLane};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A limiter with some places, which takes some time for everything.
#[derive(Clone)]
struct Shared {
    world: World,
    places: Lanes,
    takes: u64,
    /// How many places are taken.
    taken: Rc<Cell<usize>>,
    /// The pauses that it was told of, with the number of places that were taken then.
    pauses: Rc<RefCell<Vec<(i64, usize)>>>,
    fails: Rc<Cell<bool>>,
}

impl Shared {
    fn new(world: &World, places: usize, takes: u64) -> Self {
        Self {
            world: world.clone(),
            places: Lanes::new(places),
            takes,
            taken: Rc::default(),
            pauses: Rc::default(),
            fails: Rc::default(),
        }
    }
}

impl Limiter for Shared {
    fn enter(&self) -> LocalBoxFuture<'static, Result<SharedLane, Error>> {
        let shared = self.clone();
        async move {
            let place = shared.places.enter().await;
            shared.world.sleep(shared.takes).await;
            if shared.fails.get() {
                return Err(Error::Closed);
            }
            shared.taken.set(shared.taken.get() + 1);
            let taken = shared.taken.clone();
            Ok(SharedLane::new(move || {
                taken.set(taken.get() - 1);
                drop(place);
            }))
        }
        .boxed_local()
    }

    fn pause(&self, until: i64) -> LocalBoxFuture<'static, Result<(), Error>> {
        self.pauses.borrow_mut().push((until, self.taken.get()));
        let (waits, fails) = (self.world.sleep(self.takes), self.fails.get());
        async move {
            waits.await;
            if fails { Err(Error::Closed) } else { Ok(()) }
        }
        .boxed_local()
    }
}

#[test]
fn two_clients_share_its_places() {
    for places in [1, 2, 5] {
        let world = World::new(1);
        let shared = Shared::new(&world, places, 3);
        let [one, other] = [0, 1]
            .map(|_| Stage::limited(&world, &Setup::default(), Box::new(shared.clone()), |_: &_| fine()));
        world.run(join_all((0..60).map(|number| {
            let client = if number % 2 == 0 { one.client.clone() } else { other.client.clone() };
            async move { assert!(ask(&client, &Abort::new()).await.is_ok()) }
        })));
        assert_eq!(shared.taken.get(), 0);
        // Each request takes ten milliseconds, and its place three.
        assert_eq!(world.elapsed(), 60_u64.div_ceil(places as u64) * 13);
        assert!(one.network.most_in_flight() + other.network.most_in_flight() <= 2 * places);
    }
}

#[test]
fn a_place_is_given_back_however_the_call_ends_and_wherever_it_is() {
    for step in 1..40 {
        for status in [200, 404, 503] {
            let world = World::new(step);
            let shared = Shared::new(&world, 1, 4);
            let answer = move |_: &_| if status == 200 { fine() } else { fails(status) };
            let stage = Stage::limited(&world, &Setup::default(), Box::new(shared.clone()), answer);
            let abort = Abort::new();
            let stop = abort.clone();
            world.interrupt(step, move || stop.abort());
            let other = Stage::limited(&world, &Setup::default(), Box::new(shared.clone()), |_: &_| fine());
            let waits = async { ask(&other.client, &Abort::new()).await };
            let (_, waited) = world.run(join(ask(&stage.client, &abort), waits));
            assert!(waited.is_ok());
            assert_eq!(shared.taken.get(), 0, "after a {status}, aborted before step {step}");
        }
    }
}

#[test]
fn it_is_told_of_a_pause_before_the_place_is_given_back() {
    for seed in seeds(10) {
        let world = World::new(seed);
        let shared = Shared::new(&world, 1, 7);
        let first = Cell::new(true);
        let answer = move |_: &_| if first.replace(false) { asks_to_wait(429, "30") } else { fine() };
        let stage = Stage::limited(&world, &Setup::default(), Box::new(shared.clone()), answer);
        let started = world.now();
        assert!(world.run(ask(&stage.client, &Abort::new())).is_ok());
        // 7 ms for the place, and 10 ms for the answer.
        assert_eq!(*shared.pauses.borrow(), [(started + 17 + 30_000, 1)]);
        assert_eq!(stage.sent().len(), 2);
        assert!(stage.sent()[1] >= 30_017);
    }
}

#[test]
fn after_a_429_that_does_not_say_how_long_all_wait_for_a_second() {
    for (status, pauses) in [(429, 1), (500, 0), (503, 0)] {
        let world = World::new(1);
        let shared = Shared::new(&world, 1, 7);
        let first = Cell::new(true);
        let answer = move |_: &_| if first.replace(false) { fails(status) } else { fine() };
        let stage = Stage::limited(&world, &Setup::default(), Box::new(shared.clone()), answer);
        let started = world.now();
        assert!(world.run(ask(&stage.client, &Abort::new())).is_ok());
        let told = shared.pauses.borrow();
        assert_eq!(told.len(), pauses, "{status}");
        assert!(told.iter().all(|pause| *pause == (started + 17 + 1000, 1)), "{told:?}");
    }
}

#[test]
fn a_pause_that_begins_while_a_call_waits_for_its_place_is_waited_out() {
    let world = World::new(1);
    let shared = Shared::new(&world, 2, 8);
    let number = Cell::new(0);
    let answer = move |_: &_| {
        number.set(number.get() + 1);
        if number.get() == 1 { asks_to_wait(429, "5") } else { fine() }
    };
    let stage = Stage::limited(&world, &Setup::default(), Box::new(shared.clone()), answer);
    let late = async {
        // Its place comes after the answer to the other call.
        world.sleep(14).await;
        ask(&stage.client, &Abort::new()).await
    };
    let (one, other) = world.run(join(ask(&stage.client, &Abort::new()), late));
    assert!(one.is_ok() && other.is_ok());
    assert!(stage.sent()[1..].iter().all(|&at| at >= 5018), "{:?}", stage.sent());
    assert_eq!(shared.taken.get(), 0);
}

#[test]
fn what_it_fails_with_ends_the_call_and_nothing_is_sent() {
    let world = World::new(1);
    let shared = Shared::new(&world, 1, 1);
    shared.fails.set(true);
    let stage = Stage::limited(&world, &Setup::default(), Box::new(shared), |_: &_| fine());
    assert!(matches!(world.run(ask(&stage.client, &Abort::new())), Err(Error::Closed)));
    assert_eq!(stage.sent().len(), 0);
}

#[test]
fn a_pause_that_it_cannot_keep_is_a_warning() {
    let world = World::new(1);
    let shared = Shared::new(&world, 1, 1);
    let (first, failing) = (Cell::new(true), shared.fails.clone());
    let answer = move |_: &_| {
        // It fails from the answer on, until the pause is over.
        failing.set(first.get());
        if first.replace(false) { asks_to_wait(503, "2") } else { fine() }
    };
    let stage = Stage::limited(&world, &Setup::default(), Box::new(shared.clone()), answer);
    let heals = async {
        world.sleep(1000).await;
        shared.fails.set(false);
    };
    let (answer, ()) = world.run(join(ask(&stage.client, &Abort::new()), heals));
    assert!(answer.is_ok());
    let warned =
        |event: &Event| matches!(event, Event::Warning(warning) if warning.code == "pause-not-shared");
    assert_eq!(stage.told.borrow().iter().filter(|(_, event)| warned(event)).count(), 1);
    assert_eq!(stage.sent().len(), 2);
}
