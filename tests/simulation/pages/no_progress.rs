//! Servers that ignore the offset, send nothing new, or have lists that grow as fast as they are read.

use crate::pages::reading::{activities, read_all, walk};
use crate::pages::servers::{next_link, number, read_answers, read_list, shared, whole_list_network};
use crate::server::{Document, LinkForm, MovingList, PagedServer, Totals, ok, parameter};
use crate::setup::{ORIGIN, Setup};
use crate::world::{Conditions, Network, Outcome, Server, World};
use humansync::http::Request;
use humansync::pages::People;
use std::collections::HashSet;

#[test]
fn a_server_that_ignores_the_offset_is_a_protocol_error() {
    for lanes in [1, 6] {
        for limit in [1, 2, 7, 50, 499, 500] {
            for has_ids in [true, false] {
                for (shows_total, shows_links) in [(true, true), (true, false), (false, true), (false, false)]
                {
                    let list =
                        if has_ids { MovingList::with_ids(2000) } else { MovingList::without_ids(2000) };
                    let (reading, network) = read_answers(lanes, limit, move |request| {
                        let (asked, offset) = (number(request, "limit"), number(request, "offset"));
                        let total = shows_total.then(|| "2000".to_owned());
                        let target =
                            format!("{ORIGIN}/v1/human/activities?limit={limit}&offset={}", offset + asked);
                        (
                            list.rows()[..asked].to_vec(),
                            total,
                            if shows_links { next_link(&target) } else { None },
                        )
                    });
                    let case = format!(
                        "limit {limit}, ids {has_ids}, total {shows_total}, links {shows_links}, {lanes} lanes"
                    );
                    assert_eq!(reading.protocol_error(), "no-progress", "{case}");
                    assert!(network.requests() <= 8 + 2 * lanes, "{case}: {} requests", network.requests());
                }
            }
        }
    }
}

#[test]
fn a_server_that_ignores_limit_and_offset_is_a_protocol_error_if_it_says_that_there_is_more() {
    for lanes in [1, 6] {
        for (total, with_link) in [(Some(2000), false), (Some(2000), true), (None, true)] {
            let list = MovingList::with_ids(50);
            let (reading, network) = read_answers(lanes, 50, move |request| {
                let target =
                    format!("{ORIGIN}/v1/human/activities?offset={}", number(request, "offset") + 50);
                (
                    list.rows().to_vec(),
                    total.map(|total: u64| total.to_string()),
                    if with_link { next_link(&target) } else { None },
                )
            });
            assert_eq!(reading.protocol_error(), "no-progress");
            assert_eq!(reading.serials(), (0..50).collect::<Vec<_>>());
            assert!(network.requests() <= 8 + 2 * lanes, "{} requests", network.requests());
        }
    }
}

#[test]
fn a_full_page_that_is_sent_again_is_not_taken_for_the_whole_list() {
    let list = MovingList::with_ids(50);
    let (reading, network) = read_answers(1, 50, move |_| (list.rows().to_vec(), None, None));
    assert_eq!(reading.protocol_error(), "no-progress");
    assert_eq!(reading.serials(), (0..50).collect::<Vec<_>>());
    assert!(network.requests() <= 5);
}

#[test]
fn empty_pages_with_a_next_link_are_not_followed_for_ever() {
    for shows_total in [true, false] {
        let (reading, network) = read_answers(6, 50, move |request| {
            let target = format!("{ORIGIN}/v1/human/activities?offset={}", number(request, "offset") + 50);
            (Vec::new(), shows_total.then(|| "700".to_owned()), next_link(&target))
        });
        assert_eq!(reading.protocol_error(), "no-progress");
        assert!(network.requests() <= 20, "{} requests", network.requests());
    }
}

#[test]
fn a_list_that_grows_as_fast_as_it_is_read_is_read_to_an_end() {
    for (totals, links) in [
        (Totals::Hidden, LinkForm::Hidden),
        (Totals::Hidden, LinkForm::Wire),
        (Totals::True, LinkForm::Hidden),
    ] {
        let list = shared(MovingList::with_ids(950));
        let mut server = PagedServer { totals, links, ..PagedServer::new(&list) };
        let growing = list.clone();
        let server = move |request: &Request| {
            growing.borrow_mut().insert(0);
            server.answer(request)
        };
        let (reading, _, requests) = read_list(&list, 100, People::One, server);
        assert!(reading.error.is_none(), "{totals:?} {links:?}: {:?}", reading.error);
        let came: HashSet<u64> = reading.serials().into_iter().collect();
        assert!((0..950).all(|serial| came.contains(&serial)), "{totals:?} {links:?}");
        assert!(requests < 70, "{totals:?} {links:?}: {requests} requests");
    }
}

#[test]
fn a_list_that_moves_down_page_by_page_is_not_at_its_end() {
    // Every page ends with the last known record, and has as many records as the server sends in a page.
    for (cap, limit) in [(2, 50), (2, 499), (50, 60), (100, 499)] {
        for (totals, links) in [
            (Totals::Hidden, LinkForm::Hidden),
            (Totals::Hidden, LinkForm::Empty),
            (Totals::Off(-290), LinkForm::Hidden),
        ] {
            let list = shared(MovingList::with_ids(300));
            let mut server = PagedServer { totals, links, cap, ..PagedServer::new(&list) };
            let growing = list.clone();
            // When a page is requested from that record on, the list moves so that the page ends with it.
            let (edge, mut moves) = (2 * (cap as u64 - 1), 5);
            let server = move |request: &Request| {
                let offset =
                    parameter(&request.url, "offset").map_or(0, |offset| offset.parse::<usize>().unwrap());
                let first = growing.borrow().rows().get(offset).map(|record| record.serial);
                if moves > 0 && first == Some(edge) {
                    moves -= 1;
                    (1..cap).for_each(|_| growing.borrow_mut().insert(0));
                }
                server.answer(request)
            };
            let (reading, _, _) = read_list(&list, limit, People::One, server);
            assert!(reading.error.is_none(), "{cap} {totals:?} {links:?}: {:?}", reading.error);
            let came: HashSet<u64> = reading.serials().into_iter().collect();
            assert!(
                (0..300).all(|serial| came.contains(&serial)),
                "{cap} {totals:?} {links:?}: {}",
                came.len()
            );
        }
    }
}

#[test]
fn a_list_below_the_limit_that_is_sent_whatever_is_requested_is_read_once() {
    for length in [0, 1, 2, 6, 49] {
        for list in [MovingList::with_ids(length), MovingList::without_ids(length)] {
            let world = World::new(length);
            let network = whole_list_network(&world, &list);
            let client = Setup::default().client(&world, &network);
            let reading = world.run(read_all(walk(&client, activities(50))));
            assert!(reading.error.is_none(), "{length}: {:?}", reading.error);
            assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>());
            // The list, the page that repeats it, and two requests to find out that the offset is ignored; three for a
            // single record.
            assert!(
                network.requests() <= 4 + usize::from(length == 1),
                "{length}: {} requests",
                network.requests()
            );
        }
    }
}

#[test]
fn a_list_above_the_limit_that_is_sent_whatever_is_requested_is_read_once() {
    let world = World::new(0);
    let list = MovingList::with_ids(234);
    let network = whole_list_network(&world, &list);
    let client = Setup::default().client(&world, &network);
    let reading = world.run(read_all(walk(&client, activities(50))));
    assert!(reading.error.is_none(), "{:?}", reading.error);
    assert_eq!(reading.serials(), (0..234).collect::<Vec<_>>());
    // The list, the page that repeats it, and two requests to find out that the offset is ignored.
    assert!(network.requests() <= 4, "{} requests", network.requests());
}

#[test]
fn a_total_that_agrees_with_such_a_list_causes_no_error() {
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
