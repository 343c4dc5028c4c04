//! What of a type a query gives: from which update on, and until which.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{TYPES, name, small, text};
use crate::client::Client;

/// The names of all records of a window, walked by offset.
async fn inside(client: &Client, batch_type: &str, window: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    loop {
        let page = client.of_all(&format!("/{batch_type}?limit=500&offset={}{window}", names.len())).await;
        let records = page.records();
        names.extend(records.iter().map(name));
        if records.is_empty() {
            assert_eq!(names.len(), page.total());
            return names;
        }
    }
}

/// The names of the records that were updated from one instant to before another.
fn updated(held: &[Value], since: &str, before: &str) -> BTreeSet<String> {
    held.iter().filter(|record| (since..before).contains(&text(record, "updatedAt"))).map(name).collect()
}

#[tokio::test]
async fn a_window_holds_what_was_updated_in_it_and_nothing_else() {
    let client = small();
    for batch_type in TYPES.iter().filter(|batch_type| **batch_type != "genetic_traits") {
        let held = client.held(batch_type).await;
        let window = "&updated_since=20250520T060000Z&updated_before=20250601T000000Z";
        let expected = updated(&held, "2025-05-20T06:00:00.000Z", "2025-06-01T00:00:00.000Z");
        assert!(!expected.is_empty(), "{batch_type}");
        assert_eq!(inside(&client, batch_type, window).await, expected, "{batch_type}");
    }
}

#[tokio::test]
async fn without_since_it_is_the_last_day_and_what_lies_ahead() {
    let client = small();
    client.mutated(json!({ "type": "heart_rates", "future": 5 })).await;
    let held = client.held("heart_rates").await;
    let day = updated(&held, "2025-06-29T12:00:00.000Z", "9");
    assert!(day.len() > 5 && day.len() < held.len());
    assert_eq!(inside(&client, "heart_rates", "").await, day);
    let until_now = updated(&held, "2025-06-29T12:00:00.000Z", "2025-06-30T12:00:01.000Z");
    assert_eq!(until_now.len(), day.len() - 5);
    assert_eq!(inside(&client, "heart_rates", "&updated_before=20250630T120001Z").await, until_now);
    // The day moves with the clock.
    client.clock(json!({ "advanceSeconds": 43_200 })).await;
    assert_eq!(inside(&client, "heart_rates", "").await, updated(&held, "2025-06-30T00:00:00.000Z", "9"));
}

#[tokio::test]
async fn the_last_day_moves_with_the_clock_in_the_other_order_too() {
    let client = small();
    client.faults(json!({ "batchOrder": "recorded" })).await;
    let held = client.held("heart_rates").await;
    assert_eq!(inside(&client, "heart_rates", "").await, updated(&held, "2025-06-29T12:00:00.000Z", "9"));
    client.clock(json!({ "advanceSeconds": 43_200 })).await;
    assert_eq!(inside(&client, "heart_rates", "").await, updated(&held, "2025-06-30T00:00:00.000Z", "9"));
}

#[tokio::test]
async fn since_is_included_and_before_is_not_and_faults_turn_both_around() {
    for order in ["updated", "recorded"] {
        let client = small();
        // At .000 of noon, at .999 of it, and between.
        client.mutated(json!({ "type": "weights", "sameSecond": 6 })).await;
        client.faults(json!({ "batchOrder": order })).await;
        let held = client.held("weights").await;
        let start = updated(&held, "2025-06-30T12:00:00.000Z", "2025-06-30T12:00:00.001Z");
        let second = updated(&held, "2025-06-30T12:00:00.000Z", "2025-06-30T12:00:01.000Z");
        assert!(start.len() >= 2 && second.len() == start.len() + 4, "{start:?} {second:?}");

        let from = "&updated_since=20250630T120000Z";
        let until = "&updated_since=20250630T000000Z&updated_before=20250630T120000Z";
        let earlier = updated(&held, "2025-06-30T00:00:00.000Z", "2025-06-30T12:00:00.000Z");
        assert_eq!(inside(&client, "weights", from).await, second, "{order}");
        assert_eq!(inside(&client, "weights", until).await, earlier, "{order}");

        client.faults(json!({ "sinceExclusive": true, "beforeInclusive": true })).await;
        assert_eq!(inside(&client, "weights", from).await, &second - &start, "{order}");
        assert_eq!(inside(&client, "weights", until).await, &earlier | &start, "{order}");
    }
}

#[tokio::test]
async fn one_query_takes_31_days_to_the_second() {
    let client = small();
    for (window, allowed) in [
        // It is noon of the 30th: 31 days ago it was noon of the 30th of May.
        ("updated_since=20250530T120000Z", true),
        ("updated_since=20250530T115959Z", false),
        ("updated_since=20250101T000000Z&updated_before=20250201T000000Z", true),
        ("updated_since=20250101T000000Z&updated_before=20250201T000001Z", false),
        ("updated_since=20250531T000000Z&updated_before=20250701T000000Z", true),
        ("updated_since=20250530T235959Z&updated_before=20250701T000000Z", false),
        ("updated_since=20250701T000000Z", true),
        ("updated_since=20250601T000000Z&updated_before=20250601T000000Z", true),
        ("updated_since=20250601T000001Z&updated_before=20250601T000000Z", false),
        ("updated_before=20200601T000000Z", true),
    ] {
        let answer = client.of_all(&format!("/sleeps?{window}")).await;
        assert_eq!(answer.status == 200, allowed, "{window}: {}", answer.text);
        if !allowed {
            assert_eq!(answer.status, 400);
            assert!(answer.text.contains("updated_since"), "{}", answer.text);
        }
    }
    let app = client.look("/app").await;
    assert_eq!(
        (&app["refusedSpans"], &app["refusedDates"], &app["refusedQueries"]),
        (&json!(4), &json!(0), &json!(0))
    );
    assert_eq!(app["maxSpanSeconds"], 2_678_401, "the longest that was asked for, refused or not");
    assert_eq!(app["requests"], json!({ "sleeps": 10 }));
}

#[tokio::test]
async fn options_are_read_as_strictly_as_on_the_human_side() {
    let client = small();
    for (query, dates, queries) in [
        ("updated_since=2025-06-01", 1, 1),
        ("created_before=20250631T000000Z", 2, 2),
        ("start_date=20250601&end_date=2025-06-02", 3, 3),
        ("limit=501", 3, 4),
        ("updatedSince=20250601T000000Z", 3, 5),
        ("offset=-1", 3, 6),
        ("limit=5&limit=5", 3, 7),
        ("end_date=2025-06-02", 3, 8),
    ] {
        assert_eq!(client.of_all(&format!("/weights?{query}")).await.status, 400, "{query}");
        let app = client.look("/app").await;
        assert_eq!(
            (&app["refusedDates"], &app["refusedQueries"]),
            (&json!(dates), &json!(queries)),
            "{query}"
        );
        assert_eq!(app["refusedSpans"], 0, "{query}");
    }
}

#[tokio::test]
async fn other_options_filter_what_the_window_holds() {
    let client = small();
    let held = client.held("heart_rates").await;
    let window = "&updated_since=20250601T000000Z";
    let of = |keep: &dyn Fn(&Value) -> bool| -> BTreeSet<String> {
        let inside = |record: &&Value| text(record, "updatedAt") >= "2025-06-01" && keep(record);
        held.iter().filter(inside).map(name).collect()
    };
    let fitbit = of(&|record| record["source"] == "fitbit");
    assert!(!fitbit.is_empty());
    assert_eq!(inside(&client, "heart_rates", &format!("{window}&source=fitbit")).await, fitbit);
    let created = of(&|record| ("2025-05-20".."2025-06-03").contains(&text(record, "createdAt")));
    let query = format!("{window}&created_since=20250520T000000Z&created_before=20250603T000000Z");
    assert_eq!(inside(&client, "heart_rates", &query).await, created);
}

#[tokio::test]
async fn a_trait_is_found_by_a_date_that_it_does_not_show() {
    let client = small();
    let before = inside(&client, "genetic_traits", "").await;
    let changed = client.mutated(json!({ "type": "genetic_traits", "insert": 4 })).await;
    assert_eq!(changed["genetic_traits"]["inserted"], 4);
    let new = inside(&client, "genetic_traits", "&updated_since=20250630T120000Z").await;
    assert!(new.len() >= 4);
    assert_eq!(inside(&client, "genetic_traits", "").await.difference(&before).count(), 4);
    client.clock(json!({ "advanceSeconds": 90_000 })).await;
    assert_eq!(inside(&client, "genetic_traits", "").await, BTreeSet::new());
}
