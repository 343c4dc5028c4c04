//! Servers that send fewer records than requested, and gateways that fail on large pages.

use crate::pages::cases::HINTS;
use crate::pages::reading::{activities, read_all, walk};
use crate::pages::servers::{read_list, shared};
use crate::server::{MovingList, Oddities, Overload, PagedServer};
use crate::setup::Setup;
use crate::world::{Conditions, Network, World, seeds};
use humansync::pages::People;
use std::cell::RefCell;
use std::rc::Rc;

#[test]
fn a_server_that_sends_fewer_records_than_requested_is_read_to_the_end() {
    for seed in seeds(40) {
        for (cap, limit) in [(1, 50), (2, 50), (3, 3), (10, 500), (49, 50), (50, 50), (100, 500), (499, 500)]
        {
            for (totals, links) in HINTS {
                for concurrency in [1, 6] {
                    let world = World::new(seed);
                    let length = world.chance_for("length").within(0..=cap * 12);
                    let list = Rc::new(RefCell::new(MovingList::with_ids(length)));
                    let server = PagedServer { totals, links, cap: cap as usize, ..PagedServer::new(&list) };
                    let network = Network::new(&world, Conditions::uneven(), server);
                    let client = Setup::with_concurrency(concurrency).client(&world, &network);
                    let reading = world.run(read_all(walk(&client, activities(limit))));
                    let case = format!(
                        "{length} records, {cap} for {limit}, {totals:?}, {links:?}, {concurrency} lanes"
                    );
                    assert!(reading.error.is_none(), "{case}: {:?}", reading.error);
                    assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>(), "{case}");
                    // One page more for each that was on its way when the server's page size became known, and those
                    // that find the end. Pages of one record do not overlap, so the list is read twice.
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
fn a_server_that_sends_one_record_a_page_is_read_to_the_end_with_six_lanes() {
    let list = shared(MovingList::with_ids(1200));
    let (reading, _, _) =
        read_list(&list, 50, People::One, PagedServer { cap: 1, ..PagedServer::new(&list) });
    assert!(reading.error.is_none(), "{:?}", reading.error);
    assert_eq!(reading.serials(), (0..1200).collect::<Vec<_>>());
}

#[test]
fn a_short_first_page_does_not_shorten_later_ones() {
    let list = shared(MovingList::with_ids(5000));
    let server = PagedServer {
        oddities: Oddities { first_is_short: true, ..Oddities::none() },
        ..PagedServer::new(&list)
    };
    let (reading, _, requests) = read_list(&list, 500, People::One, server);
    assert_eq!(reading.serials(), (0..5000).collect::<Vec<_>>());
    assert!(requests <= 13, "{requests} requests");
}

#[test]
fn pages_that_fail_in_a_gateway_are_requested_at_half_the_size() {
    for overload in [
        Overload::Status(500),
        Overload::Status(502),
        Overload::Status(504),
        Overload::Silence,
        Overload::Cut,
    ] {
        for most in [1, 2, 100, 499] {
            let list = shared(MovingList::with_ids(if most == 1 { 100 } else { 1500 }));
            let length = list.borrow().len() as u64;
            let server = PagedServer {
                oddities: Oddities { overload: Some((most, overload)), ..Oddities::none() },
                ..PagedServer::new(&list)
            };
            let (reading, _, requests) = read_list(&list, 500, People::One, server);
            assert!(reading.error.is_none(), "{overload:?} above {most}: {:?}", reading.error);
            assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>(), "{overload:?} above {most}");
            // The size found by halving 500 is at least half of what the gateway can send. Larger ones are tried now
            // and then.
            let gain = (most as u64 / 2).max(1);
            assert!(
                requests as u64 <= 4 * (length / gain + 30),
                "{overload:?} above {most}: {requests} requests"
            );
        }
    }
}
