//! Cost of a walk: ten times the pages take ten times the requests and the time, and lanes shorten the time.

use crate::pages::reading::{activities, read_all, walk};
use crate::server::{LinkForm, MovingList, PagedServer, Totals};
use crate::setup::Setup;
use crate::world::{Conditions, Network, World};
use std::cell::RefCell;
use std::rc::Rc;

/// Virtual milliseconds and requests of a walk in pages of 50, with a round trip of 50 ms.
fn cost(length: u64, lanes: usize, totals: Totals, links: LinkForm) -> (u64, u64) {
    let world = World::new(0);
    let list = Rc::new(RefCell::new(MovingList::with_ids(length)));
    let server = PagedServer { totals, links, ..PagedServer::new(&list) };
    let network = Network::new(&world, Conditions::steady(25), server);
    let client = Setup::with_concurrency(lanes).client(&world, &network);
    let reading = world.run(read_all(walk(&client, activities(50))));
    assert_eq!(reading.serials().len() as u64, length);
    (world.elapsed(), network.requests() as u64)
}

#[test]
fn ten_times_the_pages_take_at_most_ten_times_the_requests_and_the_time() {
    for (totals, links) in
        [(Totals::True, LinkForm::Wire), (Totals::Hidden, LinkForm::Wire), (Totals::Hidden, LinkForm::Hidden)]
    {
        for lanes in [1, 6] {
            let (time, requests) = cost(900, lanes, totals, links);
            let (more_time, more_requests) = cost(9_000, lanes, totals, links);
            assert!(more_requests <= requests * 10, "{requests} then {more_requests}");
            assert!(more_time <= time * 10, "{time} ms then {more_time} ms");
        }
    }
}

#[test]
fn six_lanes_are_at_least_five_times_as_fast_as_one() {
    for links in [LinkForm::Wire, LinkForm::Hidden] {
        let (alone, requests) = cost(8_490, 1, Totals::True, links);
        let (together, as_many) = cost(8_490, 6, Totals::True, links);
        assert_eq!(requests, as_many);
        assert!(together * 5 <= alone, "{alone} ms alone, {together} ms together");
    }
}
