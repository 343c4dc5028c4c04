//! What is asked of an app but its records.

mod app;
