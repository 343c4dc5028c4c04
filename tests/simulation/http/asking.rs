//! Calls against scripted answers.

use crate::server::{Document, ok, status};
use crate::setup::{ReportedEvents, Setup, SimulatedClient};
use crate::world::{Conditions, Network, Outcome, Server, World};
use humansync::error::{ApiError, Error};
use humansync::http::{Abort, Accept, Call, Limiter, Reply, Request};
use std::collections::VecDeque;

/// What a call ends with.
pub type Ended = Result<Reply<Document>, Error>;

/// A world with one client.
pub struct Stage {
    /// The world.
    pub world: World,
    /// Its network.
    pub network: Network,
    /// The client.
    pub client: SimulatedClient,
    /// What the client told.
    pub told: ReportedEvents,
}

impl Stage {
    /// A client as `setup` says, 10 ms away from `server`.
    pub fn new(setup: &Setup, server: impl Server + 'static) -> Self {
        Self::of_seed(0, setup, server)
    }

    /// The same in the world of `seed`.
    pub fn of_seed(seed: u64, setup: &Setup, server: impl Server + 'static) -> Self {
        let world = World::new(seed);
        let network = Network::new(&world, Conditions::steady(5), server);
        let (client, told) = setup.client_with_events(&world, &network);
        Self { world, network, client, told }
    }

    /// A client in `world` that asks `limiter` before each request.
    pub fn limited(
        world: &World,
        setup: &Setup,
        limiter: Box<dyn Limiter>,
        server: impl Server + 'static,
    ) -> Self {
        let network = Network::new(world, Conditions::steady(5), server);
        let (client, told) = setup.client_with_limiter(world, &network, limiter);
        Self { world: world.clone(), network, client, told }
    }

    /// One call.
    pub fn ask(&self) -> Ended {
        self.world.run(ask(&self.client, &Abort::new()))
    }

    /// When each request was sent, in milliseconds.
    pub fn sent(&self) -> Vec<u64> {
        self.network.log().iter().map(|exchange| exchange.sent).collect()
    }

    /// Nothing is in flight, no timer runs, no task is left.
    ///
    /// # Panics
    /// When something is.
    pub fn assert_nothing_is_left(&self) {
        self.world.settle();
        assert_eq!(self.network.in_flight(), 0, "requests in flight");
        assert_eq!(self.world.timers_left(), 0, "timers");
        assert_eq!(self.world.tasks_left(), 0, "tasks");
    }
}

/// One call for a document.
pub async fn ask(client: &SimulatedClient, abort: &Abort) -> Ended {
    let url = "https://api.humanapi.co/v1/human/profile?source=private".to_owned();
    client.call(Call::get(url, Accept::Json), abort).await
}

/// Gives these answers in turn, and 200 from then on.
pub fn script(outcomes: impl IntoIterator<Item = Outcome>) -> impl Server {
    let mut outcomes: VecDeque<Outcome> = outcomes.into_iter().collect();
    move |_: &Request| outcomes.pop_front().unwrap_or_else(fine)
}

/// 200 with an object.
pub fn fine() -> Outcome {
    Outcome::Reply(ok(Document::Object("profile".to_owned())))
}

/// This status, without anything else.
pub fn fails(code: u16) -> Outcome {
    Outcome::Reply(status(code))
}

/// This status with a `Retry-After`.
pub fn asks_to_wait(code: u16, retry_after: &str) -> Outcome {
    let mut response = status(code);
    response.headers.retry_after = Some(retry_after.to_owned());
    Outcome::Reply(response)
}

/// The error about a status.
///
/// # Panics
/// When the call ended in another way.
pub fn api_error(ended: Ended) -> ApiError {
    match ended {
        Err(Error::Api(error)) => (*error).clone(),
        other => panic!("expected an error about a status, not {other:?}"),
    }
}

/// Code of a protocol error.
///
/// # Panics
/// When the call ended in another way.
pub fn protocol_code(ended: Ended) -> &'static str {
    match ended {
        Err(Error::Protocol(error)) => error.code,
        other => panic!("expected a protocol error, not {other:?}"),
    }
}
