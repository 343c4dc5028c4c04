//! The app's users.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::json;

use super::{TYPES, USERS, asked, small, text};

#[tokio::test]
async fn all_users_come_in_one_answer_without_pages() {
    let client = small();
    let answer = client.of_all("").await;
    assert_eq!((answer.header("link"), answer.header("x-total-count")), (None, None));
    let users = answer.records();
    for user in &users {
        let fields: Vec<&String> = user.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["humanId", "externalId", "appId", "createdAt", "updatedAt"]);
        assert_eq!((text(user, "humanId").len(), text(user, "appId")), (32, "demo-app"));
        assert!(text(user, "createdAt") <= text(user, "updatedAt"), "{user}");
    }
    for field in ["humanId", "externalId"] {
        assert_eq!(users.iter().map(|user| text(user, field)).collect::<BTreeSet<_>>().len(), 50, "{field}");
    }
    let one = &users[7];
    assert_eq!(client.of_all(&format!("/{}", text(one, "humanId"))).await.json(), *one);
}

#[tokio::test]
async fn a_user_whom_there_is_not_is_404() {
    let client = small();
    for name in ["00000000000000000000000000000000", "x", "user-00001"] {
        assert_eq!(client.of_all(&format!("/{name}")).await.status, 404, "{name}");
        let delete = asked(Method::DELETE, &format!("{USERS}/{name}"));
        assert_eq!(client.send(delete).await.unwrap().status, 404, "{name}");
    }
}

#[tokio::test]
async fn users_take_no_options() {
    let client = small();
    let human_id = text(&client.of_all("").await.records()[0], "humanId").to_owned();
    for path in ["?limit=5".to_owned(), "?offset=0".to_owned(), format!("/{human_id}?limit=5")] {
        assert_eq!(client.of_all(&path).await.status, 400, "{path}");
    }
    let delete = asked(Method::DELETE, &format!("{USERS}/{human_id}?force=true"));
    assert_eq!(client.send(delete).await.unwrap().status, 400);
    assert_eq!(client.of_all(&format!("/{human_id}")).await.status, 200);
}

#[tokio::test]
async fn a_user_who_is_deleted_is_gone_with_all_records() {
    let client = small();
    let human_id = text(&client.of_all("").await.records()[0], "humanId").to_owned();
    let of_user = |records: Vec<serde_json::Value>| {
        records.iter().filter(|record| record["humanId"] == human_id.as_str()).count()
    };
    // One list was asked for before, the others were not.
    assert!(of_user(client.held("heart_rates").await) > 0);
    let delete = || async {
        let answer = client.send(asked(Method::DELETE, &format!("{USERS}/{human_id}"))).await.unwrap();
        (answer.status.as_u16(), answer.text.is_empty())
    };
    assert_eq!(delete().await, (204, true));
    assert_eq!(delete().await, (404, false));
    assert_eq!(client.of_all(&format!("/{human_id}")).await.status, 404);
    assert_eq!(client.of_all("").await.records().len(), 49);
    let app = client.look("/app").await;
    assert_eq!(app["users"], 49);
    for batch_type in TYPES {
        let held = client.held(batch_type).await;
        assert_eq!(app["lists"][batch_type], held.len(), "{batch_type}");
        assert_eq!(of_user(held), 0, "{batch_type}");
    }
    // Nothing new of them comes either.
    client.mutated(json!({ "insert": 200 })).await;
    for batch_type in TYPES {
        assert_eq!(of_user(client.held(batch_type).await), 0, "{batch_type}");
    }
}
