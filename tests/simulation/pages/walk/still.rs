//! Lists that do not change: every record is delivered once and in order, with the fewest requests.

use crate::pages::cases::{HINTS, LIMITS, fewest_requests, lengths};
use crate::pages::reading::{activities, activities_from, read_all, walk};
use crate::pages::servers::{read_list, shared};
use crate::server::{LinkForm, MovingList, PagedServer, Totals};
use crate::setup::Setup;
use crate::world::{Conditions, Network, World};
use humansync::pages::People;
use std::cell::RefCell;
use std::rc::Rc;

#[test]
fn every_record_is_delivered_once_and_in_order_with_the_fewest_requests() {
    for concurrency in [1, 6] {
        for limit in LIMITS {
            for length in lengths(limit) {
                for (totals, links) in HINTS {
                    let world = World::new(length);
                    let list = Rc::new(RefCell::new(MovingList::with_ids(length)));
                    let server = PagedServer { totals, links, ..PagedServer::new(&list) };
                    let network = Network::new(&world, Conditions::uneven(), server);
                    let client = Setup::with_concurrency(concurrency).client(&world, &network);
                    let reading = world.run(read_all(walk(&client, activities(limit))));

                    let case = format!(
                        "{length} records, limit {limit}, {totals:?}, {links:?}, {concurrency} lanes"
                    );
                    assert!(reading.error.is_none(), "{case}: {:?}", reading.error);
                    assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>(), "{case}");
                    // A page with the whole list has no Link field, but the page after it has. In pages of one record,
                    // the second page of a list of two is such a page, as it begins one record early.
                    let single = length <= limit || limit == 1 && length == 2;
                    let both_tell = links != LinkForm::Hidden && totals == Totals::True && length > 1;
                    let after = match (both_tell, single) {
                        _ if length == 0 => 0,
                        // A single record might be all that the server sends at a time, so the next page begins after
                        // it. As the pages do not overlap then, the list is read again unless a total counts it.
                        _ if length == 1 && limit > 1 => {
                            if totals == Totals::True {
                                1
                            } else {
                                3
                            }
                        }
                        (true, single) => u64::from(single),
                        (false, _) => 2,
                    };
                    assert_eq!(network.requests(), fewest_requests(length, limit, after), "{case}");
                    assert!(network.most_in_flight() <= concurrency, "{case}");
                }
            }
        }
    }
}

#[test]
fn every_page_has_its_offset_its_total_and_its_links() {
    let world = World::new(0);
    let list = Rc::new(RefCell::new(MovingList::with_ids(234)));
    let network = Network::new(&world, Conditions::uneven(), PagedServer::new(&list));
    let client = Setup::default().client(&world, &network);
    let reading = world.run(read_all(walk(&client, activities(50))));
    let mut expected = 0;
    for page in &reading.pages {
        assert_eq!(page.offset, expected);
        assert_eq!(page.records.0[0].serial, expected);
        assert_eq!(page.total_count, Some(234));
        expected += page.records.0.len() as u64;
    }
    let first = &reading.pages[0].links;
    assert!(first.next.is_some() && first.last.is_some() && first.prev.is_none() && first.first.is_none());
    let last = &reading.pages.last().unwrap().links;
    assert!(last.next.is_none() && last.last.is_none() && last.prev.is_some() && last.first.is_some());
}

#[test]
fn a_walk_from_an_offset_reads_the_rest() {
    for (offset, concurrency) in [(0, 1), (1, 6), (49, 6), (50, 1), (51, 6), (233, 6), (234, 1), (1000, 6)] {
        let world = World::new(offset);
        let list = Rc::new(RefCell::new(MovingList::with_ids(234)));
        let network = Network::new(&world, Conditions::uneven(), PagedServer::new(&list));
        let client = Setup::with_concurrency(concurrency).client(&world, &network);
        let reading = world.run(read_all(walk(&client, activities_from(50, offset))));
        assert!(reading.error.is_none(), "from {offset}: {:?}", reading.error);
        assert_eq!(reading.serials(), (offset.min(234)..234).collect::<Vec<_>>(), "from {offset}");
        assert_eq!(reading.pages[0].offset, offset);
    }
}

#[test]
fn a_long_list_takes_no_more_requests_than_overlapping_pages_need() {
    for (limit, expected) in [(50, 170), (500, 18)] {
        let list = shared(MovingList::with_ids(8490));
        let (reading, _, requests) = read_list(&list, limit, People::One, PagedServer::new(&list));
        assert_eq!(reading.serials().len(), 8490);
        assert_eq!(requests, expected, "in pages of {limit}");
    }
    let list = shared(MovingList::with_ids(0));
    let (_, _, requests) = read_list(&list, 50, People::One, PagedServer::new(&list));
    assert_eq!(requests, 1);
}
