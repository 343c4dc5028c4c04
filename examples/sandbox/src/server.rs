//! Accepts and serves connections, and resets those for which a fault requests it.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use crate::faults::Cut;

/// How long requests in flight may continue when the server ends.
const GRACE: Duration = Duration::from_millis(500);

/// Listens on a loopback address.
///
/// # Errors
/// `InvalidInput` for any other address, because everybody who can reach the sandbox can use it.
pub async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    if !address.ip().is_loopback() {
        let message =
            format!("{} is not a loopback address; the sandbox is for this machine only", address.ip());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    TcpListener::bind(address).await
}

/// Serves until `end` resolves, and then waits a moment for requests in flight.
pub async fn serve(listener: TcpListener, app: Router, end: impl Future<Output = ()>) {
    let (ending, ended) = watch::channel(());
    let mut end = pin!(end);
    loop {
        tokio::select! {
            () = &mut end => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    tokio::spawn(connection(stream, app.clone(), ended.clone()));
                }
                // Most likely there are no free file descriptors. Other connections will be closed soon.
                Err(_) => sleep(Duration::from_millis(20)).await,
            },
        }
    }
    drop(ended);
    ending.send_replace(());
    let _ = timeout(GRACE, ending.closed()).await;
}

async fn connection(stream: TcpStream, app: Router, mut ending: watch::Receiver<()>) {
    // Small answers must be sent without delay, because latency is a fault of its own (RFC 9293 §3.7.4, Nagle's
    // algorithm).
    let _ = stream.set_nodelay(true);
    let cut = Arc::new(CutSwitch::default());
    let service = TowerToHyperService::new(app);
    let service = service_fn(|request: Request<Incoming>| {
        let (answer, cut) = (service.call(request), Arc::clone(&cut));
        async move { Ok::<Response, Infallible>(answered(answer.await, &cut).await) }
    });
    let mut connection = http1::Builder::new()
        // The sandbox has its own clock, and can omit the header.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    loop {
        tokio::select! {
            // A client that closes the connection is not an error.
            _ = &mut connection => return,
            Ok(()) = ending.changed() => std::pin::Pin::new(&mut connection).graceful_shutdown(),
            () = cut.pulled.notified() => break,
        }
    }
    // Dropping a socket closes it with a FIN or, with a linger time of zero, with a reset.
    let stream = connection.into_parts().io.into_inner();
    if cut.kind.get() == Some(&Cut::Reset) {
        let _ = stream.set_zero_linger();
    }
}

/// A switch with which a request ends its connection.
#[derive(Default)]
struct CutSwitch {
    kind: OnceLock<Cut>,
    pulled: Notify,
}

/// The answer. If the connection is to be cut instead, this never resolves.
async fn answered(answer: Result<Response, Infallible>, cut: &CutSwitch) -> Response {
    let Ok(response) = answer;
    if let Some(kind) = response.extensions().get::<Cut>() {
        cut.kind.get_or_init(|| *kind);
        cut.pulled.notify_one();
        pending::<()>().await;
    }
    response
}
