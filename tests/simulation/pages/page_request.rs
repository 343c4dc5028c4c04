//! How pages are requested: with the whole query, by links that have no offset, and at once where a list has no pages.

use crate::pages::reading::{activities, read_all, walk};
use crate::pages::servers::whole_list_network;
use crate::server::{LinkForm, MovingList, PagedServer, Totals, parameter};
use crate::setup::Setup;
use crate::world::{Conditions, Network, World};
use humansync::api::{Operation, Query, QueryInit, user_path};
use humansync::http::Abort;
use humansync::pages::{ListQuery, Paging, Walk};
use std::cell::RefCell;
use std::rc::Rc;

#[test]
fn every_request_carries_the_whole_query() {
    for links in [LinkForm::Hidden, LinkForm::Wire, LinkForm::Unfiltered] {
        let world = World::new(0);
        let list = Rc::new(RefCell::new(MovingList::with_ids(400)));
        let network =
            Network::new(&world, Conditions::uneven(), PagedServer { links, ..PagedServer::new(&list) });
        let client = Setup::default().client(&world, &network);
        world.run(read_all(walk(&client, activities(50))));
        let log = network.log();
        assert!(log.iter().all(|exchange| parameter(&exchange.request.url, "source") == Some("fitbit")));
        assert!(log.iter().all(|exchange| {
            exchange.request.url.starts_with("https://api.humanapi.co/v1/human/activities?")
        }));
    }
}

#[test]
fn a_next_link_without_an_offset_is_followed_unchanged() {
    for (limit, length, totals) in
        [(1, 9, Totals::True), (50, 234, Totals::True), (50, 234, Totals::Hidden), (500, 1500, Totals::True)]
    {
        let world = World::new(0);
        let list = Rc::new(RefCell::new(MovingList::with_ids(length)));
        let server = PagedServer { links: LinkForm::Opaque, totals, ..PagedServer::new(&list) };
        let network = Network::new(&world, Conditions::uneven(), server);
        let client = Setup::default().client(&world, &network);
        let reading = world.run(read_all(walk(&client, activities(limit))));
        assert!(reading.error.is_none(), "{length} by {limit}: {:?}", reading.error);
        assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>());
        assert_eq!(network.requests() as u64, length.div_ceil(limit));
    }
}

#[test]
fn a_list_that_is_sent_in_one_answer_takes_one_request() {
    for length in [0, 3, 500, 2000] {
        let world = World::new(length);
        let list = MovingList::with_ids(length);
        let network = whole_list_network(&world, &list);
        let client = Setup::default().client(&world, &network);
        let path = user_path("sources", Operation::List, "").unwrap();
        let listing =
            ListQuery::new(path, Query::new(QueryInit::default()).unwrap(), Paging::Whole, None).unwrap();
        let reading = world.run(read_all(Walk::new(client, listing, Abort::new())));
        assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>());
        assert_eq!(network.requests(), 1, "{length}");
    }
}
