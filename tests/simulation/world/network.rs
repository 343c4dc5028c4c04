//! The network: it delays requests, breaks connections and counts, with a server at its other end.

use super::{Chance, Exchange, Fate, World};
use crate::server::{Document, FAILURE, Rows};
use humansync::http::{Request, Response, Transport, TransportError};
use humansync::pages::ListTransport;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// What a server does with a request.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It answers.
    Reply(Response<Document>),
    /// It answers after so many milliseconds.
    Late(u64, Response<Document>),
    /// It never answers, or never ends its answer.
    Silence,
    /// The connection breaks.
    Cut {
        /// [`TransportError::sent`]: false if the client can tell that nothing was sent.
        sent: bool,
    },
}

/// The other end of a network. It reads its data at one moment.
pub trait Server {
    /// Receives a request.
    fn answer(&mut self, request: &Request) -> Outcome;
}

impl<F: FnMut(&Request) -> Outcome> Server for F {
    fn answer(&mut self, request: &Request) -> Outcome {
        self(request)
    }
}

/// How good the network is.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// Milliseconds from the client to the server.
    pub outbound: RangeInclusive<u64>,
    /// Milliseconds back.
    pub inbound: RangeInclusive<u64>,
    /// The probability that the connection breaks before the request reaches the server.
    pub cut_before: f64,
    /// The probability that it breaks after the server has acted on the request.
    pub cut_after: f64,
}

impl Conditions {
    /// Nothing breaks, and every way takes the same time.
    pub fn steady(milliseconds_each_way: u64) -> Self {
        let way = milliseconds_each_way..=milliseconds_each_way;
        Self { outbound: way.clone(), inbound: way, cut_before: 0.0, cut_after: 0.0 }
    }

    /// Nothing breaks, but answers overtake each other.
    pub fn uneven() -> Self {
        Self { outbound: 1..=40, inbound: 1..=160, cut_before: 0.0, cut_after: 0.0 }
    }
}

/// Sends requests to one server. Clones are the same network.
#[derive(Clone)]
pub struct Network(Rc<State>);

struct State {
    world: World,
    conditions: Conditions,
    chance: RefCell<Chance>,
    server: RefCell<Box<dyn Server>>,
    log: RefCell<Vec<Exchange>>,
    in_flight: Cell<usize>,
    most_in_flight: Cell<usize>,
}

impl Network {
    /// A network to `server`.
    pub fn new(world: &World, conditions: Conditions, server: impl Server + 'static) -> Self {
        Self(Rc::new(State {
            world: world.clone(),
            conditions,
            chance: RefCell::new(world.chance_for("network")),
            server: RefCell::new(Box::new(server)),
            log: RefCell::default(),
            in_flight: Cell::new(0),
            most_in_flight: Cell::new(0),
        }))
    }

    /// All requests so far.
    pub fn log(&self) -> Vec<Exchange> {
        self.0.log.borrow().clone()
    }

    /// How many requests were sent.
    pub fn requests(&self) -> usize {
        self.0.log.borrow().len()
    }

    /// How many requests are in flight now.
    pub fn in_flight(&self) -> usize {
        self.0.in_flight.get()
    }

    /// The most requests that were in flight at once.
    pub fn most_in_flight(&self) -> usize {
        self.0.most_in_flight.get()
    }
}

impl Transport for Network {
    type Document = Document;

    fn send(
        &self,
        request: Request,
    ) -> impl Future<Output = Result<Response<Document>, TransportError>> + 'static {
        let state = self.0.clone();
        async move {
            let open = Open::new(state.clone(), &request);
            let (there, back, fails_before, fails_after) = state.fortune();
            // The world goes on while the machine is suspended, and what is on its way arrives all the same.
            let began = state.world.elapsed();
            state.world.arrival(began + there).await;
            if fails_before {
                return open.cut(true);
            }
            let outcome = open.see(&request);
            let (extra, response) = match outcome {
                Outcome::Reply(response) => (0, response),
                Outcome::Late(extra, response) => (extra, response),
                Outcome::Silence => std::future::pending().await,
                Outcome::Cut { sent } => return open.cut(sent),
            };
            let arrives = began + there + back + extra;
            if !fails_after {
                state.log.borrow_mut()[open.index].arrives = Some(arrives);
            }
            state.world.arrival(arrives).await;
            if fails_after {
                return open.cut(true);
            }
            open.answer(response.status);
            Ok(response)
        }
    }

    fn is_blank(document: &Document) -> bool {
        document.is_blank()
    }

    fn says_failed(document: &Document) -> bool {
        matches!(document, Document::Object(said) if said == FAILURE)
    }
}

impl ListTransport for Network {
    type Records = Rows;

    fn records(document: Document) -> Option<Rows> {
        document.rows()
    }
}

impl State {
    /// Draws what happens to a request: milliseconds there and back, and whether the connection breaks before or after.
    fn fortune(&self) -> (u64, u64, bool, bool) {
        let mut chance = self.chance.borrow_mut();
        let Conditions { outbound, inbound, cut_before, cut_after } = self.conditions.clone();
        (
            chance.within(outbound),
            chance.within(inbound),
            chance.happens(cut_before),
            chance.happens(cut_after),
        )
    }
}

/// A request in flight. Dropping it cancels it.
struct Open {
    state: Rc<State>,
    index: usize,
}

impl Open {
    fn new(state: Rc<State>, request: &Request) -> Self {
        let index = state.log.borrow().len();
        state.log.borrow_mut().push(Exchange {
            request: request.clone(),
            sent: state.world.elapsed(),
            seen: false,
            arrives: None,
            fate: Fate::InFlight,
            ended: 0,
        });
        state.in_flight.set(state.in_flight.get() + 1);
        state.most_in_flight.set(state.most_in_flight.get().max(state.in_flight.get()));
        Self { state, index }
    }

    fn see(&self, request: &Request) -> Outcome {
        self.state.log.borrow_mut()[self.index].seen = true;
        self.state.server.borrow_mut().answer(request)
    }

    fn cut<T>(&self, sent: bool) -> Result<T, TransportError> {
        self.state.log.borrow_mut()[self.index].fate = Fate::Cut;
        Err(TransportError { sent, cause: None })
    }

    fn answer(&self, status: u16) {
        self.state.log.borrow_mut()[self.index].fate = Fate::Answered(status);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.state.in_flight.set(self.state.in_flight.get() - 1);
        let exchange = &mut self.state.log.borrow_mut()[self.index];
        exchange.ended = self.state.world.elapsed();
        if exchange.fate == Fate::InFlight {
            exchange.fate = Fate::Cancelled;
        }
    }
}
