//! The secret: asked for once, and once more after a 401.

use super::asking::{api_error, ask, fails, fine};
use crate::server::status;
use crate::setup::{SECRET, Setup, secret_function};
use crate::world::{Conditions, Network, Outcome, World};
use futures_util::FutureExt;
use futures_util::future::join_all;
use humansync::error::{Error, HostValue};
use humansync::http::{Abort, Request, SecretSource};
use std::cell::Cell;
use std::rc::Rc;

fn secret_of(request: &Request) -> String {
    let (_, value) = request.headers.iter().find(|(name, _)| name == "authorization").unwrap();
    value.strip_prefix("Bearer ").unwrap().to_owned()
}

/// A server that takes only `accepted`.
fn takes(world: &World, accepted: &'static str) -> Network {
    Network::new(world, Conditions::uneven(), move |request: &Request| {
        if secret_of(request) == accepted { fine() } else { fails(401) }
    })
}

#[test]
fn a_fixed_secret_that_is_refused_is_final() {
    let world = World::new(0);
    let network = takes(&world, "another");
    let client = Setup::default().client(&world, &network);
    assert_eq!(api_error(world.run(ask(&client, &Abort::new()))).status, 401);
    assert_eq!(network.requests(), 1);
    assert_eq!(secret_of(&network.log()[0].request), SECRET);
}

#[test]
fn a_function_is_asked_once_however_many_calls_there_are() {
    let world = World::new(0);
    let network = takes(&world, "token-1");
    let (source, asked) = secret_function(&world, 100);
    let (client, _) = Setup::default().client_with(&world, &network, source);
    for _ in 0..2 {
        let ended = world.run(join_all((0..20).map(|_| one(client.clone()))));
        assert!(ended.iter().all(Result::is_ok));
    }
    assert_eq!(asked.get(), 1);
}

async fn one(client: crate::setup::SimulatedClient) -> super::asking::Ended {
    ask(&client, &Abort::new()).await
}

#[test]
fn after_a_401_it_is_asked_once_more_once_for_all_in_flight() {
    for lanes in [1, 2, 6, 20] {
        let world = World::new(lanes as u64);
        let network = takes(&world, "token-2");
        let (source, asked) = secret_function(&world, 100);
        let (client, _) = Setup::with_concurrency(lanes).client_with(&world, &network, source);
        let ended = world.run(join_all((0..20).map(|_| one(client.clone()))));
        assert!(ended.iter().all(Result::is_ok), "{lanes} lanes: {ended:?}");
        assert_eq!(asked.get(), 2, "{lanes} lanes");
        let refused =
            network.log().iter().filter(|exchange| secret_of(&exchange.request) == "token-1").count();
        assert_eq!(network.requests(), 20 + refused);
    }
}

#[test]
fn a_second_401_is_final() {
    let world = World::new(0);
    let network = takes(&world, "token-3");
    let (source, asked) = secret_function(&world, 100);
    let (client, _) = Setup::default().client_with(&world, &network, source);
    assert_eq!(api_error(world.run(one(client))).status, 401);
    assert_eq!((asked.get(), network.requests()), (2, 2));
}

#[test]
fn a_refused_secret_is_not_a_retry() {
    // With no retry allowed, and after other failures too.
    let world = World::new(0);
    let network = takes(&world, "token-2");
    let (source, _) = secret_function(&world, 100);
    let (client, _) = Setup { max_retries: 0, ..Setup::default() }.client_with(&world, &network, source);
    assert!(world.run(one(client)).is_ok());
}

#[test]
fn a_function_that_fails_ends_the_call_and_is_asked_anew_by_the_next() {
    let world = World::new(0);
    let network = Network::new(&world, Conditions::uneven(), |_: &Request| fine());
    let asked = Rc::new(Cell::new(0));
    let count = asked.clone();
    let ask_secret = move || {
        count.set(count.get() + 1);
        let first = count.get() == 1;
        async move {
            if first {
                return Err(Error::Thrown(HostValue(Rc::new("the caller's own error"))));
            }
            humansync::http::SecretText::new(humansync::http::Scheme::Bearer, "accessToken", "good")
                .map_err(Error::from)
        }
        .boxed_local()
    };
    let (client, _) =
        Setup::default().client_with(&world, &network, SecretSource::Function(Rc::new(ask_secret)));
    match world.run(one(client.clone())) {
        Err(Error::Thrown(thrown)) => {
            assert_eq!(*thrown.0.downcast::<&str>().unwrap(), "the caller's own error")
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(network.requests(), 0);
    assert!(world.run(one(client)).is_ok());
    assert_eq!(asked.get(), 2);
}

#[test]
fn a_call_that_is_aborted_while_the_secret_is_asked_for_leaves_the_others_their_answer() {
    let world = World::new(0);
    let network = takes(&world, "token-1");
    let (source, asked) = secret_function(&world, 100);
    let (client, _) = Setup::default().client_with(&world, &network, source);
    let abort = Abort::new();
    let (aborted, other, ()) = world.run(async {
        let stop = async {
            humansync::clock::Clock::sleep(&world, 50).await;
            abort.abort();
        };
        futures_util::future::join3(ask(&client, &abort), one(client.clone()), stop).await
    });
    assert!(matches!(aborted, Err(Error::Aborted)));
    assert!(other.is_ok());
    assert_eq!((asked.get(), network.requests()), (1, 1));
    assert!(world.run(one(client)).is_ok());
    assert_eq!(asked.get(), 1);
}

#[test]
fn a_request_id_that_repeats_the_secret_is_not_shown() {
    for (given, shown) in [
        ("req-17", Some("req-17")),
        (SECRET, None),
        ("x-s3cret-t0ken-x", None),
        ("", None),
        ("with space", None),
        ("line\nbreak", None),
        ("ümlaut", None),
    ] {
        let world = World::new(0);
        let network = Network::new(&world, Conditions::uneven(), move |_: &Request| {
            let mut response = status(404);
            response.headers.request_id = Some(given.to_owned());
            Outcome::Reply(response)
        });
        let client = Setup::default().client(&world, &network);
        let error = api_error(world.run(ask(&client, &Abort::new())));
        assert_eq!(error.request_id.as_deref(), shown, "{given:?}");
    }
}
