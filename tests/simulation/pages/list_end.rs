//! Totals, links and page sizes that say that a list ends where it does not.

use crate::pages::cases::{LIMITS, fewest_requests, lengths};
use crate::pages::reading::{activities, list_of, read_all, walk};
use crate::pages::servers::{read_list, shared};
use crate::server::{LinkForm, MovingList, Oddities, PagedServer, Totals};
use crate::setup::Setup;
use crate::world::{Conditions, Network, World};
use humansync::pages::People;
use std::cell::RefCell;
use std::rc::Rc;

#[test]
fn a_wrong_total_loses_nothing_while_links_or_pages_go_on() {
    for (by, links) in [
        (-100, LinkForm::Wire),
        (-1, LinkForm::Wire),
        (1, LinkForm::Wire),
        (1000, LinkForm::Wire),
        (1, LinkForm::Hidden),
        (1000, LinkForm::Hidden),
    ] {
        for limit in LIMITS {
            for length in lengths(limit) {
                let world = World::new(length);
                let list = Rc::new(RefCell::new(MovingList::with_ids(length)));
                let server = PagedServer { totals: Totals::Off(by), links, ..PagedServer::new(&list) };
                let network = Network::new(&world, Conditions::uneven(), server);
                let client = Setup::default().client(&world, &network);
                let reading = world.run(read_all(walk(&client, activities(limit))));
                let case = format!("{length} records, limit {limit}, total off by {by}, {links:?}");
                assert!(reading.error.is_none(), "{case}: {:?}", reading.error);
                // With too small a total and no Link field, as on a single page, nothing shows that there is more.
                if by > 0 || length > limit {
                    assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>(), "{case}");
                }
                // By the total, one page is prefetched for each lane at most. If there are fewer records than the total
                // says, the list is read once more.
                let passes = if by > 0 { 2 } else { 1 };
                let most = passes * (fewest_requests(length, limit, 0) + 6 + 2);
                assert!(network.requests() <= most, "{case}: {} requests, not {most}", network.requests());
            }
        }
    }
}

#[test]
fn pages_larger_than_requested_do_not_end_a_list_whose_headers_are_hidden() {
    let list = shared(MovingList::with_ids(1000));
    let (totals, links) = (Totals::Hidden, LinkForm::Hidden);
    let server = PagedServer {
        totals,
        links,
        oddities: Oddities { at_least: 100, ..Oddities::none() },
        ..PagedServer::new(&list)
    };
    let (reading, _, _) = read_list(&list, 50, People::One, server);
    assert_eq!(reading.serials(), (0..1000).collect::<Vec<_>>());
}

#[test]
fn a_total_that_is_too_small_does_not_end_a_list_without_a_link_that_agrees() {
    for links in [LinkForm::Hidden, LinkForm::Unrelated, LinkForm::Empty] {
        let list = shared(MovingList::with_ids(1000));
        let server = PagedServer { totals: Totals::Off(-100), links, ..PagedServer::new(&list) };
        let (reading, _, _) = read_list(&list, 50, People::One, server);
        assert_eq!(reading.serials(), (0..1000).collect::<Vec<_>>(), "{links:?}");
    }
}

#[test]
fn a_link_field_without_page_relations_does_not_end_a_list() {
    for links in [LinkForm::Unrelated, LinkForm::Empty] {
        let list = shared(MovingList::with_ids(1000));
        let server = PagedServer { totals: Totals::Hidden, links, ..PagedServer::new(&list) };
        let (reading, _, _) = read_list(&list, 500, People::One, server);
        assert_eq!(reading.serials(), (0..1000).collect::<Vec<_>>(), "{links:?}");
    }
}

#[test]
fn a_page_without_links_is_the_only_one_if_it_is_smaller_than_earlier_pages_and_the_total_agrees() {
    for (length, cap, totals, largest, expected) in [
        (30, 500, Totals::True, 120, 1),
        (30, 500, Totals::True, 31, 1),
        // The server may send no more than 30 records in a page.
        (30, 500, Totals::True, 30, 3),
        (30, 500, Totals::True, 0, 3),
        // As many as were requested.
        (50, 500, Totals::True, 120, 3),
        (30, 500, Totals::Hidden, 120, 3),
        // The total says that there is more.
        (30, 10, Totals::True, 120, 6),
    ] {
        let list = shared(MovingList::with_ids(length));
        let server = PagedServer { cap, totals, links: LinkForm::Hidden, ..PagedServer::new(&list) };
        let world = World::new(length);
        let network = Network::new(&world, Conditions::uneven(), server);
        let client = Setup { concurrency: 1, ..Setup::default() }.client(&world, &network);
        client.largest_page("/v1/human/activities", largest);
        client.largest_page("/v1/human/sleeps", 500);
        let reading = world.run(read_all(walk(&client, list_of(People::One, 50, None))));
        assert_eq!(reading.serials().len(), length as usize);
        assert_eq!(network.requests(), expected, "{length} records, {cap} a page, {totals:?}, {largest}");
    }
}
