//! What is remembered between uploads.

mod contents;
mod damaged_values;
mod forget;
mod location;
mod lookup;
mod watermarks;
