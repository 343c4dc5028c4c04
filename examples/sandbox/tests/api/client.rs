//! A client that asks the service directly, as `demo`, for JSON.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use humansync_sandbox::{Sandbox, Settings, app};
use serde_json::Value;
use tower::ServiceExt;

#[derive(Clone)]
pub struct Client {
    app: Router,
    pub sandbox: Arc<Sandbox>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    #[track_caller]
    pub fn records(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{}", self.text);
        match self.json() {
            Value::Array(records) => records,
            other => panic!("no list: {other}"),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header of ASCII"))
    }

    #[track_caller]
    pub fn total(&self) -> usize {
        self.header("x-total-count").expect("X-Total-Count").parse().expect("a number")
    }
}

impl Client {
    pub fn new() -> Self {
        Self::with(Settings::default())
    }

    pub fn with(settings: Settings) -> Self {
        let sandbox = Sandbox::new(settings);
        Self { app: app(&sandbox), sandbox }
    }

    /// Sends a request as it is. An answer that breaks off is an error.
    pub async fn send(&self, request: Request<Body>) -> Result<Answer, axum::Error> {
        let response = self.app.clone().oneshot(request).await.expect("the service cannot fail");
        let (parts, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        let text = String::from_utf8(body.to_vec()).expect("UTF-8");
        Ok(Answer { status: parts.status, headers: parts.headers, text })
    }

    /// `GET` under `/v1/human`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(request(&format!("/v1/human{path}"))).await.expect("a whole answer")
    }

    /// `POST` under `/_sandbox`.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(format!("/_sandbox{path}")).body(Body::from(body.to_string()));
        self.send(request.expect("a request")).await.expect("a whole answer")
    }

    /// `GET` under `/_sandbox`, as text.
    pub async fn text(&self, path: &str) -> Answer {
        let request = Request::get(format!("/_sandbox{path}")).body(Body::empty()).expect("a request");
        self.send(request).await.expect("a whole answer")
    }

    /// `GET` under `/_sandbox`.
    pub async fn look(&self, path: &str) -> Value {
        self.text(path).await.json()
    }

    #[track_caller]
    pub fn faults(&self, update: Value) -> impl Future<Output = ()> {
        let client = self.clone();
        async move {
            let answer = client.post("/faults", &update).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    }

    /// The ids of a list as the sandbox holds it.
    pub async fn ids(&self, data_type: &str) -> Vec<String> {
        let dump = self.look(&format!("/dump/{data_type}")).await;
        dump["ids"]
            .as_array()
            .expect("ids")
            .iter()
            .map(|id| id.as_str().expect("a text").to_owned())
            .collect()
    }
}

/// A good request.
pub fn request(path: &str) -> Request<Body> {
    Request::get(path)
        .header("host", "sandbox.test")
        .header("authorization", "Bearer demo")
        .header("accept", "application/json")
        .body(Body::empty())
        .expect("a request")
}

pub fn id(record: &Value) -> String {
    record["id"].as_str().expect("an id").to_owned()
}
