//! Requests to an app other than for its records.

mod app;
