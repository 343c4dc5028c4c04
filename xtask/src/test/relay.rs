//! A relay between the browser and the server of the tests in it, which ends each connection after one answer.
//!
//! That server (tiny_http's, in wasm-bindgen's test runner) gives each connection a thread for as long as it lasts, and sometimes
//! one thread less than there are connections: the last one then waits for the browser to let go of another, which it does after
//! five minutes. With ten modules to load it happens every time. A connection that ends makes way.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

use anyhow::{Context, Result};

/// Starts relaying, for as long as this program runs, and gives the address: that of an HTTP proxy (RFC 9110 §3.7).
pub fn start() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no port to be had on this machine")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // A connection that breaks is the browser's to try again.
            thread::spawn(move || relay(client));
        }
    });
    Ok(address)
}

fn relay(client: TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let Some((authority, first)) = origin_form(&first) else {
        return (&client).write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    };
    let mut head = first;
    loop {
        let mut field = String::new();
        if reader.read_line(&mut field)? == 0 || field == "\r\n" {
            break;
        }
        let name = field.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if !["connection", "proxy-connection", "keep-alive"].contains(&name.as_str()) {
            head.push_str(&field);
        }
    }
    head.push_str("Connection: close\r\n\r\n");

    let server = TcpStream::connect(authority)?;
    (&server).write_all(head.as_bytes())?;
    let upstream = server.try_clone()?;
    thread::spawn(move || copy(reader, &upstream));
    copy(&server, &client)?;
    client.shutdown(Shutdown::Both)
}

/// What is there as soon as it is there.
fn copy(mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut buffer = [0; 1 << 16];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(()),
            count => to.write_all(&buffer[..count])?,
        }
    }
}

/// From a request line with an absolute URL: its authority, and the line as the server itself takes it.
fn origin_form(line: &str) -> Option<(String, String)> {
    let mut parts = line.split(' ');
    let (method, url, version) = (parts.next()?, parts.next()?, parts.next()?);
    let rest = url.strip_prefix("http://")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = if path.is_empty() { "/" } else { path };
    Some((authority.to_owned(), format!("{method} {path} {version}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_goes_on_as_the_server_takes_it_and_its_connection_ends() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = server.local_addr().unwrap();
        let served = thread::spawn(move || {
            let (mut stream, _) = server.accept().unwrap();
            let mut head = [0; 1000];
            let count = stream.read(&mut head).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nhello").unwrap();
            String::from_utf8(head[..count].to_vec()).unwrap()
        });
        let mut client = TcpStream::connect(start().unwrap()).unwrap();
        let request = format!(
            "GET http://{authority}/run.js HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\n\r\n"
        );
        client.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        assert_eq!(answer, "HTTP/1.1 200 OK\r\n\r\nhello");
        assert_eq!(served.join().unwrap(), "GET /run.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }

    #[test]
    fn request_lines_of_proxies_become_those_of_servers() {
        for (line, expected) in [
            ("GET http://127.0.0.1:1/a?b HTTP/1.1\r\n", Some(("127.0.0.1:1", "GET /a?b HTTP/1.1\r\n"))),
            ("GET http://127.0.0.1:1 HTTP/1.1\r\n", Some(("127.0.0.1:1", "GET / HTTP/1.1\r\n"))),
            ("CONNECT example.org:443 HTTP/1.1\r\n", None),
            ("GET / HTTP/1.1\r\n", None),
            ("", None),
        ] {
            let expected = expected.map(|(authority, line)| (authority.to_owned(), line.to_owned()));
            assert_eq!(origin_form(line), expected, "{line:?}");
        }
    }
}
