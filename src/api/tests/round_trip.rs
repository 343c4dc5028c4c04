//! Whatever is asked for is what a server reads: query strings are read back by a decoder that shares no code with
//! the encoder, and times by chrono's own parser.

use crate::testing::test;
use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use proptest::prelude::*;

use crate::api::{Operation, PathSegment, Query, QueryInit, calendar_date, kind, shown, user_path};
use humansync_ingest::time::{DAY_SECONDS, Date, Instant, UtcOffset};

/// Decodes one percent-encoded text; fails the test if any byte of it should have been encoded, or otherwise.
pub(super) fn percent_decoded(text: &str) -> String {
    const KEPT: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    const HEX: &str = "0123456789ABCDEF";
    let mut bytes = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '%' {
            let high = HEX.find(rest.next().unwrap()).unwrap();
            let low = HEX.find(rest.next().unwrap()).unwrap();
            let byte = u8::try_from(high * 16 + low).unwrap();
            assert!(!KEPT.as_bytes().contains(&byte), "%{high:X}{low:X} encodes what need not be encoded");
            bytes.push(byte);
        } else {
            assert!(KEPT.contains(c), "{c:?} is not encoded");
            bytes.push(u8::try_from(c).unwrap());
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn decoded(query: &str) -> Vec<(String, String)> {
    let pair = |text: &str| {
        let (name, value) = text.split_once('=').unwrap();
        (percent_decoded(name), percent_decoded(value))
    };
    query.split('&').map(pair).collect()
}

/// A point in time as the generator made it: seconds since 1970, nanoseconds, minutes of UTC offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Moment(i64, u32, i16);

impl Moment {
    fn instant(self) -> Instant {
        let Self(seconds, nanos, offset) = self;
        let local = seconds + i64::from(offset) * 60;
        let (day, second) = (local.div_euclid(DAY_SECONDS), local.rem_euclid(DAY_SECONDS));
        Instant::from_local(day, second, nanos, 9, UtcOffset::from_minutes(offset).unwrap())
    }

    fn nanos(self) -> i128 {
        i128::from(self.0) * 1_000_000_000 + i128::from(self.1)
    }
}

/// Nanoseconds since 1970 of a time on the wire.
fn wire_nanos(text: &str) -> i128 {
    let time = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").unwrap();
    assert_eq!(text.len(), "20140110T000000Z".len());
    i128::from(time.and_utc().timestamp()) * 1_000_000_000
}

fn moment() -> impl Strategy<Value = Moment> {
    let nanos = prop_oneof![Just(0_u32), Just(1), Just(999_999_999), 0..1_000_000_000_u32];
    // From the year 1 to 9998, so that no offset leads out of the years that can be written.
    (-62_000_000_000_i64..253_300_000_000, nanos, -1_439_i16..=1_439).prop_map(|(s, n, o)| Moment(s, n, o))
}

/// A since and a before, each there or not, in order.
fn span() -> impl Strategy<Value = (Option<Moment>, Option<Moment>)> {
    (moment(), moment(), any::<bool>(), any::<bool>())
        .prop_map(|(a, b, since, before)| (since.then_some(a.min(b)), before.then_some(a.max(b))))
}

fn days() -> impl Strategy<Value = Option<(NaiveDate, NaiveDate)>> {
    let day = (1_i32..3_652_059).prop_map(|days| NaiveDate::from_num_days_from_ce_opt(days).unwrap());
    prop::option::of((day.clone(), day).prop_map(|(a, b)| (a.min(b), a.max(b))))
}

fn date(day: NaiveDate) -> Date {
    use chrono::Datelike;
    Date::parse(&format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())).unwrap()
}

fn parameters() -> impl Strategy<Value = BTreeMap<String, String>> {
    const TAKEN: [&str; 10] = [
        "limit",
        "offset",
        "createdsince",
        "createdbefore",
        "updatedsince",
        "updatedbefore",
        "source",
        "startdate",
        "enddate",
        "accesstoken",
    ];
    let name = prop_oneof!["[a-z_]{1,8}", "[&=%+# /?é\\[\\]]{1,4}", any::<String>()].prop_filter(
        "free names",
        |name| {
            !name.is_empty() && !TAKEN.contains(&name.replace(['_', '-'], "").to_ascii_lowercase().as_str())
        },
    );
    prop::collection::btree_map(name, any::<String>(), 0..5)
}

proptest! {
    #[test]
    fn a_server_reads_what_was_asked_for(
        limit in prop::option::of(1_u16..=500),
        offset in prop::option::of(0_u64..=9_007_199_254_740_991),
        (created_since, created_before) in span(),
        (updated_since, updated_before) in span(),
        source in prop::option::of("\\PC{1,20}|[&=%+# ]{1,5}"),
        days in days(),
        params in parameters(),
    ) {
        let query = Query::new(QueryInit {
            limit: limit.map(f64::from),
            offset: offset.map(|offset| offset as f64),
            created_since: created_since.map(Moment::instant),
            created_before: created_before.map(Moment::instant),
            updated_since: updated_since.map(Moment::instant),
            updated_before: updated_before.map(Moment::instant),
            source: source.clone(),
            start_date: days.map(|(start, _)| date(start)),
            end_date: days.map(|(_, end)| date(end)),
            params: params.clone().into_iter().collect(),
        }).unwrap();

        let text = query.to_query_string();
        let mut read = decoded(&text).into_iter().peekable();
        let mut take = |name: &str| read.next_if(|(next, _)| next == name).map(|(_, value)| value);
        prop_assert_eq!(take("limit"), Some(limit.unwrap_or(500).to_string()));
        prop_assert_eq!(take("offset"), offset.map(|offset| offset.to_string()));
        for (name, since) in [("created_since", created_since), ("updated_since", updated_since)] {
            let before_name = name.replace("since", "before");
            let before = if name == "created_since" { created_before } else { updated_before };
            let since_wire = take(name).map(|text| wire_nanos(&text));
            let before_wire = take(&before_name).map(|text| wire_nanos(&text));
            prop_assert_eq!(since_wire.is_some(), since.is_some());
            prop_assert_eq!(before_wire.is_some(), before.is_some());
            if let (Some(wire), Some(since)) = (since_wire, since) {
                prop_assert!((0..1_000_000_000).contains(&(since.nanos() - wire)), "{} of {:?}", wire, since);
            }
            if let (Some(wire), Some(before)) = (before_wire, before) {
                prop_assert!((0..1_000_000_000).contains(&(wire - before.nanos())), "{} of {:?}", wire, before);
            }
        }
        prop_assert_eq!(take("source"), source);
        let read_day = |text: String| NaiveDate::parse_from_str(&text, "%Y-%m-%d").unwrap();
        let read_start = take("start_date").map(read_day);
        let read_end = take("end_date").map(read_day);
        prop_assert_eq!(read_start.zip(read_end), days);
        let rest: Vec<(String, String)> = read.collect();
        prop_assert_eq!(rest, params.into_iter().collect::<Vec<_>>());

        let is_paging = |pair: &&str| pair.starts_with("limit=") || pair.starts_with("offset=");
        let filters: Vec<&str> = text.split('&').filter(|pair| !is_paging(pair)).collect();
        prop_assert_eq!(query.filters(), filters.join("&"));
    }

    #[test]
    fn the_order_in_which_parameters_are_given_does_not_matter(
        (sorted, shuffled) in parameters().prop_flat_map(|params| {
            let sorted: Vec<_> = params.into_iter().collect();
            (Just(sorted.clone()), Just(sorted).prop_shuffle())
        }),
    ) {
        let query = |params| Query::new(QueryInit { params, ..QueryInit::default() }).unwrap();
        let (sorted, shuffled) = (query(sorted), query(shuffled));
        prop_assert_eq!(sorted.to_query_string(), shuffled.to_query_string());
    }

    #[test]
    fn a_since_later_than_its_before_is_never_sent(a in moment(), b in moment(), updated in any::<bool>()) {
        let (since, before) = (Some(a.instant()), Some(b.instant()));
        let init = if updated {
            QueryInit { updated_since: since, updated_before: before, ..QueryInit::default() }
        } else {
            QueryInit { created_since: since, created_before: before, ..QueryInit::default() }
        };
        prop_assert_eq!(Query::new(init).is_err(), a.nanos() > b.nanos());
    }

    #[test]
    fn junk_is_refused_or_encoded_and_never_panics(
        limit in any::<f64>(), offset in any::<f64>(), millis in any::<f64>(), text in any::<String>(),
        params in prop::collection::vec((any::<String>(), any::<String>()), 0..4),
    ) {
        let init = QueryInit {
            limit: Some(limit),
            offset: Some(offset),
            created_since: Instant::from_unix_millis(millis).ok(),
            updated_before: Instant::parse(&text).ok(),
            source: Some(text.clone()),
            start_date: calendar_date("startDate", &text).ok(),
            params: params.clone(),
            ..QueryInit::default()
        };
        for init in [init, QueryInit { params, source: Some(text.clone()), ..QueryInit::default() }] {
            if let Ok(query) = Query::new(init) {
                decoded(&query.to_query_string());
            }
        }
        let path = user_path(&text, Operation::List, "");
        for error in [PathSegment::new("id", &text).err(), path.err()].into_iter().flatten() {
            prop_assert!(!error.message.is_empty());
        }
        for area in [crate::api::Area::Human, crate::api::Area::Medical] {
            prop_assert!(kind(area, &text).is_none() || !text.contains(' '));
        }
        prop_assert!(!shown(&text).contains('\n'));
    }
}
