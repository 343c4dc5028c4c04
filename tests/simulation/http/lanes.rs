//! The bound on requests in flight, over everything a client does.

use super::asking::{Stage, ask, fails, fine};
use crate::pages::reading::{activities, read_all, walk};
use crate::server::{MovingList, PagedServer};
use crate::setup::Setup;
use crate::world::{Conditions, Network, World, seeds};
use futures_util::future::{join, join_all};
use humansync::http::Abort;
use std::cell::RefCell;
use std::rc::Rc;

#[test]
fn many_calls_use_every_lane_and_not_one_more() {
    for lanes in [1, 2, 6, 50] {
        let stage = Stage::new(&Setup::with_concurrency(lanes), |_: &_| fine());
        stage.world.run(join_all((0..200).map(|_| {
            let client = stage.client.clone();
            async move { assert!(ask(&client, &Abort::new()).await.is_ok()) }
        })));
        assert_eq!(stage.network.most_in_flight(), lanes);
        assert_eq!(stage.world.elapsed(), 200_u64.div_ceil(lanes as u64) * 10);
    }
}

#[test]
fn two_walks_share_the_lanes() {
    for lanes in [1, 2, 6] {
        let world = World::new(lanes as u64);
        let list = Rc::new(RefCell::new(MovingList::with_ids(700)));
        let network = Network::new(&world, Conditions::uneven(), PagedServer::new(&list));
        let client = Setup::with_concurrency(lanes).client(&world, &network);
        let (one, other) =
            world.run(join(read_all(walk(&client, activities(7))), read_all(walk(&client, activities(50)))));
        assert_eq!((one.serials().len(), other.serials().len()), (700, 700));
        assert_eq!(network.most_in_flight(), lanes);
    }
}

#[test]
fn a_call_that_waits_for_its_retry_holds_no_lane() {
    let first = RefCell::new(true);
    let server = move |_: &_| if first.replace(false) { fails(503) } else { fine() };
    for seed in seeds(10) {
        let world_server = server.clone();
        let stage = Stage::of_seed(seed, &Setup::with_concurrency(1), world_server);
        stage.world.run(join_all((0..5).map(|_| {
            let client = stage.client.clone();
            async move { assert!(ask(&client, &Abort::new()).await.is_ok()) }
        })));
        // The others go on while the first one waits.
        assert_eq!(stage.sent()[..5], [0, 10, 20, 30, 40]);
    }
}

#[test]
fn first_come_first_served() {
    let stage = Stage::new(&Setup::with_concurrency(2), |_: &_| fine());
    let order = Rc::new(RefCell::new(Vec::new()));
    stage.world.run(join_all((0..20).map(|call| {
        let (client, order) = (stage.client.clone(), order.clone());
        async move {
            assert!(ask(&client, &Abort::new()).await.is_ok());
            order.borrow_mut().push(call);
        }
    })));
    assert_eq!(*order.borrow(), (0..20).collect::<Vec<_>>());
}
