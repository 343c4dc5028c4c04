//! Next links that lead back, in a circle, to another list or to another server.

use crate::pages::servers::{next_link, number, read_answers};
use crate::server::MovingList;
use crate::setup::ORIGIN;

#[test]
fn a_next_link_that_leads_back_is_not_followed() {
    for back in [0, 10, 49, 50] {
        let list = MovingList::with_ids(2000);
        let (reading, network) = read_answers(1, 50, move |request| {
            let (asked, offset) = (number(request, "limit"), number(request, "offset"));
            let onward = if offset == 0 { 50 } else { back.min(offset) };
            let target = format!("{ORIGIN}/v1/human/activities?limit=50&offset={onward}&source=fitbit");
            (list.rows()[offset..offset + asked].to_vec(), None, next_link(&target))
        });
        // Pages begin one record early: from the page at 49, a next link to 50 leads on by one.
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
fn a_next_link_without_the_filter_or_to_another_list_is_not_followed() {
    for target in [
        "/v1/human/activities?limit=50",
        "/v1/human/sleeps?source=fitbit",
        "/v1/human/activities?source=withings",
    ] {
        let list = MovingList::with_ids(300);
        let (reading, network) = read_answers(6, 50, move |request| {
            assert!(request.url.contains("/v1/human/activities?"), "{}", request.url);
            assert!(request.url.contains("source=fitbit"), "{}", request.url);
            let (asked, offset) = (number(request, "limit"), number(request, "offset"));
            let end = (offset + asked).min(300);
            let separator = if target.contains('?') { '&' } else { '?' };
            let onward = next_link(&format!("{target}{separator}offset={end}")).filter(|_| end < 300);
            (list.rows()[offset.min(300)..end].to_vec(), None, onward)
        });
        assert!(reading.error.is_none(), "{target}: {:?}", reading.error);
        assert_eq!(reading.serials(), (0..300).collect::<Vec<_>>(), "{target}");
        assert!(network.requests() < 12, "{target}: {} requests", network.requests());
    }
}

#[test]
fn links_without_an_offset_that_lead_in_a_circle_are_refused() {
    for length_of_circle in [1, 2, 5] {
        let list = MovingList::with_ids(2000);
        let (reading, network) = read_answers(6, 50, move |request| {
            let page = number(request, "page");
            let target = format!("{ORIGIN}/v1/human/activities?page={}", (page + 1) % length_of_circle);
            (list.rows()[page * 50..page * 50 + 50].to_vec(), None, next_link(&target))
        });
        assert!(["next-leads-back", "no-progress"].contains(&reading.protocol_error()));
        assert!(network.requests() <= length_of_circle + 3, "{} requests", network.requests());
    }
}

#[test]
fn a_next_link_to_another_place_is_refused_after_its_page_and_nothing_is_sent_there() {
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
            let (reading, network) = read_answers(6, 50, move |request| {
                let offset = number(request, "offset");
                let total = shows_total.then(|| "2000".to_owned());
                (list.rows()[offset..offset + number(request, "limit")].to_vec(), total, next_link(target))
            });
            assert_eq!(reading.protocol_error(), "foreign-link", "{target}");
            assert_eq!(reading.serials(), (0..50).collect::<Vec<_>>(), "{target}");
            assert_eq!(network.requests(), 1, "{target}");
            let shown = format!("{:?}", reading.error.as_ref().unwrap());
            assert!(!shown.contains("evil"), "{shown}");
        }
    }
}

#[test]
fn a_next_link_whose_offset_is_not_a_whole_number_is_refused() {
    for offset in ["abc", "-1", "1.5", "", "99999999999999999999999", "9007199254740992"] {
        let list = MovingList::with_ids(2000);
        let target = format!("{ORIGIN}/v1/human/activities?offset={offset}");
        let (reading, network) =
            read_answers(6, 50, move |_| (list.rows()[..50].to_vec(), None, next_link(&target)));
        assert_eq!(reading.protocol_error(), "next-offset", "{offset:?}");
        assert_eq!(network.requests(), 1);
    }
}
