//! Who may ask for the app's users.

use axum::http::Method;
use serde_json::json;

use super::{KEY, TYPES, USERS, asked, small};
use crate::client::{Answer, Client, request};

async fn with(client: &Client, path: &str, header: &'static str, value: Option<&str>) -> Answer {
    let mut request = asked(Method::GET, path);
    request.headers_mut().remove(header);
    if let Some(value) = value {
        request.headers_mut().insert(header, value.parse().unwrap());
    }
    client.send(request).await.unwrap()
}

#[tokio::test]
async fn the_app_key_alone_opens_it() {
    let client = small();
    assert_eq!(with(&client, USERS, "authorization", Some(KEY)).await.status, 200);
    for value in [
        None,
        Some("Bearer demo"),
        Some("Bearer demo-app-key"),
        Some("demo-app-key"),
        // With a password; another key; without the colon; not base64.
        Some("Basic ZGVtby1hcHAta2V5OnB3"),
        Some("Basic b3RoZXI6"),
        Some("Basic ZGVtby1hcHAta2V5"),
        Some("Basic demo-app-key:"),
    ] {
        for path in [
            USERS,
            &format!("{USERS}/weights"),
            &format!("{USERS}/x"),
            "/v1/apps/other/users",
            "/v1/apps/demo-app/x",
        ] {
            let answer = with(&client, path, "authorization", value).await;
            assert_eq!(
                (answer.status.as_u16(), &answer.json()["error"]),
                (401, &json!("Unauthorized")),
                "{value:?} {path}"
            );
            assert_eq!(answer.header("www-authenticate"), Some(r#"Basic realm="humansync-sandbox""#));
            assert!(!answer.text.contains("demo-app-key"), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn the_app_key_does_not_open_the_human_side_nor_the_samples() {
    let client = small();
    let mut human = request("/v1/human/profile");
    human.headers_mut().insert("authorization", KEY.parse().unwrap());
    let answer = client.send(human).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.header("www-authenticate")), (401, Some("Bearer")));
    assert_eq!(client.send(asked(Method::POST, "/api/v1.1/samples")).await.unwrap().status, 401);
}

#[tokio::test]
async fn keys_can_be_changed_while_it_runs() {
    let client = small();
    client.faults(json!({ "appKeys": ["one", "two"] })).await;
    for (value, status) in [("Basic b25lOg==", 200), ("Basic dHdvOg==", 200), (KEY, 401)] {
        assert_eq!(with(&client, USERS, "authorization", Some(value)).await.status, status, "{value}");
    }
    client.faults(json!({ "appKeys": null })).await;
    assert_eq!(with(&client, USERS, "authorization", Some(KEY)).await.status, 200);
}

#[tokio::test]
async fn a_token_in_the_query_is_400() {
    let client = small();
    for path in ["?access_token=demo", "/weights?limit=5&access_token=x"] {
        let answer = client.of_all(path).await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.text.contains("access_token"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_query_that_does_not_accept_json_is_406() {
    let client = small();
    for value in [None, Some("*/*"), Some("text/html")] {
        assert_eq!(with(&client, USERS, "accept", value).await.status, 406, "{value:?}");
    }
}

#[tokio::test]
async fn another_app_and_another_path_are_404() {
    let client = small();
    for path in [
        "/v1/apps/other/users",
        "/v1/apps/demo-ap/users/weights",
        "/v1/apps/demo-app2/users",
        "/v1/apps/other/users/x/y",
        "/v1/apps",
        "/v1/apps/demo-app",
        "/v1/apps/demo-app/weights",
        "/v1/apps/demo-app/users/weight",
        "/v1/apps/demo-app/users/weights/1",
        "/v1/apps/demo-app/users/medical/vitals",
    ] {
        let answer = client.send(asked(Method::GET, path)).await.unwrap();
        assert_eq!((answer.status.as_u16(), &answer.json()["statusCode"]), (404, &json!(404)), "{path}");
    }
}

#[tokio::test]
async fn other_methods_are_405() {
    let client = small();
    for (method, path) in
        [(Method::POST, ""), (Method::DELETE, ""), (Method::DELETE, "/weights"), (Method::PUT, "/x")]
    {
        let answer = client.send(asked(method.clone(), &format!("{USERS}{path}"))).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["statusCode"]),
            (405, &json!(405)),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn every_type_answers() {
    let client = small();
    for batch_type in TYPES {
        let answer = client.of_all(&format!("/{batch_type}?updated_since=20250601T000000Z")).await;
        assert!(!answer.records().is_empty(), "{batch_type}");
        assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"), "{batch_type}");
        assert!(answer.header("date").is_some() && answer.header("x-request-id").is_some(), "{batch_type}");
    }
}

#[tokio::test]
async fn the_log_shows_neither_the_key_nor_what_may_be_one() {
    let client = small();
    client.of_all("/weights").await;
    for value in ["demo-app-key", "ZGVtby1hcHAta2V5Og==", "demo-app-key x"] {
        with(&client, USERS, "authorization", Some(value)).await;
    }
    let log = client.look("/log").await;
    assert_eq!(log["total"], 4);
    assert_eq!(log["requests"][0]["path"], format!("{USERS}/weights"));
    assert_eq!(log["requests"][0]["headers"]["authorization"], "Basic");
    for request in log["requests"].as_array().unwrap().iter().skip(1) {
        assert_eq!(request["headers"]["authorization"], "?");
    }
    let text = log.to_string();
    assert!(!text.contains("demo-app-key") && !text.contains("ZGVt"), "{text}");
}
