//! Walks that stop early: they request no more pages than they need, and leave nothing running.

use crate::pages::reading::{activities, read_all, read_pages, walk};
use crate::server::{LinkForm, MovingList, PagedServer, Totals};
use crate::setup::Setup;
use crate::world::{Conditions, Fate, Network, World};
use humansync::error::Error;
use humansync::http::Abort;
use humansync::pages::Walk;
use std::cell::RefCell;
use std::rc::Rc;

fn network_of(world: &World, length: u64, totals: Totals, links: LinkForm) -> Network {
    let list = Rc::new(RefCell::new(MovingList::with_ids(length)));
    Network::new(world, Conditions::uneven(), PagedServer { totals, links, ..PagedServer::new(&list) })
}

#[test]
fn nothing_is_sent_before_the_first_page_is_requested() {
    let world = World::new(0);
    let network = network_of(&world, 234, Totals::True, LinkForm::Wire);
    let client = Setup::default().client(&world, &network);
    drop(walk(&client, activities(50)));
    world.settle();
    assert_eq!(network.requests(), 0);
}

#[test]
fn the_first_page_alone_takes_one_request() {
    let world = World::new(0);
    let network = network_of(&world, 2000, Totals::True, LinkForm::Wire);
    let client = Setup::default().client(&world, &network);
    let reading = world.run(read_pages(walk(&client, activities(50)), 1));
    assert_eq!(reading.serials(), (0..50).collect::<Vec<_>>());
    world.settle();
    assert_eq!(network.requests(), 1);
}

#[test]
fn a_walk_for_some_records_requests_only_the_pages_it_needs() {
    for lanes in [1, 6] {
        for (totals, links) in [
            (Totals::True, LinkForm::Wire),
            (Totals::True, LinkForm::Hidden),
            (Totals::Hidden, LinkForm::Wire),
        ] {
            for limit in [1, 7, 50, 499, 500_u64] {
                for wanted in [1, 2, 7, 8, 50, 51, 100, 101, 499, 500, 999] {
                    let world = World::new(wanted);
                    let network = network_of(&world, 2000, totals, links);
                    let client = Setup::with_concurrency(lanes).client(&world, &network);
                    let reading = world.run(read_all(walk(&client, activities(limit)).at_most(wanted)));
                    let case = format!("{wanted} by {limit}, {totals:?}, {links:?}, {lanes} lanes");
                    assert!(reading.error.is_none(), "{case}: {:?}", reading.error);
                    let serials = reading.serials();
                    assert_eq!(serials, (0..wanted).collect::<Vec<_>>(), "{case}");
                    let fewest = 1 + wanted.saturating_sub(limit).div_ceil(limit.min(499));
                    assert_eq!(network.requests() as u64, fewest, "{case}");
                }
            }
        }
    }
}

#[test]
fn a_walk_for_no_records_ends_at_once() {
    let world = World::new(0);
    let network = network_of(&world, 2000, Totals::True, LinkForm::Wire);
    let client = Setup::default().client(&world, &network);
    let reading = world.run(read_all(walk(&client, activities(50)).at_most(0)));
    assert!(reading.error.is_none());
    assert!(network.requests() <= 1);
}

#[test]
fn a_walk_for_more_records_than_there_are_reads_them_all() {
    let world = World::new(0);
    let network = network_of(&world, 234, Totals::True, LinkForm::Wire);
    let client = Setup::default().client(&world, &network);
    let reading = world.run(read_all(walk(&client, activities(50)).at_most(10_000)));
    assert_eq!(reading.serials(), (0..234).collect::<Vec<_>>());
}

#[test]
fn dropping_a_walk_cancels_its_requests() {
    let mut cancelled_in_all = 0;
    for pages in 1..8 {
        let world = World::new(pages);
        let network = network_of(&world, 2000, Totals::True, LinkForm::Wire);
        let client = Setup::default().client(&world, &network);
        world.run(read_pages(walk(&client, activities(50)), pages as usize));
        world.settle();
        assert_eq!(network.in_flight(), 0);
        assert_eq!((world.timers_left(), world.tasks_left()), (0, 0));
        let cancelled = network.log().iter().filter(|exchange| exchange.fate == Fate::Cancelled).count();
        // The first page is requested alone.
        assert!(cancelled == 0 || pages > 1);
        cancelled_in_all += cancelled;
        // The lanes are free again, so that another walk gets through.
        let again = world.run(read_all(walk(&client, activities(500))));
        assert_eq!(again.serials().len(), 2000);
    }
    assert!(cancelled_in_all > 5, "{cancelled_in_all}: these walks had too little in flight");
}

#[test]
fn aborting_a_walk_at_any_step_ends_it_at_once_and_leaves_nothing_running() {
    let run = |stop: Option<u64>| {
        let world = World::new(7);
        let network = network_of(&world, 60, Totals::True, LinkForm::Wire);
        let client = Setup::default().client(&world, &network);
        let abort = Abort::new();
        let aborted_at = Rc::new(std::cell::Cell::new(None));
        if let Some(step) = stop {
            let (abort, clock, at) = (abort.clone(), world.clone(), aborted_at.clone());
            world.interrupt(step, move || {
                at.set(Some(clock.elapsed()));
                abort.abort();
            });
        }
        let reading = world.run(read_all(Walk::new(client.clone(), activities(7), abort)));
        if let Some(at) = aborted_at.get() {
            let is_aborted = matches!(reading.error, Some(Error::Aborted));
            assert!(is_aborted, "step {stop:?}: {:?}", reading.error);
            assert_eq!(world.elapsed(), at, "step {stop:?}: it took time");
        } else {
            assert_eq!(reading.serials(), (0..60).collect::<Vec<_>>());
        }
        world.settle();
        assert_eq!(network.in_flight(), 0, "step {stop:?}");
        assert_eq!((world.timers_left(), world.tasks_left()), (0, 0), "step {stop:?}");
        let again = world.run(read_all(walk(&client, activities(7))));
        assert_eq!(again.serials(), (0..60).collect::<Vec<_>>(), "step {stop:?}");
        world.steps()
    };
    let both = run(None);
    // The second walk of a run takes about half of its steps.
    for step in 1..=both / 2 {
        run(Some(step));
    }
}

#[test]
fn a_walk_that_has_ended_stays_ended() {
    let world = World::new(0);
    let network = network_of(&world, 10, Totals::True, LinkForm::Wire);
    let client = Setup::default().client(&world, &network);
    let mut walk = walk(&client, activities(50));
    world.run(async {
        assert!(walk.next().await.unwrap().is_some());
        assert!(walk.next().await.unwrap().is_none());
        assert!(walk.next().await.unwrap().is_none());
    });
    // The page, and one after it: a page without a Link field does not say that it is the last one.
    assert_eq!(network.requests(), 2);
}
