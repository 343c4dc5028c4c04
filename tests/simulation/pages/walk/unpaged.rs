//! Lists that are not given out in pages, whatever is asked for.

use crate::pages::reading::{activities, read_all, walk};
use crate::server::{Document, MovingList, ok};
use crate::setup::Setup;
use crate::world::{Conditions, Network, Outcome, World};
use humansync::api::{Path, Query, QueryInit};
use humansync::http::Abort;
use humansync::pages::{ListQuery, Paging, Walk};

/// A server that gives the same records to whoever asks for whatever.
fn network_of(world: &World, list: &MovingList) -> Network {
    let rows = list.rows().to_vec();
    Network::new(world, Conditions::uneven(), move |_: &_| Outcome::Reply(ok(Document::List(rows.clone()))))
}

#[test]
fn fewer_records_than_the_limit_end_without_doubles() {
    for length in [0, 1, 2, 6, 49] {
        for list in [MovingList::with_ids(length), MovingList::without_ids(length)] {
            let world = World::new(length);
            let network = network_of(&world, &list);
            let client = Setup::default().client(&world, &network);
            let reading = world.run(read_all(walk(&client, activities(50))));
            assert!(reading.error.is_none(), "{length}: {:?}", reading.error);
            assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>());
            // The list itself, the page that repeats it, and two looks whether the offset counts for anything; three for a single record.
            assert!(
                network.requests() <= 4 + usize::from(length == 1),
                "{length}: {} requests",
                network.requests()
            );
        }
    }
}

#[test]
fn more_records_than_were_asked_for_are_the_whole_list() {
    let world = World::new(0);
    let list = MovingList::with_ids(234);
    let network = network_of(&world, &list);
    let client = Setup::default().client(&world, &network);
    let reading = world.run(read_all(walk(&client, activities(50))));
    assert!(reading.error.is_none(), "{:?}", reading.error);
    assert_eq!(reading.serials(), (0..234).collect::<Vec<_>>());
    // The list itself, the page that repeats it, and two looks whether the offset counts for anything.
    assert!(network.requests() <= 4, "{} requests", network.requests());
}

#[test]
fn a_total_that_agrees_with_such_a_list_does_not_make_it_a_fault() {
    for length in [1, 2, 50] {
        let world = World::new(length);
        let rows = MovingList::with_ids(length).rows().to_vec();
        let network = Network::new(&world, Conditions::uneven(), move |_: &_| {
            let mut response = ok(Document::List(rows.clone()));
            response.headers.total_count = Some(length.to_string());
            Outcome::Reply(response)
        });
        let client = Setup::default().client(&world, &network);
        let reading = world.run(read_all(walk(&client, activities(50))));
        assert!(reading.error.is_none(), "{length}: {:?}", reading.error);
        assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>());
        assert!(
            network.requests() <= 4 + usize::from(length == 1),
            "{length}: {} requests",
            network.requests()
        );
    }
}

#[test]
fn a_list_that_is_known_to_come_at_once_takes_one_request() {
    for length in [0, 3, 500, 2000] {
        let world = World::new(length);
        let list = MovingList::with_ids(length);
        let network = network_of(&world, &list);
        let client = Setup::default().client(&world, &network);
        let path = Path::parse_user("human/sources").unwrap();
        let listing =
            ListQuery::new(path, Query::new(QueryInit::default()).unwrap(), Paging::Whole, None).unwrap();
        let reading = world.run(read_all(Walk::new(client, listing, Abort::new())));
        assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>());
        assert_eq!(network.requests(), 1, "{length}");
    }
}

#[test]
fn a_document_that_is_no_list_is_a_protocol_error() {
    for document in [Document::Object("x".to_owned()), Document::Blank] {
        let world = World::new(0);
        let network =
            Network::new(&world, Conditions::uneven(), move |_: &_| Outcome::Reply(ok(document.clone())));
        let client = Setup::default().client(&world, &network);
        let reading = world.run(read_all(walk(&client, activities(50))));
        assert_eq!(reading.protocol_error(), "not-a-list");
        assert_eq!(network.requests(), 1);
    }
}
