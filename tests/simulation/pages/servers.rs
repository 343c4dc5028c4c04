//! Servers that tests write themselves, and lists that change at a certain request.

use crate::pages::reading::{Reading, activities, list_of, read_all, walk};
use crate::server::{Document, MovingList, PagedServer, Record, ok, parameter};
use crate::setup::Setup;
use crate::world::{Conditions, Network, Outcome, Server, World};
use humansync::http::{Event, Request};
use humansync::pages::People;
use std::cell::RefCell;
use std::rc::Rc;

/// The value of a numeric query parameter, 0 if there is none.
pub fn number(request: &Request, name: &str) -> usize {
    parameter(&request.url, name).map_or(0, |value| value.parse().unwrap())
}

/// Reads a list in pages of `limit` from a server that answers each request with records, a total and a Link field.
pub fn read_answers(
    lanes: usize,
    limit: u64,
    mut answer: impl FnMut(&Request) -> (Vec<Record>, Option<String>, Option<String>) + 'static,
) -> (Reading, Network) {
    let world = World::new(limit);
    let network = Network::new(&world, Conditions::uneven(), move |request: &Request| {
        let (records, total, link) = answer(request);
        let mut response = ok(Document::List(records));
        response.headers.total_count = total;
        response.headers.link = link;
        Outcome::Reply(response)
    });
    let client = Setup::with_concurrency(lanes).client(&world, &network);
    let reading = world.run(read_all(walk(&client, activities(limit))));
    (reading, network)
}

/// A Link field with a next link to `target`.
pub fn next_link(target: &str) -> Option<String> {
    Some(format!("<{target}>; rel=\"next\""))
}

/// Reads `list` with six lanes. Returns also the counts that the client reported to be short, as delivered and total,
/// and the number of requests.
pub fn read_list(
    list: &Rc<RefCell<MovingList>>,
    limit: u64,
    people: People,
    server: impl Server + 'static,
) -> (Reading, Vec<(u64, u64)>, usize) {
    let world = World::new(list.borrow().len() as u64);
    let network = Network::new(&world, Conditions::uneven(), server);
    let (client, events) = Setup::default().client_with_events(&world, &network);
    let reading = world.run(read_all(walk(&client, list_of(people, limit, None))));
    let short = |event: &Event| match event {
        Event::CountShort { given, total, .. } => Some((*given, *total)),
        _ => None,
    };
    let short = events.borrow().iter().filter_map(|(_, event)| short(event)).collect();
    (reading, short, network.requests())
}

/// The list, to be shared by test and server.
pub fn shared(list: MovingList) -> Rc<RefCell<MovingList>> {
    Rc::new(RefCell::new(list))
}

/// A server of `list` that changes it by `act` before the request with this number.
pub fn changing_before(
    list: &Rc<RefCell<MovingList>>,
    before_request: usize,
    act: impl FnOnce(&mut MovingList) + 'static,
) -> impl Server + 'static {
    let mut server = PagedServer::new(list);
    let (list, mut act, mut requests) = (list.clone(), Some(act), 0);
    move |request: &Request| {
        requests += 1;
        if requests == before_request
            && let Some(act) = act.take()
        {
            act(&mut list.borrow_mut());
        }
        server.answer(request)
    }
}

/// A network to a server that sends the whole list whatever is requested.
pub fn whole_list_network(world: &World, list: &MovingList) -> Network {
    let rows = list.rows().to_vec();
    Network::new(world, Conditions::uneven(), move |_: &_| Outcome::Reply(ok(Document::List(rows.clone()))))
}
