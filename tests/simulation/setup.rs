//! Makes clients in a world.

use crate::world::{Network, World};
use futures_util::FutureExt;
use humansync::error::Error;
use humansync::http::{
    BaseUrl, Client, Config, Credential, Event, Limiter, Scheme, SecretSource, SecretText,
};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The client of the simulated world.
pub type SimulatedClient = Rc<Client<Network, World>>;

/// Where the simulated server is.
pub const ORIGIN: &str = "https://api.humanapi.co";
/// The client's secret, which must not appear in any text.
pub const SECRET: &str = "s3cret-t0ken";

/// The settings of a client that tests vary; the others are those of the package by default.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The most requests in flight at once.
    pub concurrency: usize,
    /// The longest time for one attempt, in milliseconds.
    pub timeout: u64,
    /// The most attempts after the first one.
    pub max_retries: u32,
    /// The longest delay before a retry that the client accepts, in milliseconds.
    pub max_retry_delay: u64,
}

impl Default for Setup {
    fn default() -> Self {
        Self { concurrency: 6, timeout: 30_000, max_retries: 4, max_retry_delay: 120_000 }
    }
}

/// The events that a client reported, each with its time.
pub type ReportedEvents = Rc<RefCell<Vec<(u64, Event)>>>;

impl Setup {
    /// The default settings with this concurrency.
    pub fn with_concurrency(concurrency: usize) -> Self {
        Self { concurrency, ..Self::default() }
    }

    /// A client with a fixed secret.
    pub fn client(&self, world: &World, network: &Network) -> SimulatedClient {
        self.client_with_events(world, network).0
    }

    /// A client with a fixed secret, and the events that it reports.
    pub fn client_with_events(&self, world: &World, network: &Network) -> (SimulatedClient, ReportedEvents) {
        let secret = SecretText::new(Scheme::Bearer, "accessToken", SECRET).unwrap();
        self.client_with(world, network, SecretSource::Fixed(secret))
    }

    /// A client with a secret from `source`, and the events that it reports.
    pub fn client_with(
        &self,
        world: &World,
        network: &Network,
        source: SecretSource,
    ) -> (SimulatedClient, ReportedEvents) {
        self.client_of(world, network, source, None)
    }

    /// A client with a fixed secret that asks `limiter` before each request, and the events that it reports.
    pub fn client_with_limiter(
        &self,
        world: &World,
        network: &Network,
        limiter: Box<dyn Limiter>,
    ) -> (SimulatedClient, ReportedEvents) {
        let secret = SecretText::new(Scheme::Bearer, "accessToken", SECRET).unwrap();
        self.client_of(world, network, SecretSource::Fixed(secret), Some(limiter))
    }

    fn client_of(
        &self,
        world: &World,
        network: &Network,
        source: SecretSource,
        limiter: Option<Box<dyn Limiter>>,
    ) -> (SimulatedClient, ReportedEvents) {
        let told = ReportedEvents::default();
        let config = Config {
            base: BaseUrl::new(ORIGIN, "v1", "/human", false).unwrap(),
            headers: vec![("x-study".to_owned(), "seven".to_owned())],
            timeout: self.timeout,
            max_retries: self.max_retries,
            max_retry_delay: self.max_retry_delay,
            concurrency: self.concurrency,
        };
        let (log, clock) = (told.clone(), world.clone());
        let listener = move |event| log.borrow_mut().push((clock.elapsed(), event));
        let credential = Credential::new(source);
        let client =
            Client::new(network.clone(), world.clone(), config, credential, Some(Box::new(listener)));
        (Rc::new(client.with_limiter(limiter)), told)
    }
}

/// A source that returns the secrets `token-1`, `token-2` … after `milliseconds`, and a count of its calls.
pub fn secret_function(world: &World, milliseconds: u64) -> (SecretSource, Rc<Cell<u32>>) {
    use humansync::clock::Clock;
    let asked = Rc::new(Cell::new(0));
    let (count, clock) = (asked.clone(), world.clone());
    let ask = move || {
        count.set(count.get() + 1);
        let token = format!("token-{}", count.get());
        let answered = clock.sleep(milliseconds);
        async move {
            answered.await;
            SecretText::new(Scheme::Bearer, "accessToken", &token).map_err(Error::from)
        }
        .boxed_local()
    };
    (SecretSource::Function(Rc::new(ask)), asked)
}
