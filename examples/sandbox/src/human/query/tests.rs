//! Tests of each rule of the query options.

use super::*;

fn read(query: &str) -> Result<ListQuery, Refusal> {
    ListQuery::read(&format!("/v1/human/activities?{query}").parse().unwrap(), &BTreeSet::new())
}

#[test]
fn options_outside_their_rules_are_refused_by_name() {
    for (query, named) in [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=-1", "limit"),
        ("limit=%2B5", "limit"),
        ("limit=5.0", "limit"),
        ("limit=", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("offset=-1", "offset"),
        ("offset=a", "offset"),
        ("created_since=2014-01-10T00:00:00Z", "created_since"),
        ("created_before=20140110", "created_before"),
        ("updated_since=1389312000", "updated_since"),
        ("updated_before=20140110T250000Z", "updated_before"),
        ("start_date=2014-01-10", "end_date"),
        ("end_date=2014-01-10", "start_date"),
        ("start_date=2014-01-10&end_date=2014-1-11", "end_date"),
        ("start_date=2014-02-30&end_date=2014-03-01", "start_date"),
        ("start_date=2014-01-11&end_date=2014-01-10", "start_date"),
        ("source=", "source"),
        ("time_series=yes", "time_series"),
        ("limit=5&limit=6", "limit"),
        ("colour=red", "colour"),
        ("createdSince=20140110T000000Z", "createdSince"),
    ] {
        let refusal = read(query).expect_err(query);
        assert_eq!(refusal.status, 400, "{query}");
        assert!(refusal.message.contains(named), "{query}: {}", refusal.message);
    }
}

#[test]
fn the_bounds_themselves_are_allowed() {
    assert_eq!(read("limit=1&offset=0").unwrap().limit, Some(1));
    assert_eq!(read("limit=500").unwrap().limit, Some(500));
    assert_eq!(read("").unwrap(), ListQuery::default());
    assert!(read("start_date=2014-01-10&end_date=2014-01-10").is_ok());
    assert!(read("time_series=true").unwrap().time_series);
}

#[test]
fn what_is_allowed_by_name_passes() {
    let allowed = BTreeSet::from(["colour".to_owned()]);
    let uri: Uri = "/v1/human/activities?colour=red&limit=3".parse().unwrap();
    assert_eq!(ListQuery::read(&uri, &allowed).unwrap().sent.len(), 2);
    assert!(none(&"/v1/human?colour=red".parse().unwrap(), &allowed).is_ok());
    assert!(none(&"/v1/human?limit=3".parse().unwrap(), &allowed).is_err());
}

#[test]
fn windows_take_their_first_instant_and_not_their_last() {
    let at = |milliseconds| Row::new(1, 0, milliseconds, milliseconds, None, 0);
    // 20140110T000000Z and a second later.
    let first = 1_389_312_000_000;
    for names in ["created", "updated"] {
        let query = read(&format!("{names}_since=20140110T000000Z&{names}_before=20140110T000001Z")).unwrap();
        let kept: Vec<bool> = [-1, 0, 999, 1000].iter().map(|plus| query.keeps(&at(first + plus))).collect();
        assert_eq!(kept, [false, true, true, false], "{names}");
    }
}

#[test]
fn days_are_those_of_the_person() {
    let query = read("start_date=2024-03-01&end_date=2024-03-02").unwrap();
    let midnight = Day::parse("2024-03-01").unwrap().start();
    let row = |at, offset| Row::new(1, at, 0, 0, offset, 0);
    assert!(query.keeps(&row(midnight, None)));
    assert!(!query.keeps(&row(midnight - 1, None)));
    assert!(!query.keeps(&row(midnight, Some(-360))));
    assert!(query.keeps(&row(midnight + 6 * 3600, Some(-360))));
    assert!(query.keeps(&row(midnight + 2 * 86_400 + 5 * 3600, Some(-360))));
    assert!(!query.keeps(&row(midnight + 2 * 86_400 + 6 * 3600, Some(-360))));
}

#[test]
fn a_source_is_named_by_its_name_or_its_id() {
    let row = Row::new(1, 0, 0, 0, None, 2);
    let id = row.source().id();
    assert_eq!(id.len(), 24);
    assert!(read("source=runkeeper").unwrap().keeps(&row));
    assert!(read(&format!("source={id}")).unwrap().keeps(&row));
    assert!(!read("source=fitbit").unwrap().keeps(&row));
    assert!(!read("source=Runkeeper").unwrap().keeps(&row));
}
