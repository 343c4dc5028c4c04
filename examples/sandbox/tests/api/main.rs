//! The rules of the sandbox, seen from outside: requests to the whole service, most without a socket.

mod apps;
mod client;
mod connections;
mod control;
mod faults;
mod headers;
mod lists;
mod notifications;
mod person;
mod records;
mod samples;
mod walks;
