//! Lists that do not move: everything comes, exactly as it stands, with no request too many.

use crate::pages::reading::{activities, activities_from, read_all, walk};
use crate::server::{LinkForm, MovingList, Paged, Totals, parameter};
use crate::setup::Setup;
use crate::world::{Conditions, Network, World, seeds};
use std::cell::RefCell;
use std::rc::Rc;

const LIMITS: [u64; 6] = [1, 2, 7, 50, 499, 500];
const SIGNS: [(Totals, LinkForm); 8] = [
    (Totals::True, LinkForm::Wire),
    (Totals::True, LinkForm::Relative),
    (Totals::True, LinkForm::Documented),
    (Totals::True, LinkForm::Hidden),
    (Totals::Hidden, LinkForm::Wire),
    (Totals::Hidden, LinkForm::Relative),
    (Totals::Hidden, LinkForm::Documented),
    (Totals::Hidden, LinkForm::Hidden),
];

/// The fewest requests that can read `length` records in pages of `limit` such that neighbours share a record: the
/// first page brings `limit`, every other one asks for one more, 500 at most, and brings one less than it asks for. The end is believed
/// where total and links say it; else a page is asked for that brings nothing new, and where the two do not say it then, either, one
/// after the last record, which is empty.
fn fewest(length: u64, limit: u64, after: u64) -> usize {
    let pages = 1 + length.saturating_sub(limit).div_ceil(limit.min(499));
    (pages + after) as usize
}

fn lengths(limit: u64) -> Vec<u64> {
    let mut lengths =
        vec![0, 1, 2, limit - 1, limit, limit + 1, 2 * limit, 2 * limit + 1, 3 * limit - 1, 5 * limit, 234];
    lengths.extend((limit > 40).then_some(2000));
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}

#[test]
fn every_record_comes_once_in_order_with_the_fewest_requests_there_can_be() {
    for concurrency in [1, 6] {
        for limit in LIMITS {
            for length in lengths(limit) {
                for (totals, links) in SIGNS {
                    let world = World::new(length);
                    let list = Rc::new(RefCell::new(MovingList::with_ids(length)));
                    let server = Paged { totals, links, ..Paged::new(&list) };
                    let network = Network::new(&world, Conditions::uneven(), server);
                    let client = Setup::with_concurrency(concurrency).client(&world, &network);
                    let reading = world.run(read_all(walk(&client, activities(limit))));

                    let case = format!(
                        "{length} records, limit {limit}, {totals:?}, {links:?}, {concurrency} lanes"
                    );
                    assert!(reading.error.is_none(), "{case}: {:?}", reading.error);
                    assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>(), "{case}");
                    // A page that holds the whole list has no Link field; the one after it has. In pages of one the second
                    // page is such a one, when it begins one record early.
                    let single = length <= limit || limit == 1 && length == 2;
                    let both_tell = links != LinkForm::Hidden && totals == Totals::True && length > 1;
                    let after = match (both_tell, single) {
                        _ if length == 0 => 0,
                        // One record alone might be all that the server gives at a time: the next page is asked for after it.
                        // As nothing overlaps then, the list is gone over again where no total counts it.
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
                    assert_eq!(network.requests(), fewest(length, limit, after), "{case}");
                    assert!(network.most_in_flight() <= concurrency, "{case}");
                }
            }
        }
    }
}

#[test]
fn every_page_tells_its_place_its_total_and_its_links() {
    let world = World::new(0);
    let list = Rc::new(RefCell::new(MovingList::with_ids(234)));
    let network = Network::new(&world, Conditions::uneven(), Paged::new(&list));
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
fn every_request_carries_the_whole_query() {
    for links in [LinkForm::Hidden, LinkForm::Wire, LinkForm::Unfiltered] {
        let world = World::new(0);
        let list = Rc::new(RefCell::new(MovingList::with_ids(400)));
        let network = Network::new(&world, Conditions::uneven(), Paged { links, ..Paged::new(&list) });
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
fn a_walk_from_an_offset_reads_the_rest() {
    for (offset, concurrency) in [(0, 1), (1, 6), (49, 6), (50, 1), (51, 6), (233, 6), (234, 1), (1000, 6)] {
        let world = World::new(offset);
        let list = Rc::new(RefCell::new(MovingList::with_ids(234)));
        let network = Network::new(&world, Conditions::uneven(), Paged::new(&list));
        let client = Setup::with_concurrency(concurrency).client(&world, &network);
        let reading = world.run(read_all(walk(&client, activities_from(50, offset))));
        assert!(reading.error.is_none(), "from {offset}: {:?}", reading.error);
        assert_eq!(reading.serials(), (offset.min(234)..234).collect::<Vec<_>>(), "from {offset}");
        assert_eq!(reading.pages[0].offset, offset);
    }
}

#[test]
fn a_server_that_gives_fewer_than_asked_is_read_to_the_end() {
    for seed in seeds(40) {
        for (cap, limit) in [(1, 50), (2, 50), (3, 3), (10, 500), (49, 50), (50, 50), (100, 500), (499, 500)]
        {
            for (totals, links) in SIGNS {
                for concurrency in [1, 6] {
                    let world = World::new(seed);
                    let length = world.chance_for("length").within(0..=cap * 12);
                    let list = Rc::new(RefCell::new(MovingList::with_ids(length)));
                    let server = Paged { totals, links, cap: cap as usize, ..Paged::new(&list) };
                    let network = Network::new(&world, Conditions::uneven(), server);
                    let client = Setup::with_concurrency(concurrency).client(&world, &network);
                    let reading = world.run(read_all(walk(&client, activities(limit))));
                    let case = format!(
                        "{length} records, {cap} for {limit}, {totals:?}, {links:?}, {concurrency} lanes"
                    );
                    assert!(reading.error.is_none(), "{case}: {:?}", reading.error);
                    assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>(), "{case}");
                    // One page more for each that was on its way when the bound was learnt, and those that find the end. One
                    // at a time they do not overlap: where no total tells that the list stands still, it is gone over twice.
                    let per_page = (cap - 1).max(1);
                    let passes = if cap == 1 { 2 } else { 1 };
                    let most = passes * (length.div_ceil(per_page) + 3 + concurrency as u64);
                    assert!(
                        network.requests() as u64 <= most,
                        "{case}: {} requests, not {most}",
                        network.requests()
                    );
                }
            }
        }
    }
}

#[test]
fn a_total_that_lies_loses_nothing_while_links_or_pages_go_on() {
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
                let server = Paged { totals: Totals::Off(by), links, ..Paged::new(&list) };
                let network = Network::new(&world, Conditions::uneven(), server);
                let client = Setup::default().client(&world, &network);
                let reading = world.run(read_all(walk(&client, activities(limit))));
                let case = format!("{length} records, limit {limit}, total off by {by}, {links:?}");
                assert!(reading.error.is_none(), "{case}: {:?}", reading.error);
                // Too low a total and no Link field, as on a single page: nothing says that there is more.
                if by > 0 || length > limit {
                    assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>(), "{case}");
                }
                // Asking ahead goes by the total, up to a page for each lane; it must not go on for ever.
                // Where there are fewer than it says, the list is gone over once more.
                let passes = if by > 0 { 2 } else { 1 };
                let most = passes * (fewest(length, limit, 0) + 6 + 2);
                assert!(network.requests() <= most, "{case}: {} requests, not {most}", network.requests());
            }
        }
    }
}

#[test]
fn a_next_link_without_an_offset_is_followed_as_it_is() {
    for (limit, length, totals) in
        [(1, 9, Totals::True), (50, 234, Totals::True), (50, 234, Totals::Hidden), (500, 1500, Totals::True)]
    {
        let world = World::new(0);
        let list = Rc::new(RefCell::new(MovingList::with_ids(length)));
        let server = Paged { links: LinkForm::Opaque, totals, ..Paged::new(&list) };
        let network = Network::new(&world, Conditions::uneven(), server);
        let client = Setup::default().client(&world, &network);
        let reading = world.run(read_all(walk(&client, activities(limit))));
        assert!(reading.error.is_none(), "{length} by {limit}: {:?}", reading.error);
        assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>());
        assert_eq!(network.requests() as u64, length.div_ceil(limit));
    }
}
