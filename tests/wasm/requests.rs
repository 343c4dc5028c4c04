//! Timeouts, retries and aborting with the host's timers.

use super::clock::{HostClock, elapsed, pause};
use super::server::{Answer, Ids, Server, Settings};
use humansync::error::Error;
use humansync::http::{Abort, Accept, Body, Call, Client, Headers, Response};
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

fn status(status: u16) -> Answer {
    let body = if status == 200 { Body::Document(Ids(vec![1])) } else { Body::Empty };
    Answer::After(0, Response { status, headers: Headers::default(), body })
}

async fn call(client: &Rc<Client<Server, HostClock>>, abort: &Abort) -> Result<Body<Ids>, Error> {
    let url = "https://api.humanapi.co/v1/human".to_owned();
    client.call(Call::get(url, Accept::Json), abort).await.map(|reply| reply.body)
}

#[wasm_bindgen_test]
async fn an_answer_that_never_comes_is_a_timeout_and_its_request_is_dropped() {
    let server = Server::new(|_, _| Answer::Never);
    let client = server.client(Settings { timeout: 20, max_retries: 0, ..Settings::default() });
    let error = call(&client, &Abort::new()).await.unwrap_err();
    assert!(matches!(&error, Error::Connection(error) if error.timeout == Some(20)), "{error:?}");
    assert_eq!(server.seen.in_flight.get(), 0);
}

#[wasm_bindgen_test]
async fn a_failed_attempt_is_repeated_after_its_backoff() {
    let server = Server::new(|_, number| status(if number < 2 { 503 } else { 200 }));
    // With this chance the two delays are 20 ms and 40 ms.
    let client = server.client(Settings { chance: 0.04, ..Settings::default() });
    let began = elapsed();
    assert_eq!(call(&client, &Abort::new()).await.unwrap(), Body::Document(Ids(vec![1])));
    assert_eq!(server.seen.urls.borrow().len(), 3);
    // Browsers round their clocks, so that a timer may fire a millisecond early.
    assert!(elapsed() - began >= 58.0, "after {} ms", elapsed() - began);
}

#[wasm_bindgen_test]
async fn aborting_ends_a_backoff_at_once() {
    let server = Server::new(|_, _| status(503));
    // With this chance the first delay is nearly half a second.
    let client = server.client(Settings { chance: 0.99, ..Settings::default() });
    let abort = Abort::new();
    let (aborting, began) = (abort.clone(), elapsed());
    wasm_bindgen_futures::spawn_local(async move {
        pause(20).await;
        aborting.abort();
    });
    assert!(matches!(call(&client, &abort).await, Err(Error::Aborted)));
    assert!(elapsed() - began < 400.0, "after {} ms", elapsed() - began);
    assert_eq!(server.seen.urls.borrow().len(), 1);
}
