//! Each rule, and that a batch that breaks one leaves nothing behind.

use axum::http::{HeaderName, Method};
use serde_json::{Value, json};

use super::{PATH, batch, post, sample};
use crate::client::Client;

/// Sends three samples of which the second is changed, and gives status, index and field of the refusal.
async fn changed(client: &Client, change: Value) -> (u16, Value, Value) {
    let mut body = batch(0..3);
    for (name, value) in change.as_object().expect("an object") {
        body["data"][1][name] = value.clone();
    }
    let answer = client.batch(&body).await;
    let told = answer.json();
    (answer.status.as_u16(), told["index"].clone(), told["field"].clone())
}

#[tokio::test]
async fn a_good_batch_is_taken_whole() {
    let client = Client::new();
    for size in [3, 1000] {
        let answer = client.batch(&batch(0..size)).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({ "accepted": size })));
    }
    assert_eq!(client.total().await, 1003);
}

#[tokio::test]
async fn every_good_field_is_taken() {
    let client = Client::new();
    for change in [
        json!({ "device_name": " " }),
        json!({ "device_name": "Uhr \"Ä\" \u{1F45F}\u{0}" }),
        json!({ "value": 0.000_000_1 }),
        json!({ "value": 30_000 }),
        json!({ "value": 300, "unit": "count/min" }),
        json!({ "value": 1e300, "unit": "count/s" }),
        json!({ "end_date": "2023-11-01T00:00:01+04:00" }),
        json!({ "end_date": "2023-10-31T20:00:01Z" }),
        json!({ "start_date": "2023-11-01T00:00:01-00:00" }),
        json!({ "start_date": "2020-02-29T23:59:59.123456789-11:30" }),
    ] {
        assert_eq!(changed(&client, change.clone()).await.0, 200, "{change}");
    }
    for absent in ["device_version", "end_date"] {
        let mut body = batch(0..3);
        body["data"][1].as_object_mut().unwrap().remove(absent);
        assert_eq!(client.batch(&body).await.status, 200, "{absent}");
    }
    let mut heart = batch(0..3);
    heart["data_type"] = json!("bpm");
    assert_eq!(client.batch(&heart).await.status, 200, "a unit is not tied to a type");
}

#[tokio::test]
async fn every_bad_field_is_refused_by_name_and_place() {
    let client = Client::new();
    for (change, field) in [
        (json!({ "device_name": "" }), "device_name"),
        (json!({ "device_name": 7 }), "device_name"),
        (json!({ "device_name": null }), "device_name"),
        (json!({ "device_name": ["iPhone"] }), "device_name"),
        (json!({ "device_version": "" }), "device_version"),
        (json!({ "device_version": 17 }), "device_version"),
        (json!({ "device_version": null }), "device_version"),
        (json!({ "start_date": null }), "start_date"),
        (json!({ "start_date": 1_698_825_891 }), "start_date"),
        (json!({ "start_date": "" }), "start_date"),
        (json!({ "start_date": "2023-11-01T08:04:51" }), "start_date"),
        (json!({ "start_date": "2023-11-01 08:04:51Z" }), "start_date"),
        (json!({ "start_date": "2023-02-29T08:04:51Z" }), "start_date"),
        (json!({ "start_date": "2023-11-01T24:00:00Z" }), "start_date"),
        (json!({ "start_date": "2023-06-30T23:59:60Z" }), "start_date"),
        (json!({ "end_date": null }), "end_date"),
        (json!({ "end_date": "2023-11-01T23:59Z" }), "end_date"),
        (json!({ "end_date": "2023-11-01T00:00:00.999+04:00" }), "end_date"),
        (json!({ "end_date": "2023-11-01T00:00:02+05:00" }), "end_date"),
        (json!({ "unit": "steps" }), "unit"),
        (json!({ "unit": "Count" }), "unit"),
        (json!({ "unit": "" }), "unit"),
        (json!({ "unit": null }), "unit"),
        (json!({ "value": 0 }), "value"),
        (json!({ "value": -1 }), "value"),
        (json!({ "value": "14" }), "value"),
        (json!({ "value": null }), "value"),
        (json!({ "value": true }), "value"),
        (json!({ "value": {} }), "value"),
        (json!({ "value": 30_000.001 }), "value"),
        (json!({ "value": 300.5, "unit": "count/min" }), "value"),
        (json!({ "source": "x" }), "source"),
        (json!({ "Value": 14 }), "Value"),
        (json!({ "": 14 }), ""),
    ] {
        assert_eq!(changed(&client, change.clone()).await, (422, json!(1), json!(field)), "{change}");
    }
    for absent in ["device_name", "start_date", "unit", "value"] {
        let mut body = batch(0..3);
        body["data"][2].as_object_mut().unwrap().remove(absent);
        let told = client.batch(&body).await.json();
        assert_eq!(
            (&told["statusCode"], &told["index"], &told["field"]),
            (&json!(422), &json!(2), &json!(absent))
        );
    }
    let report = client.look("/samples").await;
    assert_eq!((&report["total"], &report["batches"]), (&json!(0), &json!(0)), "all or nothing");
    assert_eq!((&report["requests"], &report["refused"]), (&json!(38), &json!({ "422": 38 })));
}

#[tokio::test]
async fn the_first_problem_is_told_one_too_much_before_the_others() {
    let client = Client::new();
    let mut body = batch(0..4);
    body["data"][3] = json!("x");
    body["data"][2]["value"] = json!(0);
    body["data"][2]["unit"] = json!("km");
    let told = client.batch(&body).await.json();
    assert_eq!((&told["index"], &told["field"]), (&json!(2), &json!("unit")));
    body["data"][2]["extra"] = json!(1);
    assert_eq!(client.batch(&body).await.json()["field"], "extra");
    body["data"][2] = sample(2);
    let told = client.batch(&body).await.json();
    assert_eq!((&told["index"], &told["field"]), (&json!(3), &json!("")));
}

#[tokio::test]
async fn the_body_is_an_object_of_a_type_and_3_to_1000_samples() {
    let client = Client::new();
    let list = batch(0..3)["data"].take();
    for (body, field) in [
        (list.clone(), ""),
        (json!("x"), ""),
        (json!({ "data": list }), "data_type"),
        (json!({ "data": list, "data_type": "weight" }), "data_type"),
        (json!({ "data": list, "data_type": "Steps" }), "data_type"),
        (json!({ "data": list, "data_type": null }), "data_type"),
        (json!({ "data": list, "data_type": 1 }), "data_type"),
        (json!({ "data": list, "data_type": "steps", "more": 1 }), "more"),
        (json!({ "data_type": "steps" }), "data"),
        (json!({ "data_type": "steps", "data": {} }), "data"),
        (json!({ "data_type": "steps", "data": [] }), "data"),
        (batch(0..2), "data"),
        (batch(0..1001), "data"),
    ] {
        let answer = client.batch(&body).await;
        let told = answer.json();
        assert_eq!((answer.status.as_u16(), &told["field"]), (422, &json!(field)), "{told}");
        assert_eq!((&told["index"], &told["error"]), (&json!(null), &json!("Unprocessable Entity")));
    }
    assert_eq!(client.total().await, 0);
}

#[tokio::test]
async fn a_field_that_is_given_twice_is_refused() {
    let client = Client::new();
    let good = batch(0..3).to_string();
    for (from, to, field) in [
        (r#""data_type":"steps""#, r#""data_type":"steps","data_type":"steps""#, "data_type"),
        (r#""data":["#, r#""data":[],"data":["#, "data"),
        (r#""unit":"count""#, r#""unit":"count","unit":"count""#, "unit"),
    ] {
        assert!(good.contains(from));
        let answer = client.send(post(good.replacen(from, to, 1))).await.unwrap();
        assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (422, &json!(field)));
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_is_400() {
    let client = Client::new();
    let good = batch(0..3).to_string();
    let not_utf8 =
        good.clone().into_bytes().iter().map(|byte| if *byte == b'P' { 0xff } else { *byte }).collect();
    let bodies: [Vec<u8>; 8] = [
        Vec::new(),
        b"{".to_vec(),
        format!("{good},").into_bytes(),
        format!("\u{feff}{good}").into_bytes(),
        good[..good.len() - 1].into(),
        good.replace("14", "NaN").into_bytes(),
        good.replace("14", "014").into_bytes(),
        not_utf8,
    ];
    for body in bodies {
        let told = client.send(post(body.clone())).await.unwrap();
        assert_eq!(told.status, 400, "{}", String::from_utf8_lossy(&body));
        assert_eq!((&told.json()["statusCode"], &told.json()["field"]), (&json!(400), &json!(null)));
    }
    assert_eq!(client.total().await, 0);
}

#[tokio::test]
async fn only_post_is_possible() {
    let client = Client::new();
    for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        let mut request = post(batch(0..3).to_string());
        *request.method_mut() = method.clone();
        let answer = client.send(request).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, Some("POST")), "{method}");
    }
    let report = client.look("/samples").await;
    assert_eq!((&report["requests"], &report["total"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn token_query_and_media_type_are_checked_in_this_order() {
    let client = Client::new();
    for (name, value, status) in [
        ("authorization", None, 401),
        ("authorization", Some("Bearer other"), 401),
        ("authorization", Some("Basic ZGVtbzo="), 401),
        ("content-type", None, 415),
        ("content-type", Some("text/plain"), 415),
        ("content-type", Some("application/json; charset=latin1"), 415),
        ("content-type", Some("application/jsonp"), 415),
        ("content-type", Some("Application/JSON; charset=UTF-8"), 200),
        ("content-encoding", Some("gzip"), 415),
        ("content-encoding", Some("identity"), 200),
    ] {
        let name: HeaderName = name.parse().unwrap();
        let mut request = post(batch(0..3).to_string());
        request.headers_mut().remove(&name);
        if let Some(value) = value {
            request.headers_mut().insert(&name, value.parse().unwrap());
        }
        let answer = client.send(request).await.unwrap();
        assert_eq!(answer.status, status, "{name}: {value:?}");
        assert_eq!(answer.header("www-authenticate"), (status == 401).then_some("Bearer"));
    }
    for query in ["access_token=demo", "type=steps"] {
        let mut request = post(batch(0..3).to_string());
        *request.uri_mut() = format!("{PATH}?{query}").parse().unwrap();
        assert_eq!(client.send(request).await.unwrap().status, 400, "{query}");
    }
    let mut request = post("{");
    request.headers_mut().remove("authorization");
    request.headers_mut().remove("content-type");
    assert_eq!(client.send(request).await.unwrap().status, 401, "the token comes first");
    assert_eq!(client.total().await, 6);
}

#[tokio::test]
async fn tokens_can_be_changed_while_it_runs_on_both_sides() {
    let client = Client::new();
    client.faults(json!({ "tokens": ["one", "two"] })).await;
    for (token, status) in [("demo", 401), ("one", 200), ("two", 200)] {
        let mut request = post(batch(0..3).to_string());
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        assert_eq!(client.send(request).await.unwrap().status, status, "{token}");
        let mut request = crate::client::request("/v1/human/profile");
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        assert_eq!(client.send(request).await.unwrap().status, status, "{token}");
    }
    client.faults(json!({ "tokens": [] })).await;
    assert_eq!(client.batch(&batch(0..3)).await.status, 401);
    client.faults(json!({ "tokens": null })).await;
    assert_eq!(client.batch(&batch(0..3)).await.status, 200);
}

#[tokio::test]
async fn too_large_is_413_by_bytes_and_by_samples() {
    let client = Client::new();
    let size = batch(0..10).to_string().len();
    for (update, status) in [
        (json!({ "maxBodyBytes": size - 1 }), 413),
        (json!({ "maxBodyBytes": size }), 200),
        (json!({ "maxSamples": 9 }), 413),
        (json!({ "maxSamples": 10 }), 200),
        (json!({ "maxBodyBytes": null, "maxSamples": null }), 200),
    ] {
        client.faults(update.clone()).await;
        let answer = client.batch(&batch(0..10)).await;
        assert_eq!(answer.status, status, "{update}");
        assert_eq!(answer.json()["statusCode"].is_null(), status == 200);
    }
    let report = client.look("/samples").await;
    assert_eq!((&report["batches"], &report["refused"]), (&json!(3), &json!({ "413": 2 })));
    client.faults(json!({ "maxSamples": 9 })).await;
    let mut bad = batch(0..10);
    bad["data"][0]["value"] = json!(0);
    assert_eq!(client.batch(&bad).await.status, 413, "too many comes before what is wrong with them");
}

#[tokio::test]
async fn other_paths_of_the_api_are_404() {
    let client = Client::new();
    for path in ["/api/v1.1/sample", "/api/v1/samples", "/api/v1.1/samples/"] {
        let mut request = post("{}");
        *request.uri_mut() = path.parse().unwrap();
        let answer = client.send(request).await.unwrap();
        assert_eq!((answer.status.as_u16(), &answer.json()["statusCode"]), (404, &json!(404)), "{path}");
    }
}
