//! The connections: accepted, served, and, where a fault asks for it, reset.

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

/// How long requests in flight may go on when the server ends.
const GRACE: Duration = Duration::from_millis(500);

/// Listens on a loopback address.
///
/// # Errors
/// `InvalidInput` for any other address: the sandbox is open to whoever reaches it.
pub async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    if !address.ip().is_loopback() {
        let message =
            format!("{} is not a loopback address; the sandbox is for this machine only", address.ip());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    TcpListener::bind(address).await
}

/// Serves until `end` is done, then lets what is in flight finish for a moment.
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
                // Out of file descriptors, most likely: others will be closed soon.
                Err(_) => sleep(Duration::from_millis(20)).await,
            },
        }
    }
    drop(ended);
    ending.send_replace(());
    let _ = timeout(GRACE, ending.closed()).await;
}

async fn connection(stream: TcpStream, app: Router, mut ending: watch::Receiver<()>) {
    // Small answers at once: latency is a fault to be asked for (RFC 9293 §3.7.4, Nagle's algorithm).
    let _ = stream.set_nodelay(true);
    let cut = Arc::new(CutSwitch::default());
    let service = TowerToHyperService::new(app);
    let service = service_fn(|request: Request<Incoming>| {
        let (answer, cut) = (service.call(request), Arc::clone(&cut));
        async move { Ok::<Response, Infallible>(answered(answer.await, &cut).await) }
    });
    let mut connection = http1::Builder::new()
        // The sandbox has a clock of its own, and can leave the header out.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    loop {
        tokio::select! {
            // A client that goes away is no error here.
            _ = &mut connection => return,
            Ok(()) = ending.changed() => std::pin::Pin::new(&mut connection).graceful_shutdown(),
            () = cut.pulled.notified() => break,
        }
    }
    // Dropping a socket closes it with a FIN, unless it is told not to linger: then with a reset.
    let stream = connection.into_parts().io.into_inner();
    if cut.kind.get() == Some(&Cut::Reset) {
        let _ = stream.set_zero_linger();
    }
}

/// By which a request ends the connection it came on.
#[derive(Default)]
struct CutSwitch {
    kind: OnceLock<Cut>,
    pulled: Notify,
}

/// The answer; where the connection is to be cut instead, there is none.
async fn answered(answer: Result<Response, Infallible>, cut: &CutSwitch) -> Response {
    let Ok(response) = answer;
    if let Some(kind) = response.extensions().get::<Cut>() {
        cut.kind.get_or_init(|| *kind);
        cut.pulled.notify_one();
        pending::<()>().await;
    }
    response
}
