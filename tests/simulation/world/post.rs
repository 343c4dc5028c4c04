//! A transport over the network that records what the sender of each request knows of its outcome.

use super::{Chance, Network, World};
use crate::server::Document;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use humansync::clock::Clock;
use humansync::http::{Body, Request, Response, Transport, TransportError};
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// The header field with a request's number, for the receiver.
pub const NUMBER: &str = "x-letter";

/// Numbers requests and sends them over a network. Clones are the same post.
#[derive(Clone)]
pub struct Post {
    state: Rc<State>,
    sender: u64,
}

struct State {
    world: World,
    network: Network,
    letters: RefCell<Vec<Letter>>,
    lingering: f64,
    chance: RefCell<Chance>,
}

/// One request, as its sender knows it.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Who has sent it.
    pub sender: u64,
    /// When it was sent.
    pub sent: u64,
    /// Its body.
    pub content: Rc<Vec<u8>>,
    /// When its sender learnt the outcome, and the outcome.
    pub known: Option<(u64, KnownOutcome)>,
}

/// The outcome of a request, as its sender knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownOutcome {
    /// An answer with this status.
    Answered(u16),
    /// An answer with a status of success that is not the API's. The API answers 200, with no content or with JSON that
    /// does not say that something failed.
    Strange,
    /// The connection broke.
    TransportError {
        /// [`TransportError::sent`]: false if it certainly broke before the request was sent.
        sent: bool,
    },
}

impl Letter {
    /// When its sender learnt that it was accepted.
    pub fn acknowledged(&self) -> Option<u64> {
        match self.known {
            Some((at, KnownOutcome::Answered(200..=299))) => Some(at),
            _ => None,
        }
    }

    /// Whether the server may have acted on it although its sender does not know.
    pub fn is_in_doubt(&self) -> bool {
        match self.known {
            None | Some((_, KnownOutcome::TransportError { sent: true } | KnownOutcome::Strange)) => true,
            Some((_, KnownOutcome::TransportError { sent: false })) => false,
            Some((_, KnownOutcome::Answered(status))) => matches!(status, 500 | 502 | 504),
        }
    }
}

impl Post {
    /// Sends over `network`. With the probability `lingering`, a request that its sender cancels is delivered all the
    /// same.
    pub fn new(world: &World, network: &Network, lingering: f64) -> Self {
        let state = State {
            world: world.clone(),
            network: network.clone(),
            letters: RefCell::default(),
            lingering,
            chance: RefCell::new(world.chance_for("post")),
        };
        Self { state: Rc::new(state), sender: 0 }
    }

    /// The same post for the sender with this number.
    pub fn of_sender(&self, sender: u64) -> Self {
        Self { state: self.state.clone(), sender }
    }

    /// All requests so far, by their numbers.
    pub fn letters(&self) -> Vec<Letter> {
        self.state.letters.borrow().clone()
    }

    /// How many requests were sent.
    pub fn sent(&self) -> usize {
        self.state.letters.borrow().len()
    }
}

impl Transport for Post {
    type Document = Document;

    fn send(
        &self,
        mut request: Request,
    ) -> impl Future<Output = Result<Response<Document>, TransportError>> + 'static {
        let mut letters = self.state.letters.borrow_mut();
        let number = letters.len();
        letters.push(Letter {
            sender: self.sender,
            sent: self.state.world.elapsed(),
            content: request.content.as_ref().map(|content| content.bytes.clone()).unwrap_or_default(),
            known: None,
        });
        request.headers.push((NUMBER.to_owned(), number.to_string()));
        let way = self.state.network.send(request).boxed_local();
        Errand { state: self.state.clone(), number, way: Some(way) }
    }

    fn is_blank(document: &Document) -> bool {
        document.is_blank()
    }

    fn says_failed(document: &Document) -> bool {
        Network::says_failed(document)
    }
}

fn is_strange(response: &Response<Document>) -> bool {
    let is_plain = match &response.body {
        Body::Empty | Body::Document(Document::Blank) => true,
        Body::Document(_) | Body::NotJson | Body::TooLarge => false,
    };
    (200..=299).contains(&response.status) && !(response.status == 200 && is_plain)
}

/// A request on its way.
struct Errand {
    state: Rc<State>,
    number: usize,
    way: Option<LocalBoxFuture<'static, Result<Response<Document>, TransportError>>>,
}

impl Future for Errand {
    type Output = Result<Response<Document>, TransportError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(way) = self.way.as_mut() else { return Poll::Pending };
        let Poll::Ready(outcome) = way.as_mut().poll(context) else { return Poll::Pending };
        self.way = None;
        let known = match &outcome {
            Ok(response) if is_strange(response) => KnownOutcome::Strange,
            Ok(response) => KnownOutcome::Answered(response.status),
            Err(broken) => KnownOutcome::TransportError { sent: broken.sent },
        };
        let now = self.state.world.elapsed();
        self.state.letters.borrow_mut()[self.number].known = Some((now, known));
        Poll::Ready(outcome)
    }
}

impl Drop for Errand {
    fn drop(&mut self) {
        let Some(way) = self.way.take() else { return };
        if self.state.chance.borrow_mut().happens(self.state.lingering) {
            // What is on the wire arrives, even if its sender has cancelled it.
            self.state.world.spawn(way.map(|_| ()).boxed_local());
        }
    }
}
