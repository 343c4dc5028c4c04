//! Tables with expected values that are written by hand. Each must hold both natively and in WebAssembly.

use humansync::api::{Fingerprint, Limit, MAX_SAFE_INTEGER, Offset, Query, QueryInit};
use humansync::http::link;
use humansync::http::retry::{self, parse_retry_after};
use humansync::pages::{Cursor, PassSummary, RecordKey};
use humansync::uri;
use humansync_ingest::time::{Date, Instant, Rounding, TimeError, parse_http_date};

// Natively, `#[test]` is the standard attribute.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn instants_are_read_to_the_nanosecond_from_the_first_year_to_the_last() {
    for (text, seconds, nanos) in [
        ("0000-01-01T00:00:00Z", -62_167_219_200, 0),
        ("1901-12-13T20:45:51Z", -2_147_483_649, 0),
        ("1969-12-31T23:59:59.999999999Z", -1, 999_999_999),
        ("1970-01-01T00:00:00Z", 0, 0),
        ("2001-09-09T01:46:40Z", 1_000_000_000, 0),
        ("2014-01-10T01:00:00.5+01:00", 1_389_312_000, 500_000_000),
        ("20140110T000000Z", 1_389_312_000, 0),
        ("2038-01-19T03:14:08Z", 2_147_483_648, 0),
        ("2106-02-07T06:28:16Z", 4_294_967_296, 0),
        ("9999-12-31T23:59:59.000000001Z", 253_402_300_799, 1),
    ] {
        let instant = Instant::parse(text).unwrap();
        assert_eq!((instant.unix_seconds(), instant.subsec_nanos()), (seconds, nanos), "{text}");
    }
}

#[test]
fn instants_from_javascript_numbers_keep_their_fraction() {
    for (millis, text) in [
        (-62_167_219_200_000.0, "0000-01-01T00:00:00Z"),
        (-0.5, "1969-12-31T23:59:59.999500Z"),
        (4_294_967_296_000.25, "2106-02-07T06:28:16.000250Z"),
        (253_402_300_799_999.0, "9999-12-31T23:59:59.999Z"),
    ] {
        assert_eq!(Instant::from_unix_millis(millis).unwrap(), Instant::parse(text).unwrap(), "{millis}");
    }
    for millis in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Instant::from_unix_millis(millis), Err(TimeError::NotFinite), "{millis}");
    }
    for millis in [253_402_300_800_000.0, -62_167_219_200_001.0, f64::MAX, f64::MIN] {
        assert_eq!(Instant::from_unix_millis(millis), Err(TimeError::OutOfRange), "{millis}");
    }
}

#[test]
fn instants_at_the_edges_of_64_bits_are_refused_and_not_wrapped() {
    for seconds in [i64::MIN, i64::MAX] {
        assert_eq!(Instant::from_unix_seconds(seconds), Err(TimeError::OutOfRange), "{seconds}");
    }
}

#[test]
fn since_is_rounded_down_and_before_up() {
    for (text, down, up) in [
        ("2014-01-10T00:00:00.000000001Z", "20140110T000000Z", "20140110T000001Z"),
        ("2023-12-31T23:59:59.999+00:00", "20231231T235959Z", "20240101T000000Z"),
        ("1969-12-31T23:59:59.5Z", "19691231T235959Z", "19700101T000000Z"),
    ] {
        let instant = Instant::parse(text).unwrap();
        assert_eq!(instant.to_basic(Rounding::Down).unwrap(), down, "{text}");
        assert_eq!(instant.to_basic(Rounding::Up).unwrap(), up, "{text}");
    }
}

#[test]
fn a_query_is_written_in_one_order_with_numbers_beyond_32_bits() {
    let query = Query::new(QueryInit {
        limit: Some(50.0),
        offset: Some(9_007_199_254_740_991.0),
        updated_since: Some(Instant::parse("2024-05-01T00:00:00+02:00").unwrap()),
        source: Some("a b&c=ü".to_owned()),
        start_date: Some(Date::parse("2024-02-29").unwrap()),
        end_date: Some(Date::parse("2024-03-01").unwrap()),
        ..QueryInit::default()
    })
    .unwrap();
    let text = query.to_query_string();
    for part in [
        "limit=50",
        "offset=9007199254740991",
        "updated_since=20240430T220000Z",
        "source=a%20b%26c%3D%C3%BC",
        "start_date=2024-02-29",
        "end_date=2024-03-01",
    ] {
        assert!(text.split('&').any(|own| own == part), "{part} in {text}");
    }
    assert_eq!(text.split('&').count(), 6, "{text}");
    assert_eq!(Query::new(QueryInit::default()).unwrap().to_query_string(), "limit=500");
}

#[test]
fn limits_and_offsets_from_javascript_numbers_are_checked_and_not_cut_off() {
    // 4 294 967 346 truncated to 32 bits is 50.
    for given in [0.0, 501.0, -1.0, 1.5, 4_294_967_346.0, f64::NAN, f64::INFINITY] {
        assert!(Limit::from_option(given).is_err(), "limit {given}");
    }
    for (given, expected) in
        [(0.0, 0), (4_294_967_296.0, 1 << 32), (9_007_199_254_740_991.0, MAX_SAFE_INTEGER)]
    {
        assert_eq!(Offset::from_option(given).unwrap().get(), expected, "offset {given}");
    }
    for given in [-1.0, 0.5, 9_007_199_254_740_992.0, 1e300, f64::NAN] {
        assert!(Offset::from_option(given).is_err(), "offset {given}");
    }
}

#[test]
fn links_are_read_as_the_server_writes_them_and_as_its_pages_show_them() {
    let written = r#"<https://api.humanapi.co/v1/human/activities?limit=50&offset=50>; rel="next",<https://api.humanapi.co/v1/human/activities?limit=50&offset=200>; rel="last""#;
    let shown = "https://api.humanapi.co/v1/human/activities?limit=50&offset=50; \nrel=\"next\",\n \
                 https://api.humanapi.co/v1/human/activities?limit=50&offset=200; \nrel=\"last\"";
    for value in [written, shown] {
        let links = link::parse(value);
        assert_eq!(links.len(), 2, "{value}");
        for (link, (offset, relation)) in links.iter().zip([("50", "next"), ("200", "last")]) {
            assert_eq!(
                link.target,
                format!("https://api.humanapi.co/v1/human/activities?limit=50&offset={offset}")
            );
            assert!(link.relations().any(|own| own == relation), "{relation} in {value}");
        }
    }
}

#[test]
fn relative_links_are_resolved_as_rfc_3986_shows() {
    let base = "http://a/b/c/d;p?q";
    for (reference, target) in [
        ("g", "http://a/b/c/g"),
        ("./g/.", "http://a/b/c/g/"),
        ("../../../g", "http://a/g"),
        ("?y", "http://a/b/c/d;p?y"),
        ("//g", "http://g"),
        ("", "http://a/b/c/d;p?q"),
    ] {
        assert_eq!(uri::resolve(base, reference), target, "{reference}");
    }
}

#[test]
fn retry_after_is_read_as_seconds_or_as_any_of_the_three_dates() {
    // 1994-11-06T08:49:37Z, the date of RFC 9110 §5.6.7.
    let date = 784_111_777;
    let now = (date - 90) * 1000;
    for (value, wait) in [
        ("0", Some(0)),
        ("120", Some(120_000)),
        // More seconds than 32 bits hold.
        ("4294967297", Some(4_294_967_297_000)),
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(90_000)),
        ("Sunday, 06-Nov-94 08:49:37 GMT", Some(90_000)),
        ("Sun Nov  6 08:49:37 1994", Some(90_000)),
        ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
        ("1.5", None),
        ("-1", None),
        ("0x10", None),
        ("10 seconds", None),
        ("", None),
    ] {
        assert_eq!(parse_retry_after(value, now), wait, "{value:?}");
    }
    assert_eq!(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", 0), Some(date));
}

#[test]
fn a_backoff_doubles_up_to_its_cap_whatever_the_attempt() {
    for (attempt, chance, milliseconds) in [
        (0, 0.0, 0),
        (0, 0.5, 250),
        (1, 0.5, 500),
        (5, 0.5, 8_000),
        (6, 0.5, 15_000),
        (31, 0.5, 15_000),
        (32, 0.5, 15_000),
        (64, 0.5, 15_000),
        (u32::MAX, 0.75, 22_500),
    ] {
        assert_eq!(retry::delay(attempt, chance), milliseconds, "attempt {attempt}, chance {chance}");
    }
}

#[test]
fn ids_that_differ_have_keys_that_differ() {
    let ids = [
        "683b1ec10f7aef993c1af747",
        "683b1ec10f7aef993c1af748",
        "783b1ec10f7aef993c1af747",
        "0683b1ec10f7aef993c1af747",
        "683B1EC10F7AEF993C1AF747",
        "",
        "0",
        "00",
        "résumé",
        "an id that is longer than what fits into sixteen bytes",
        "an id that is longer than what fits into sixteen bytez",
    ];
    for (index, id) in ids.iter().enumerate() {
        for other in &ids[index + 1..] {
            assert_ne!(RecordKey::of_id(id), RecordKey::of_id(other), "{id:?} and {other:?}");
        }
    }
    assert_eq!(RecordKey::of_content("{}").short(), None);
}

/// A cursor can be passed between a browser and a server, so that its text must be the same wherever it is made.
#[test]
fn a_cursor_has_the_same_text_everywhere() {
    let cursor = Cursor {
        query: 0x0123_4567_89ab_cdef,
        origin: 0,
        end: 5_000_000_000,
        pass: PassSummary { delivered: Some(4_999_999_999), least_total: None, doubtful: true, passes: 0 },
        seams: vec![0x0000_1122_3344_5566, 0x0000_ffff_ffff_ffff],
    };
    assert_eq!(cursor.to_text(), "AgEjRWeJq83vAIDkl9ASAYDkl9ASABEiM0RVZv_______9jTTjE");
}

#[test]
fn a_cursor_comes_back_as_it_was_with_positions_beyond_32_bits() {
    let query = Fingerprint::of("activities?limit=50");
    for (origin, end) in [(0, 0), (0, 4_294_967_295), (4_294_967_296, 4_294_967_346), (0, MAX_SAFE_INTEGER)] {
        let read: Vec<u64> = (1..=3_000).map(|number| number * 93_824_992_236).collect();
        let cursor = Cursor::after(
            query,
            origin,
            end,
            PassSummary { delivered: Some(end), least_total: Some(end), doubtful: false, passes: 0 },
            &read,
        );
        let text = cursor.to_text();
        assert!(text.len() <= 500, "{} characters", text.len());
        let back = Cursor::from_text(&text, query).unwrap();
        assert_eq!((back.origin, back.end), (origin, end));
        assert_eq!(back, cursor);
        assert_eq!(back.seams.first(), read.last());
    }
}
