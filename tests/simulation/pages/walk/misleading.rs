//! Servers whose answers lead astray: the walk ends with a protocol error, soon, and is never led elsewhere.

use crate::pages::reading::{Reading, activities, read_all, walk};
use crate::server::{Document, MovingList, Record, ok, parameter};
use crate::setup::{ORIGIN, Setup};
use crate::world::{Conditions, Network, Outcome, World};
use humansync::http::Request;

fn number(request: &Request, name: &str) -> usize {
    parameter(&request.url, name).map_or(0, |value| value.parse().unwrap())
}

/// A walk in pages of `limit` over a server that answers with records, a total and a Link field.
fn read(
    lanes: usize,
    limit: u64,
    mut answer: impl FnMut(&Request) -> (Vec<Record>, Option<String>, Option<String>) + 'static,
) -> (Reading, Network) {
    let world = World::new(limit);
    let network = Network::new(&world, Conditions::uneven(), move |request: &Request| {
        let (records, total, link) = answer(request);
        let mut response = ok(Document::List(records));
        response.headers.total_count = total;
        response.headers.link = link;
        Outcome::Reply(response)
    });
    let client = Setup::with_concurrency(lanes).client(&world, &network);
    let reading = world.run(read_all(walk(&client, activities(limit))));
    (reading, network)
}

fn next(target: &str) -> Option<String> {
    Some(format!("<{target}>; rel=\"next\""))
}

#[test]
fn a_server_that_ignores_the_offset_is_found_out() {
    for lanes in [1, 6] {
        for limit in [1, 2, 7, 50, 499, 500] {
            for has_ids in [true, false] {
                for (shows_total, shows_links) in [(true, true), (true, false), (false, true), (false, false)]
                {
                    let list =
                        if has_ids { MovingList::with_ids(2000) } else { MovingList::without_ids(2000) };
                    let (reading, network) = read(lanes, limit, move |request| {
                        let (asked, offset) = (number(request, "limit"), number(request, "offset"));
                        let total = shows_total.then(|| "2000".to_owned());
                        let target =
                            format!("{ORIGIN}/v1/human/activities?limit={limit}&offset={}", offset + asked);
                        (list.rows()[..asked].to_vec(), total, if shows_links { next(&target) } else { None })
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
fn a_server_that_ignores_limit_and_offset_is_found_out_where_it_says_that_there_is_more() {
    for lanes in [1, 6] {
        for (total, with_link) in [(Some(2000), false), (Some(2000), true), (None, true)] {
            let list = MovingList::with_ids(50);
            let (reading, network) = read(lanes, 50, move |request| {
                let target =
                    format!("{ORIGIN}/v1/human/activities?offset={}", number(request, "offset") + 50);
                (
                    list.rows().to_vec(),
                    total.map(|total: u64| total.to_string()),
                    if with_link { next(&target) } else { None },
                )
            });
            assert_eq!(reading.protocol_error(), "no-progress");
            assert_eq!(reading.serials(), (0..50).collect::<Vec<_>>());
            assert!(network.requests() <= 8 + 2 * lanes, "{} requests", network.requests());
        }
    }
}

#[test]
fn a_full_page_that_comes_again_where_nothing_tells_the_end_is_not_taken_for_the_whole() {
    let list = MovingList::with_ids(50);
    let (reading, network) = read(1, 50, move |_| (list.rows().to_vec(), None, None));
    assert_eq!(reading.protocol_error(), "no-progress");
    assert_eq!(reading.serials(), (0..50).collect::<Vec<_>>());
    assert!(network.requests() <= 5);
}

#[test]
fn a_next_that_leads_back_is_not_followed() {
    for back in [0, 10, 49, 50] {
        let list = MovingList::with_ids(2000);
        let (reading, network) = read(1, 50, move |request| {
            let (asked, offset) = (number(request, "limit"), number(request, "offset"));
            let onward = if offset == 0 { 50 } else { back.min(offset) };
            let target = format!("{ORIGIN}/v1/human/activities?limit=50&offset={onward}&source=fitbit");
            (list.rows()[offset..offset + asked].to_vec(), None, next(&target))
        });
        // Pages begin one record early, so that a next to 50 is one step on from 49.
        if back < 49 {
            assert_eq!(reading.protocol_error(), "next-leads-back", "{back}");
            assert_eq!(network.requests(), 2, "{back}");
            assert_eq!(reading.serials(), (0..100).collect::<Vec<_>>(), "{back}");
        } else {
            assert!(network.requests() < 100, "{back}");
        }
    }
}

#[test]
fn a_next_that_leaves_the_filter_out_or_leads_to_another_list_is_not_followed() {
    for target in [
        "/v1/human/activities?limit=50",
        "/v1/human/sleeps?source=fitbit",
        "/v1/human/activities?source=withings",
    ] {
        let list = MovingList::with_ids(300);
        let (reading, network) = read(6, 50, move |request| {
            assert!(request.url.contains("/v1/human/activities?"), "{}", request.url);
            assert!(request.url.contains("source=fitbit"), "{}", request.url);
            let (asked, offset) = (number(request, "limit"), number(request, "offset"));
            let end = (offset + asked).min(300);
            let separator = if target.contains('?') { '&' } else { '?' };
            let onward = next(&format!("{target}{separator}offset={end}")).filter(|_| end < 300);
            (list.rows()[offset.min(300)..end].to_vec(), None, onward)
        });
        assert!(reading.error.is_none(), "{target}: {:?}", reading.error);
        assert_eq!(reading.serials(), (0..300).collect::<Vec<_>>(), "{target}");
        assert!(network.requests() < 12, "{target}: {} requests", network.requests());
    }
}

#[test]
fn opaque_links_that_lead_in_a_circle_are_refused() {
    for length_of_circle in [1, 2, 5] {
        let list = MovingList::with_ids(2000);
        let (reading, network) = read(6, 50, move |request| {
            let page = number(request, "page");
            let target = format!("{ORIGIN}/v1/human/activities?page={}", (page + 1) % length_of_circle);
            (list.rows()[page * 50..page * 50 + 50].to_vec(), None, next(&target))
        });
        assert!(["next-leads-back", "no-progress"].contains(&reading.protocol_error()));
        assert!(network.requests() <= length_of_circle + 3, "{} requests", network.requests());
    }
}

#[test]
fn empty_pages_with_a_next_do_not_go_on_for_ever() {
    for shows_total in [true, false] {
        let (reading, network) = read(6, 50, move |request| {
            let target = format!("{ORIGIN}/v1/human/activities?offset={}", number(request, "offset") + 50);
            (Vec::new(), shows_total.then(|| "700".to_owned()), next(&target))
        });
        assert_eq!(reading.protocol_error(), "no-progress");
        assert!(network.requests() <= 20, "{} requests", network.requests());
    }
}

#[test]
fn a_next_link_to_another_place_is_refused_after_the_page_that_had_it_and_nothing_is_sent_there() {
    for target in [
        "https://evil.example/v1/human/activities?offset=50",
        "http://api.humanapi.co/v1/human/activities?offset=50",
        "https://api.humanapi.co:8443/v1/human/activities?offset=50",
        "//evil.example/v1/human/activities?offset=50",
        "https://api.humanapi.co@evil.example/v1/human/activities?offset=50",
        "https://api.humanapi.co/v1/apps/other/users?offset=50",
        "/v1/human/../apps?offset=50",
        "https://api.humanapi.co\\@evil.example/?offset=50",
    ] {
        for shows_total in [true, false] {
            let list = MovingList::with_ids(2000);
            let (reading, network) = read(6, 50, move |request| {
                let offset = number(request, "offset");
                let total = shows_total.then(|| "2000".to_owned());
                (list.rows()[offset..offset + number(request, "limit")].to_vec(), total, next(target))
            });
            assert_eq!(reading.protocol_error(), "foreign-link", "{target}");
            assert_eq!(reading.serials(), (0..50).collect::<Vec<_>>(), "{target}");
            assert_eq!(network.requests(), 1, "{target}");
            let shown = format!("{:?} {}", reading.error, reading.error.as_ref().unwrap());
            assert!(!shown.contains("evil"), "{shown}");
        }
    }
}

#[test]
fn a_next_whose_offset_is_no_number_is_refused() {
    for offset in ["abc", "-1", "1.5", "", "99999999999999999999999", "9007199254740992"] {
        let list = MovingList::with_ids(2000);
        let target = format!("{ORIGIN}/v1/human/activities?offset={offset}");
        let (reading, network) = read(6, 50, move |_| (list.rows()[..50].to_vec(), None, next(&target)));
        assert_eq!(reading.protocol_error(), "next-offset", "{offset:?}");
        assert_eq!(network.requests(), 1);
    }
}
