//! What each option makes of the query string, and what is refused.

use crate::api::{Limit, Offset, Query, QueryInit, calendar_date};
use crate::error::OptionError;
use crate::testing::test;
use humansync_ingest::time::{Date, Instant};
use serde::de::value::Error;
use serde::de::{Deserialize, IntoDeserializer};

fn at(text: &str) -> Option<Instant> {
    Some(Instant::parse(text).unwrap())
}

fn day(text: &str) -> Option<Date> {
    Some(Date::parse(text).unwrap())
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn query_string(init: QueryInit) -> String {
    Query::new(init).unwrap().to_query_string()
}

#[test]
fn a_query_without_options_asks_for_pages_of_500() {
    let query = Query::new(QueryInit::default()).unwrap();
    assert_eq!(query.to_query_string(), "limit=500");
    assert_eq!(query.filters(), "");
    assert_eq!((query.limit(), query.given_limit(), query.offset()), (Limit::MAX, None, None));
}

#[test]
fn the_options_come_in_a_fixed_order() {
    let init = QueryInit {
        limit: Some(50.0),
        offset: Some(0.0),
        created_since: at("2014-01-01T00:00:00Z"),
        created_before: at("2014-02-01T00:00:00Z"),
        updated_since: at("2014-03-01T00:00:00Z"),
        updated_before: at("2014-04-01T00:00:00Z"),
        source: Some("moves".to_owned()),
        start_date: day("2014-05-01"),
        end_date: day("2014-06-01"),
        params: pairs(&[("time_series", "true"), ("b", "2"), ("B", "1"), ("é", "3")]),
    };
    assert_eq!(
        query_string(init),
        "limit=50&offset=0&created_since=20140101T000000Z&created_before=20140201T000000Z\
         &updated_since=20140301T000000Z&updated_before=20140401T000000Z&source=moves\
         &start_date=2014-05-01&end_date=2014-06-01&B=1&b=2&time_series=true&%C3%A9=3"
    );
}

#[test]
fn since_is_rounded_down_and_before_up_to_whole_seconds_in_utc() {
    for (given, down, up) in [
        ("2014-01-10T00:00:00Z", "20140110T000000Z", "20140110T000000Z"),
        ("2014-01-10T00:00:00.000000001Z", "20140110T000000Z", "20140110T000001Z"),
        ("2014-12-31T23:59:59.999Z", "20141231T235959Z", "20150101T000000Z"),
        ("2014-01-10T01:30:00.5+04:00", "20140109T213000Z", "20140109T213001Z"),
        ("1969-12-31T23:59:59.25Z", "19691231T235959Z", "19700101T000000Z"),
    ] {
        let created =
            QueryInit { created_since: at(given), created_before: at(given), ..QueryInit::default() };
        assert_eq!(query_string(created), format!("limit=500&created_since={down}&created_before={up}"));
        let updated =
            QueryInit { updated_since: at(given), updated_before: at(given), ..QueryInit::default() };
        assert_eq!(query_string(updated), format!("limit=500&updated_since={down}&updated_before={up}"));
    }
}

#[test]
fn a_wrong_option_is_refused_under_its_own_name() {
    let none = QueryInit::default;
    let (later, earlier) = (at("2014-01-10T00:00:01Z"), at("2014-01-10T00:00:00.9Z"));
    let (first, second) = (day("2014-01-01"), day("2014-01-02"));
    for (init, option, message) in [
        (
            QueryInit { created_before: at("9999-12-31T23:59:59.5Z"), ..none() },
            "createdBefore",
            "createdBefore: outside the years 0000 to 9999",
        ),
        (
            QueryInit { updated_since: at("0000-01-01T00:00:00+01:00"), ..none() },
            "updatedSince",
            "updatedSince: outside the years 0000 to 9999",
        ),
        (
            QueryInit { created_since: later, created_before: earlier, ..none() },
            "createdBefore",
            "createdBefore must not be earlier than createdSince",
        ),
        (
            QueryInit { updated_since: later, updated_before: earlier, ..none() },
            "updatedBefore",
            "updatedBefore must not be earlier than updatedSince",
        ),
        (
            QueryInit { source: Some(String::new()), ..none() },
            "source",
            "source must not be empty; leave it out for the records of all sources",
        ),
        (
            QueryInit { start_date: first, ..none() },
            "endDate",
            "startDate was given without endDate: the two must come together",
        ),
        (
            QueryInit { end_date: first, ..none() },
            "startDate",
            "endDate was given without startDate: the two must come together",
        ),
        (
            QueryInit { start_date: second, end_date: first, ..none() },
            "endDate",
            "endDate must not be earlier than startDate",
        ),
        (
            QueryInit { limit: Some(501.0), ..none() },
            "limit",
            "limit must be a whole number from 1 to 500, but 501 was given",
        ),
        (
            QueryInit { offset: Some(-1.0), ..none() },
            "offset",
            "offset must be a whole number from 0 to 9007199254740991, but -1 was given",
        ),
    ] {
        assert_eq!(Query::new(init), Err(OptionError::new(option, message)));
    }
}

#[test]
fn days_may_be_the_same() {
    let same =
        QueryInit { start_date: day("2014-01-02"), end_date: day("2014-01-02"), ..QueryInit::default() };
    assert_eq!(query_string(same), "limit=500&start_date=2014-01-02&end_date=2014-01-02");
}

#[test]
fn spans_are_compared_as_points_in_time_whatever_their_offsets() {
    let init = QueryInit {
        created_since: at("2014-01-10T09:00:00+04:00"),
        created_before: at("2014-01-10T05:00:00Z"),
        ..QueryInit::default()
    };
    assert!(Query::new(init).is_ok());
}

#[test]
fn created_and_updated_spans_are_independent() {
    let init = QueryInit {
        created_since: at("2015-01-01T00:00:00Z"),
        updated_before: at("2014-01-01T00:00:00Z"),
        ..QueryInit::default()
    };
    assert_eq!(
        query_string(init),
        "limit=500&created_since=20150101T000000Z&updated_before=20140101T000000Z"
    );
}

#[test]
fn a_source_is_passed_on_as_it_is() {
    for (source, encoded) in [
        ("52e20cb2fff56aac62000001", "52e20cb2fff56aac62000001"),
        ("My Device & Co", "My%20Device%20%26%20Co"),
        (" ", "%20"),
        ("a+b%20", "a%2Bb%2520"),
    ] {
        let init = QueryInit { source: Some(source.to_owned()), ..QueryInit::default() };
        assert_eq!(query_string(init), format!("limit=500&source={encoded}"));
    }
}

#[test]
fn a_page_of_the_same_list_has_its_own_limit_and_offset() {
    let init = QueryInit {
        limit: Some(50.0),
        offset: Some(100.0),
        source: Some("moves".to_owned()),
        ..QueryInit::default()
    };
    let query = Query::new(init).unwrap();
    let limit = Limit::new(51).unwrap();
    assert_eq!(query.page_query_string(limit, Offset::new(149)), "limit=51&offset=149&source=moves");
    assert_eq!(query.page_query_string(limit, None), "limit=51&source=moves");
    assert_eq!(query.to_query_string(), "limit=50&offset=100&source=moves");
}

/// A value as the edge hands it over.
fn in_option<'de, T: IntoDeserializer<'de, Error>>(value: T) -> T::Deserializer {
    value.into_deserializer()
}

#[test]
fn an_option_that_is_no_time_or_day_is_named_and_its_text_is_not_repeated() {
    for text in ["2014-02-30", "2014-2-3"] {
        let error = calendar_date("date", text).unwrap_err();
        assert_eq!(error.option, "date");
        assert!(error.message.starts_with("date: "), "{}", error.message);
        for said in [error.message, Date::deserialize(in_option(text)).unwrap_err().to_string()] {
            assert!(!said.contains(text), "{said}");
        }
    }
    for text in ["2014-01-11", "yesterday"] {
        let said = Instant::deserialize(in_option(text)).unwrap_err().to_string();
        assert!(said.ends_with(", but a text of another form was given") && !said.contains(text), "{said}");
    }
    for (millis, said) in
        [(f64::NAN, "not a valid date or number of milliseconds"), (1e300, "outside the years 0000 to 9999")]
    {
        assert_eq!(Instant::deserialize(in_option(millis)).unwrap_err().to_string(), said);
    }
    assert_eq!(Instant::deserialize(in_option("2014-01-10T00:00:00Z")).ok(), at("2014-01-10T00:00:00Z"));
    assert_eq!(Instant::deserialize(in_option(1_389_312_000_000.0)).ok(), at("2014-01-10T00:00:00Z"));
    assert_eq!(Date::deserialize(in_option("2014-01-10")).ok(), day("2014-01-10"));
    assert_eq!(calendar_date("x", "2014-01-10"), Ok(day("2014-01-10").unwrap()));
}
