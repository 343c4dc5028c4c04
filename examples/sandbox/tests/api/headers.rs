//! Who may ask, CORS, and the headers that every answer has.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::client::{Client, request};

#[tokio::test]
async fn without_the_demo_token_nothing_is_given() {
    let client = Client::new();
    for authorization in [None, Some("Bearer other"), Some("Basic ZGVtbzo=")] {
        let mut request = request("/v1/human/activities");
        request.headers_mut().remove("authorization");
        if let Some(value) = authorization {
            request.headers_mut().insert("authorization", value.parse().unwrap());
        }
        let answer = client.send(request).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]),
            (401, &json!("Unauthorized")),
            "{authorization:?}"
        );
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
}

#[tokio::test]
async fn a_token_in_the_query_is_400() {
    assert_eq!(Client::new().get("/activities?access_token=demo").await.status, 400);
}

#[tokio::test]
async fn a_query_that_does_not_accept_json_is_406() {
    let mut request = request("/v1/human/activities");
    request.headers_mut().insert("accept", "*/*".parse().unwrap());
    assert_eq!(Client::new().send(request).await.unwrap().status, 406);
}

#[tokio::test]
async fn other_methods_are_405() {
    let mut request = request("/v1/human/activities");
    *request.method_mut() = axum::http::Method::POST;
    let answer = Client::new().send(request).await.unwrap();
    assert_eq!((answer.status.as_u16(), &answer.json()["statusCode"]), (405, &json!(405)));
}

#[tokio::test]
async fn a_browser_may_send_a_token_from_any_page() {
    let client = Client::new();
    let preflight = Request::options("/v1/human/activities")
        .header("origin", "http://page.test")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization")
        .body(Body::empty())
        .unwrap();
    let answer = client.send(preflight).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (204, Some("*")));
    let allowed = answer.header("access-control-allow-headers").unwrap().to_ascii_lowercase();
    assert!(
        ["authorization", "accept", "content-type"].iter().all(|name| allowed.contains(name)),
        "{allowed}"
    );
    let log = client.look("/log").await;
    assert_eq!((&log["total"], &log["preflights"]), (&json!(0), &json!(1)));
}

#[tokio::test]
async fn a_browser_may_read_the_headers_of_good_answers_and_errors() {
    let client = Client::new();
    for path in ["/activities", "/nothing"] {
        let answer = client.get(path).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        let exposed = answer.header("access-control-expose-headers").unwrap();
        assert_eq!(exposed, "Link, X-Total-Count, Retry-After, Date, X-Request-Id");
    }
}

#[tokio::test]
async fn every_answer_has_a_date_by_the_sandbox_s_clock_and_an_id_of_its_own() {
    let client = Client::new();
    let (first, second) = (client.get("/profile").await, client.get("/nothing").await);
    assert_eq!(first.header("date"), Some("Mon, 30 Jun 2025 12:00:00 GMT"));
    assert_eq!(second.header("date"), Some("Mon, 30 Jun 2025 12:00:00 GMT"));
    assert_ne!(first.header("x-request-id").unwrap(), second.header("x-request-id").unwrap());
}

#[tokio::test]
async fn hidden_headers_are_not_sent_at_all() {
    let client = Client::new();
    client.faults(json!({ "hideHeaders": true, "failNext": [{ "status": 429, "retryAfter": 3 }] })).await;
    for path in ["/activities", "/activities"] {
        let answer = client.get(path).await;
        for name in
            ["link", "x-total-count", "retry-after", "date", "x-request-id", "access-control-expose-headers"]
        {
            assert_eq!(answer.header(name), None, "{name} of {}", answer.status);
        }
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    }
}
