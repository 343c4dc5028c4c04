//! What a client tells of its work.

use super::asking::{Stage, asks_to_wait, fails, script};
use crate::pages::reading::{activities, read_all, walk};
use crate::server::{MovingList, PagedServer, status};
use crate::setup::{SECRET, Setup};
use crate::world::{Conditions, Network, Outcome, World};
use humansync::http::{Event, Reason};
use std::cell::RefCell;
use std::rc::Rc;

#[test]
fn a_call_with_retries_tells_of_each_step_when_it_happens() {
    let mut last = status(200);
    last.headers.request_id = Some("req-3".to_owned());
    let stage = Stage::new(
        &Setup::default(),
        script([Outcome::Cut { sent: true }, asks_to_wait(429, "9"), Outcome::Reply(last)]),
    );
    assert!(stage.ask().is_ok());
    let told = stage.told.borrow().clone();
    let request =
        |attempt| Event::Request { id: 1, method: "GET", path: "/v1/human/profile".into(), attempt };
    assert_eq!(told.len(), 7, "{told:#?}");
    assert_eq!(told[0], (0, request(1)));
    let (at, Event::Retry { id: 1, attempt: 1, delay, reason: Reason::Connection }) = told[1].clone() else {
        panic!("{:?}", told[1])
    };
    // A cut takes the way there alone.
    assert_eq!(told[2], (at + delay, request(2)));
    let answered = at + delay + 10;
    assert_eq!(told[3], (answered, Event::Response { id: 1, status: 429, duration: 10, request_id: None }));
    assert_eq!(
        told[4],
        (answered, Event::Retry { id: 1, attempt: 2, delay: 9_000, reason: Reason::Status(429) })
    );
    assert_eq!(told[5], (answered + 9_000, request(3)));
    let request_id = Some("req-3".to_owned());
    assert_eq!(told[6], (answered + 9_010, Event::Response { id: 1, status: 200, duration: 10, request_id }));
}

#[test]
fn every_call_has_a_number_of_its_own() {
    let stage = Stage::new(&Setup::default(), script([fails(404), fails(404)]));
    assert!(stage.ask().is_err());
    assert!(stage.ask().is_err());
    let ids: Vec<u32> = stage
        .told
        .borrow()
        .iter()
        .filter_map(|(_, event)| if let Event::Request { id, .. } = event { Some(*id) } else { None })
        .collect();
    assert_eq!(ids, [1, 2]);
}

#[test]
fn no_event_of_a_walk_carries_a_secret_or_a_query() {
    let world = World::new(0);
    let list = Rc::new(RefCell::new(MovingList::with_ids(400)));
    let conditions = Conditions { cut_before: 0.2, cut_after: 0.2, ..Conditions::uneven() };
    let network = Network::new(&world, conditions, PagedServer::new(&list));
    let (client, told) = Setup { max_retries: 20, ..Setup::default() }.client_with_events(&world, &network);
    assert_eq!(world.run(read_all(walk(&client, activities(7)))).serials().len(), 400);
    let shown = format!("{:?}", told.borrow());
    assert!(shown.contains("Retry"), "this walk shows too little");
    for secret in [SECRET, "offset", "fitbit", "?", "record"] {
        assert!(!shown.contains(secret), "{secret:?} is told");
    }
}
