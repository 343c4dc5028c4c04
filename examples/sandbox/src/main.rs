//! The sandbox as a program: reads the command line, prints its address, and serves until it is stopped.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser;
use humansync_sandbox::arguments::Arguments;
use humansync_sandbox::{Sandbox, app, server};
use tokio::io::AsyncReadExt;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let outcome = runtime.and_then(|runtime| {
        let outcome = runtime.block_on(run(&arguments));
        // A pending read of standard input must not delay the end.
        runtime.shutdown_background();
        outcome
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("humansync-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> io::Result<()> {
    let end = end(arguments.until_stdin_closes)?;
    let wanted = SocketAddr::new(arguments.host, arguments.port);
    let listener = server::listen(wanted).await.map_err(|error| {
        io::Error::new(error.kind(), format!("cannot listen on {wanted}: {error}; try --port 0"))
    })?;
    let origin = format!("http://{}", listener.local_addr()?);
    let settings = arguments.settings();
    banner(&origin, &settings);
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", serde_json::json!({ "listening": origin }))?;
    stdout.flush()?;
    drop(stdout);
    server::serve(listener, app(&Sandbox::new(settings)), end).await;
    Ok(())
}

fn banner(origin: &str, settings: &humansync_sandbox::Settings) {
    eprintln!(
        "humansync sandbox · Human API and the API for samples on this machine\n\n  \
         reading  {origin}/v1/human\n  \
         app      {origin}/v1/apps/{} (App Key {})\n  \
         samples  {origin}/api/v1.1/samples\n  \
         token    {}\n  \
         control  {origin}/_sandbox\n  \
         faults   {}\n  \
         seed     {}\n\n\
         Ctrl-C ends it.",
        settings.client_id,
        settings.faults.app_keys.join(", "),
        settings.faults.tokens.join(", "),
        settings.faults.summary(),
        settings.seed
    );
}

/// Resolves on SIGTERM, on SIGINT, and optionally when standard input is closed.
fn end(until_stdin_closes: bool) -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = stdin_closed(), if until_stdin_closes => {}
        }
    })
}

async fn stdin_closed() {
    let mut stdin = tokio::io::stdin();
    let mut ignored = [0; 1024];
    while let Ok(1..) = stdin.read(&mut ignored).await {}
}
