//! Aborting a call at every step it takes, and closing the client.

use super::asking::{Stage, ask, asks_to_wait, fails, fine, script};
use crate::server::{MovingList, PagedServer};
use crate::setup::{Setup, secret_function};
use crate::world::{Conditions, Network, Outcome, World};
use futures_util::future::{join, join_all};
use humansync::clock::Clock;
use humansync::error::Error;
use humansync::http::{Abort, Request};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A call that comes by everything there is to wait for: the secret, a lane, a pause, an answer, a timeout, a backoff, a
/// second secret. Stopped before `step`, if it comes so far; gives the steps it took.
fn eventful_call(step: Option<u64>, stop: fn(&Abort, &crate::setup::SimulatedClient)) -> u64 {
    let world = World::new(3);
    let answers = RefCell::new(
        vec![
            fails(401),
            fails(503),
            Outcome::Silence,
            asks_to_wait(429, "9"),
            Outcome::Cut { sent: true },
            fails(500),
        ]
        .into_iter(),
    );
    let network = Network::new(&world, Conditions::steady(5), move |_: &Request| {
        answers.borrow_mut().next().unwrap_or_else(fine)
    });
    let (source, _) = secret_function(&world, 100);
    let setup = Setup { concurrency: 1, max_retries: 9, ..Setup::default() };
    let (client, _) = setup.client_with(&world, &network, source);
    let abort = Abort::new();
    let stopped = Rc::new(Cell::new(None));
    if let Some(step) = step {
        let (abort, client, clock, at) = (abort.clone(), client.clone(), world.clone(), stopped.clone());
        world.interrupt(step, move || {
            at.set(Some(clock.elapsed()));
            stop(&abort, &client);
        });
    }
    let ended = world.run(ask(&client, &abort));
    let steps = world.steps();
    match stopped.get() {
        Some(at) => {
            let as_told = matches!(ended, Err(Error::Aborted | Error::Closed));
            assert!(as_told, "stopped before step {step:?}: {ended:?}");
            assert_eq!(world.elapsed(), at, "stopped before step {step:?}, it took time to end");
        }
        None => assert!(ended.is_ok(), "{ended:?}"),
    }
    world.settle();
    assert_eq!(network.in_flight(), 0, "step {step:?}: a request is in flight");
    // The caller's own function, once asked for the secret, runs on to its end; nothing of the client's does.
    world.run(world.sleep(100));
    world.settle();
    assert_eq!(world.timers_left(), 0, "step {step:?}: a timer runs");
    // The only lane is free: another call gets through, or is refused by a closed client, but does not hang.
    let another = world.run(ask(&client, &Abort::new()));
    assert!(another.is_ok() || matches!(another, Err(Error::Closed)), "step {step:?}: {another:?}");
    steps
}

#[test]
fn aborting_at_every_step_ends_the_call_at_once_and_leaks_nothing() {
    let steps = eventful_call(None, |_, _| ());
    assert!(steps > 20, "only {steps} steps: this call waits for too little");
    for step in 1..=steps {
        eventful_call(Some(step), |abort, _| abort.abort());
    }
}

#[test]
fn closing_the_client_at_every_step_ends_the_call_at_once_and_leaks_nothing() {
    let steps = eventful_call(None, |_, _| ());
    for step in 1..=steps {
        eventful_call(Some(step), |_, client| client.close());
    }
}

#[test]
fn aborting_during_a_wait_of_a_minute_ends_within_fifty_milliseconds() {
    let stage = Stage::new(&Setup::default(), script([asks_to_wait(429, "60")]));
    let abort = Abort::new();
    let (ended, ()) = stage.world.run(async {
        join(ask(&stage.client, &abort), async {
            stage.world.sleep(20_000).await;
            abort.abort();
        })
        .await
    });
    assert!(matches!(ended, Err(Error::Aborted)));
    assert!(stage.world.elapsed() <= 20_050, "{} ms", stage.world.elapsed());
    stage.assert_nothing_is_left();
}

#[test]
fn a_call_with_an_aborted_signal_sends_nothing() {
    let stage = Stage::new(&Setup::default(), |_: &_| fine());
    let abort = Abort::new();
    abort.abort();
    assert!(matches!(stage.world.run(ask(&stage.client, &abort)), Err(Error::Aborted)));
    assert_eq!(stage.network.requests(), 0);
}

#[test]
fn aborting_one_call_leaves_the_others_alone() {
    let stage = Stage::new(&Setup::with_concurrency(2), |_: &_| {
        Outcome::Late(1_000, crate::server::ok(crate::server::Document::Blank))
    });
    let abort = Abort::new();
    let ended = stage.world.run(async {
        let others = join_all((0..6).map(|_| {
            let client = stage.client.clone();
            async move { ask(&client, &Abort::new()).await }
        }));
        let stopped = join(ask(&stage.client, &abort), async {
            stage.world.sleep(500).await;
            abort.abort();
        });
        join(stopped, others).await
    });
    assert!(matches!(ended.0.0, Err(Error::Aborted)));
    assert!(ended.1.iter().all(Result::is_ok));
    stage.assert_nothing_is_left();
}

#[test]
fn a_closed_client_ends_what_runs_and_refuses_what_follows() {
    let stage = Stage::new(&Setup::with_concurrency(2), |_: &_| Outcome::Silence);
    let (ended, ()) = stage.world.run(async {
        let calls = join_all((0..6).map(|_| {
            let client = stage.client.clone();
            async move { ask(&client, &Abort::new()).await }
        }));
        join(calls, async {
            stage.world.sleep(100).await;
            stage.client.close();
        })
        .await
    });
    assert!(ended.iter().all(|ended| matches!(ended, Err(Error::Closed))));
    assert_eq!(stage.world.elapsed(), 100);
    stage.assert_nothing_is_left();
    assert!(matches!(stage.ask(), Err(Error::Closed)));
    assert_eq!(stage.network.requests(), 2);
}

#[test]
fn closing_a_client_ends_its_walks() {
    use crate::pages::reading::{activities, walk};
    let world = World::new(0);
    let list = Rc::new(RefCell::new(MovingList::with_ids(2000)));
    let network = Network::new(&world, Conditions::uneven(), PagedServer::new(&list));
    let client = Setup::default().client(&world, &network);
    let mut walk = walk(&client, activities(50));
    world.run(async {
        walk.next().await.unwrap();
        walk.next().await.unwrap();
        client.close();
        let mut ended = walk.next().await;
        // Pages that are here already may still come.
        while matches!(ended, Ok(Some(_))) {
            ended = walk.next().await;
        }
        assert!(matches!(ended, Err(Error::Closed)), "{:?}", ended.map(|page| page.map(|page| page.offset)));
    });
    drop(walk);
    world.settle();
    assert_eq!((network.in_flight(), world.timers_left()), (0, 0));
}
