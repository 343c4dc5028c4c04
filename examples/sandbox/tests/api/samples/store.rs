//! What arrived: counted, told one by one, forgotten; many at once, and quickly.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{batch, post, sample};
use crate::client::Client;

#[tokio::test]
async fn samples_are_counted_by_type_and_device() {
    let client = Client::new();
    client.batch(&batch(0..5)).await;
    let mut heart = batch(0..3);
    heart["data_type"] = json!("bpm");
    heart["data"][1]["device_name"] = json!("Watch");
    let bytes = batch(0..5).to_string().len() + heart.to_string().len();
    client.batch(&heart).await;
    client.batch(&batch(0..2)).await;
    assert_eq!(
        client.look("/samples").await,
        json!({
            "total": 8, "distinct": 8, "duplicates": 0, "batches": 2, "requests": 3, "bytes": bytes,
            "refused": { "422": 1 },
            "byType": {
                "steps": { "total": 5, "distinct": 5, "duplicates": 0 },
                "bpm": { "total": 3, "distinct": 3, "duplicates": 0 },
            },
            "byDevice": {
                "Watch": { "total": 1, "distinct": 1, "duplicates": 0 },
                "iPhone": { "total": 7, "distinct": 7, "duplicates": 0 },
            },
            "batchSizes": { "3": 1, "5": 1 },
            "violationCount": 0, "violations": [],
        })
    );
    assert_eq!(client.look("").await["samples"], 8);
}

#[tokio::test]
async fn the_same_sample_again_is_a_duplicate_however_it_is_spelled() {
    let client = Client::new();
    client.batch(&batch(0..4)).await;
    let mut again = batch(1..5);
    // The same instant, the same number.
    again["data"][0]["start_date"] = json!("2023-10-31T20:00:01Z");
    again["data"][1]["end_date"] = json!("2023-11-01T22:59:59.999000+03:00");
    again["data"][2]["value"] = json!(14.0);
    client.batch(&again).await;
    let report = client.look("/samples").await;
    assert_eq!(
        [
            &report["total"],
            &report["distinct"],
            &report["duplicates"],
            &report["byDevice"]["iPhone"]["duplicates"]
        ],
        [&json!(8), &json!(5), &json!(3), &json!(3)]
    );
    let repeats: Vec<Value> = client.arrived("").await.iter().map(|line| line["repeat"].clone()).collect();
    assert_eq!(json!(repeats), json!([false, false, false, false, true, true, true, false]));
}

#[tokio::test]
async fn a_sample_that_differs_in_anything_else_is_none() {
    let client = Client::new();
    client.batch(&batch(0..3)).await;
    for change in [
        json!({ "device_name": "iphone" }),
        json!({ "device_version": "17.0.4" }),
        json!({ "start_date": "2023-11-01T00:00:00.001+04:00" }),
        json!({ "start_date": "2023-11-01T00:00:00.000000001+04:00" }),
        json!({ "end_date": "2023-11-01T23:59:59.998+04:00" }),
        json!({ "unit": "count/s" }),
        json!({ "value": 14.000_000_000_000_002 }),
        // Absent.
        json!({ "device_version": null }),
        json!({ "end_date": null }),
    ] {
        let before = client.look("/samples").await["duplicates"].as_u64().unwrap();
        let mut other = batch(0..3);
        for (name, value) in change.as_object().unwrap() {
            other["data"][0][name] = value.clone();
        }
        other["data"][0].as_object_mut().unwrap().retain(|_, value| !value.is_null());
        assert_eq!(client.batch(&other).await.status, 200, "{change}");
        assert_eq!(client.look("/samples").await["duplicates"], before + 2, "{change}");
    }
    let mut heart = batch(0..3);
    heart["data_type"] = json!("bpm");
    client.batch(&heart).await;
    assert_eq!(client.look("/samples").await["byType"]["bpm"]["distinct"], 3);
}

#[tokio::test]
async fn a_dump_gives_what_was_sent_in_order_of_arrival() {
    let client = Client::new();
    let (mut first, mut second) = (batch(5..9), batch(0..3));
    first["data"][0] = json!({ "unit": "count/s", "device_name": "Uhr \"Ä\"\n&", "value": 0.1, "start_date": "0099-02-28T00:00:00-00:00" });
    first["data"][1]["start_date"] = json!("2023-10-31T20:00:05.1234567890000Z");
    second["data_type"] = json!("bpm");
    second["data"][1]["value"] = json!(1e-7);
    client.batch(&first).await;
    client.batch(&second).await;
    let line = |number: usize, data_type: &'static str| move |sample: &Value| json!({ "batch": number, "type": data_type, "repeat": false, "sample": sample });
    let (first, second) = (first["data"].as_array().unwrap(), second["data"].as_array().unwrap());
    let expected: Vec<Value> =
        first.iter().map(line(1, "steps")).chain(second.iter().map(line(2, "bpm"))).collect();
    assert_eq!(client.arrived("").await, expected);
    assert_eq!(client.arrived("?type=bpm").await, expected[4..]);
    assert_eq!(client.arrived("?device=Uhr%20%22%C3%84%22%0A%26").await, expected[..1]);
    assert_eq!(client.arrived("?type=steps&device=iPhone").await, expected[1..4]);
    assert!(client.arrived("?device=iphone").await.is_empty());
    for query in ["?type=weight", "?devices=x", "?type=steps&type=bpm"] {
        assert_eq!(client.text(&format!("/samples/dump{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn samples_of_a_device_out_of_order_within_a_batch_are_told() {
    let client = Client::new();
    let mut mixed = batch(0..6);
    for (place, second) in [(0, 10), (1, 5), (2, 20), (3, 4), (4, 20), (5, 6)] {
        mixed["data"][place] = sample(second);
        mixed["data"][place]["device_name"] = json!(if place % 2 == 0 { "even" } else { "odd" });
        // A device may have more than one version.
        mixed["data"][place]["device_version"] = json!(format!("{place}"));
    }
    client.batch(&batch(7..10)).await;
    client.batch(&mixed).await;
    client.batch(&batch(0..3)).await;
    let report = client.look("/samples").await;
    assert_eq!(report["violations"], json!([{ "batch": 2, "device": "odd", "index": 3, "rule": "order" }]));
    let mut backward = batch(0..300);
    backward["data"].as_array_mut().unwrap().reverse();
    client.batch(&backward).await;
    let report = client.look("/samples").await;
    assert_eq!(
        (&report["violationCount"], report["violations"].as_array().unwrap().len()),
        (&json!(300), 100)
    );
}

#[tokio::test]
async fn samples_are_forgotten_alone_or_with_everything() {
    let client = Client::new();
    let empty = client.look("/samples").await;
    for everything in [false, true] {
        client.faults(json!({ "retryAfter": 9 })).await;
        client.batch(&batch(0..3)).await;
        client.batch(&batch(0..2)).await;
        let forget = axum::http::Request::delete("/_sandbox/samples").body(axum::body::Body::empty());
        let answer = match everything {
            false => client.send(forget.unwrap()).await.unwrap(),
            true => client.post("/reset", &json!(null)).await,
        };
        assert_eq!(answer.status, 204);
        assert_eq!(client.look("/samples").await, empty);
        assert!(client.arrived("").await.is_empty());
        assert_eq!(client.look("/faults").await["retryAfter"], if everything { 1 } else { 9 });
        let log = client.look("/log").await;
        assert_eq!(log["total"], if everything { 0 } else { 2 });
    }
    client.batch(&batch(0..3)).await;
    assert_eq!(client.look("/samples").await["duplicates"], 0);
}

#[tokio::test]
async fn the_log_tells_sizes_but_no_sample_and_no_token() {
    let client = Client::new();
    let good = batch(0..3).to_string();
    client.send(post(good.clone())).await.unwrap();
    client.batch(&batch(0..2)).await;
    client.send(post("{")).await.unwrap();
    let mut foreign = post(good.clone());
    foreign.headers_mut().insert("authorization", "Bearer s3cret".parse().unwrap());
    client.send(foreign).await.unwrap();
    client.faults(json!({ "failNext": [{ "status": 503 }] })).await;
    client.send(post(good.clone())).await.unwrap();
    let log = client.look("/log").await;
    let told: Vec<Value> = log["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|seen| json!([seen["method"], seen["path"], seen["status"], seen["bodyBytes"], seen["samples"]]))
        .collect();
    let line =
        |status: u16, bytes: usize, samples: Value| json!(["POST", super::PATH, status, bytes, samples]);
    assert_eq!(
        told,
        [
            line(200, good.len(), json!(3)),
            line(422, batch(0..2).to_string().len(), json!(2)),
            line(400, 1, json!(null)),
            line(401, good.len(), json!(null)),
            line(503, good.len(), json!(null)),
        ]
    );
    assert!(log["requests"][0]["arrivedMs"].is_number() && log["requests"][0]["durationMs"].is_number());
    let text = log.to_string();
    for secret in ["s3cret", "demo", "iPhone", "17.0.3", "2023-11-01"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn batches_that_come_at_once_are_all_taken_whole() {
    let client = Client::new();
    let lanes = (0..40).map(|lane| {
        let client = client.clone();
        // Neighbours overlap by ten samples.
        tokio::spawn(async move { client.batch(&batch(lane * 90..lane * 90 + 100)).await.status })
    });
    for lane in lanes.collect::<Vec<_>>() {
        assert_eq!(lane.await.unwrap(), 200);
    }
    let report = client.look("/samples").await;
    assert_eq!(
        [&report["total"], &report["distinct"], &report["batches"], &report["violationCount"]],
        [&json!(4000), &json!(3610), &json!(40), &json!(0)]
    );
    let arrived = client.arrived("").await;
    for (place, lines) in arrived.chunks(100).enumerate() {
        assert!(lines.iter().all(|line| line["batch"] == place + 1), "batches are not mixed");
    }
    let starts: BTreeSet<&str> =
        arrived.iter().map(|line| line["sample"]["start_date"].as_str().unwrap()).collect();
    assert_eq!(starts.len(), 3610);
}

#[tokio::test]
async fn two_hundred_thousand_samples_take_a_few_seconds_at_most() {
    let client = Client::new();
    let bodies: Vec<String> =
        (0..80).map(|part| batch(part * 1000..part * 1000 + 1000).to_string()).collect();
    let start = Instant::now();
    for body in bodies.iter().cycle().take(200) {
        assert_eq!(client.send(post(body.clone())).await.unwrap().status, 200);
    }
    let took = start.elapsed();
    let report = client.look("/samples").await;
    assert_eq!(
        [&report["total"], &report["distinct"], &report["batchSizes"]],
        [&json!(200_000), &json!(80_000), &json!({ "1000": 200 })]
    );
    // Some tenths of a second where nothing else runs.
    assert!(took < Duration::from_secs(10), "{took:?}");
}
