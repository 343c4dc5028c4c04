//! Tests of what to ask for: one file for each thing that can be got wrong.

mod catalogue;
mod fingerprint;
mod names;
mod numbers;
mod options;
mod params;
mod path;
mod round_trip;
