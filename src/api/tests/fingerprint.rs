//! The fingerprint that binds a cursor to its query.

use crate::api::{Fingerprint, Limit, Offset, Query, QueryInit};
use crate::testing::test;
use humansync_ingest::time::Instant;

/// From the reference implementation's test vectors (Noll, `test_fnv.c`, FNV-1a 64).
#[test]
fn it_is_fnv_1a_of_64_bits() {
    for (text, value) in [
        ("", 0xcbf2_9ce4_8422_2325),
        ("a", 0xaf63_dc4c_8601_ec8c),
        ("b", 0xaf63_df4c_8601_f1a5),
        ("foobar", 0x8594_4171_f739_67e8),
        ("chongo was here!\n", 0x4681_0940_eff5_f915),
    ] {
        assert_eq!(Fingerprint::of(text).value(), value, "{text}");
    }
}

#[test]
fn where_one_text_ends_and_the_next_begins_counts() {
    assert_ne!(Fingerprint::of("ab").and("c"), Fingerprint::of("a").and("bc"));
    assert_ne!(Fingerprint::of("a").and(""), Fingerprint::of("a"));
    assert_ne!(Fingerprint::of("a").and("b"), Fingerprint::of("b").and("a"));
}

fn activities_since_2024() -> QueryInit {
    QueryInit {
        updated_since: Some(Instant::parse("2024-01-01T00:00:00Z").unwrap()),
        source: Some("fitbit".to_owned()),
        ..QueryInit::default()
    }
}

/// Cursors outlive releases: this number must not change.
#[test]
fn a_querys_fingerprint_is_the_same_in_every_release() {
    let query = Query::new(activities_since_2024()).unwrap();
    assert_eq!(query.filters(), "updated_since=20240101T000000Z&source=fitbit");
    assert_eq!(Fingerprint::of(query.filters()).value(), 0x2451_157c_d9a4_eab2);
}

#[test]
fn pages_of_one_list_have_one_fingerprint_and_other_lists_another() {
    let query = Query::new(activities_since_2024()).unwrap();
    let page =
        Query::new(QueryInit { limit: Some(7.0), offset: Some(70.0), ..activities_since_2024() }).unwrap();
    let other =
        Query::new(QueryInit { source: Some("garmin".to_owned()), ..activities_since_2024() }).unwrap();
    assert_eq!(page.filters(), query.filters());
    assert_ne!(Fingerprint::of(other.filters()), Fingerprint::of(query.filters()));
    assert_eq!((page.given_limit(), page.offset()), (Limit::new(7), Offset::new(70)));
}
