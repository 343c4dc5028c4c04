//! Each fault, turned on by the control endpoint.

use std::time::Duration;

use humansync_sandbox::Settings;
use humansync_sandbox::faults::Cut;
use serde_json::json;

use crate::client::{Client, request};

#[tokio::test]
async fn scripted_answers_are_given_in_turn_and_then_the_real_one() {
    let client = Client::new();
    let script = json!([
        { "status": 503, "retryAfter": "Wed, 21 Oct 2015 07:28:00 GMT" },
        { "status": 200, "body": "<html>", "headers": { "content-type": "text/html" } },
        { "status": 400, "body": { "statusCode": 400, "note": "scripted" } },
        { "status": 204 },
    ]);
    client.faults(json!({ "failNext": script })).await;
    let busy = client.get("/profile").await;
    assert_eq!(
        (busy.status.as_u16(), busy.header("retry-after")),
        (503, Some("Wed, 21 Oct 2015 07:28:00 GMT"))
    );
    let page = client.get("/profile").await;
    assert_eq!((page.text.as_str(), page.header("content-type")), ("<html>", Some("text/html")));
    assert_eq!(client.get("/profile").await.json()["note"], "scripted");
    assert_eq!(client.get("/profile").await.status, 204);
    assert_eq!(client.get("/profile").await.json()["email"], "demo@example.org");
}

#[tokio::test]
async fn a_scripted_answer_can_wait_for_its_path() {
    let client = Client::new();
    client.faults(json!({ "failNext": [{ "status": 500, "path": "/v1/human/weight" }] })).await;
    assert_eq!(client.get("/profile").await.status, 200);
    assert_eq!(client.get("/weight/readings").await.status, 500);
    assert_eq!(client.get("/weight/readings").await.status, 200);
}

#[tokio::test]
async fn beyond_the_rate_limit_is_429_with_retry_after() {
    let client = Client::new();
    client.faults(json!({ "rateLimit": "3/60s", "retryAfter": 2 })).await;
    for _ in 0..3 {
        assert_eq!(client.get("/profile").await.status, 200);
    }
    let refused = client.get("/profile").await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, Some("2")));
    assert_eq!(client.look("/log").await["early"], 0);
    client.get("/profile").await;
    assert_eq!(client.look("/log").await["early"], 1, "it came while all were asked to wait");
}

#[tokio::test]
async fn about_so_many_requests_fail_and_the_same_ones_each_time() {
    let statuses = |seed| async move {
        let client = Client::with(Settings { seed, ..Settings::default() });
        client.faults(json!({ "errorRate": 0.2, "errorStatus": 502 })).await;
        let mut statuses = Vec::new();
        for _ in 0..300 {
            statuses.push(client.get("/profile").await.status.as_u16());
        }
        statuses
    };
    let first = statuses(1).await;
    let failed = first.iter().filter(|status| **status == 502).count();
    assert!((35..=85).contains(&failed), "{failed} of 300");
    assert_eq!(first, statuses(1).await);
    assert_ne!(first, statuses(2).await);
}

#[tokio::test]
async fn a_503_by_rate_says_when_to_come_again_and_a_500_does_not() {
    let client = Client::new();
    for (status, retry_after) in [(503, Some("1")), (500, None)] {
        client.faults(json!({ "errorRate": 1, "errorStatus": status })).await;
        let answer = client.get("/profile").await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (status, retry_after));
    }
}

#[tokio::test(start_paused = true)]
async fn latency_is_waited_before_and_after_and_jitter_makes_it_differ() {
    let client = Client::new();
    client.faults(json!({ "latencyMs": 50 })).await;
    assert_eq!(took(&client).await, Duration::from_millis(50));
    client.faults(json!({ "jitterMs": 20 })).await;
    let mut times = Vec::new();
    for _ in 0..40 {
        times.push(took(&client).await.as_millis());
    }
    // tokio's timer counts whole milliseconds, and rounds up each of the two waits.
    assert!(times.iter().all(|time| (30..=72).contains(time)), "{times:?}");
    assert!(times.iter().min() < Some(&40) && times.iter().max() > Some(&60), "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_comes_whole_over_its_time() {
    let client = Client::new();
    let usual = client.get("/activities").await.text;
    client.faults(json!({ "slowBodyMs": 2000 })).await;
    let start = tokio::time::Instant::now();
    assert_eq!(client.get("/activities").await.text, usual);
    assert_eq!(start.elapsed(), Duration::from_secs(2));
}

async fn took(client: &Client) -> Duration {
    let start = tokio::time::Instant::now();
    assert_eq!(client.get("/profile").await.status, 200);
    start.elapsed()
}

#[tokio::test]
async fn a_cut_before_acts_on_nothing_and_one_after_does() {
    let client = Client::new();
    let total = client.ids("weight").await.len();
    for (fault, kind, acted) in [("cutBefore", Cut::Reset, 0), ("cutAfter", Cut::Close, 1)] {
        client.sandbox.reset();
        // Each request changes the list, if the server acts on it.
        client.faults(json!({ fault: 1, "churn": 1 })).await;
        let before = client.look("/dump/weight").await;
        let response = tower::ServiceExt::oneshot(
            humansync_sandbox::app(&client.sandbox),
            request("/v1/human/weight/readings"),
        );
        assert_eq!(response.await.unwrap().extensions().get::<Cut>(), Some(&kind), "{fault}");
        assert_eq!(u8::from(client.look("/dump/weight").await != before), acted, "{fault}");
        let log = client.look("/log").await;
        assert_eq!(
            (&log["requests"][0]["outcome"], &log["requests"][0]["status"]),
            (&json!("cut"), &json!(null))
        );
    }
    assert!(total > 0);
}

#[tokio::test]
async fn a_cut_within_breaks_off_in_the_body() {
    let client = Client::new();
    client.faults(json!({ "cutWithin": 1 })).await;
    assert!(client.send(request("/v1/human/activities")).await.is_err());
    assert_eq!(client.look("/log").await["requests"][0]["outcome"], "cut");
}

#[tokio::test]
async fn an_absent_latest_reading_is_said_in_the_chosen_way() {
    let client = Client::new();
    for (choice, status, text) in [("{}", 200, "{}"), ("null", 200, "null"), ("empty", 200, "")] {
        client.faults(json!({ "emptyLatest": choice })).await;
        let answer = client.get("/weight").await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (status, text), "{choice}");
    }
    client.faults(json!({ "emptyLatest": "404" })).await;
    assert_eq!(client.get("/weight").await.status, 404);
    client.faults(json!({ "emptyLatest": null })).await;
    assert!(client.get("/weight").await.json()["value"].is_number());
    client.post("/mutate", &json!({ "type": "weight", "remove": 100_000 })).await;
    assert_eq!(client.get("/weight").await.status, 404);
}

#[tokio::test]
async fn a_medical_profile_may_be_missing() {
    let client = Client::new();
    assert_eq!(client.get("/medical/profile").await.status, 200);
    client.faults(json!({ "medicalProfile404": true })).await;
    assert_eq!(client.get("/medical/profile").await.status, 404);
}

#[tokio::test]
async fn link_forms_and_a_next_to_another_origin_are_as_chosen() {
    let client = Client::new();
    client.faults(json!({ "linkForm": "documented" })).await;
    let documented = client.get("/activities?limit=50").await;
    assert_eq!(
        documented.header("link").unwrap(),
        "http://sandbox.test/v1/human/activities?limit=50&offset=50;  rel=\"next\",  \
         http://sandbox.test/v1/human/activities?limit=50&offset=8450;  rel=\"last\""
    );
    client.faults(json!({ "linkForm": "none" })).await;
    let none = client.get("/activities").await;
    assert_eq!((none.header("link"), none.total()), (None, 8490));
    client.faults(json!({ "linkForm": "wire", "nextLinkOrigin": "http://127.0.0.1:9" })).await;
    assert!(
        client
            .get("/activities")
            .await
            .header("link")
            .unwrap()
            .starts_with("<http://127.0.0.1:9/v1/human/activities?offset=50>")
    );
}

#[tokio::test]
async fn an_update_that_is_wrong_changes_nothing() {
    let client = Client::new();
    for body in
        [json!({ "latencyMs": 5, "nonsense": 1 }), json!({ "latencyMs": 5, "errorRate": 7 }), json!("x")]
    {
        let answer = client.post("/faults", &body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["statusCode"]), (400, &json!(400)));
    }
    assert_eq!(client.look("/faults").await["latencyMs"], 0);
}
