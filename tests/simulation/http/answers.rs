//! What counts as an answer.

use super::asking::{Stage, api_error, fails, protocol_code, script};
use crate::server::{Document, status};
use crate::setup::{SECRET, Setup};
use crate::world::Outcome;
use humansync::http::{Body, Headers, Response};

fn answer(status: u16, body: Body<Document>) -> Outcome {
    Outcome::Reply(Response { status, headers: Headers::default(), body })
}

#[test]
fn a_redirect_is_refused_and_not_tried_again() {
    // 0 is what a host shows that hides the redirect.
    for code in [0, 300, 301, 302, 303, 307, 308, 399] {
        let stage = Stage::new(&Setup::default(), script([fails(code)]));
        assert_eq!(protocol_code(stage.ask()), "redirect", "{code}");
        assert_eq!(stage.network.requests(), 1);
    }
}

#[test]
fn content_that_is_not_json_is_a_protocol_error() {
    let stage = Stage::new(&Setup::default(), script([answer(200, Body::NotJson)]));
    assert_eq!(protocol_code(stage.ask()), "not-json");
    assert_eq!(stage.network.requests(), 1);
}

#[test]
fn an_answer_beyond_the_bound_is_a_protocol_error_and_not_asked_for_again() {
    let stage = Stage::new(&Setup::default(), script([answer(200, Body::TooLarge)]));
    assert_eq!(protocol_code(stage.ask()), "too-large");
    assert_eq!(stage.network.requests(), 1);
}

#[test]
fn an_error_page_that_is_not_json_is_about_its_status() {
    let stage = Stage::new(&Setup::default(), script([answer(404, Body::NotJson)]));
    let error = api_error(stage.ask());
    assert_eq!(error.status, 404);
    assert!(error.body.is_none());
}

#[test]
fn what_the_server_said_goes_with_the_error_and_not_into_its_text() {
    let said = Document::Object("heart rate 61 of user 7".to_owned());
    let stage = Stage::new(&Setup::default(), script([answer(403, Body::Document(said.clone()))]));
    let error = api_error(stage.ask());
    let body = error.body.clone().unwrap().0.downcast::<Document>().unwrap();
    assert_eq!(*body, said);
    let shown = format!("{error:?}");
    assert!(!shown.contains("heart") && !shown.contains(SECRET) && !shown.contains("private"), "{shown}");
}

#[test]
fn an_error_names_method_and_path_without_the_query() {
    let stage = Stage::new(&Setup::default(), script([fails(404)]));
    let error = api_error(stage.ask());
    assert_eq!((error.method, &*error.path), ("GET", "/v1/human/profile"));
}

#[test]
fn every_request_carries_the_secret_the_accept_field_and_the_callers_own() {
    let stage = Stage::new(&Setup::default(), script([Outcome::Reply(status(204))]));
    assert!(stage.ask().is_ok());
    let exchange = &stage.network.log()[0];
    assert_eq!(exchange.header("authorization"), Some("Bearer s3cret-t0ken"));
    assert_eq!(exchange.header("accept"), Some("application/json"));
    assert_eq!(exchange.header("x-study"), Some("seven"));
    assert!(!exchange.request.url.contains(SECRET));
}
