//! URIs as text: their parts and relative references (RFC 3986), single query parameters, and whether a link stays with the server it
//! came from.
//!
//! Bytes that nobody asked to change stay as they are: nothing is decoded, encoded or normalised on the way. What does not live here:
//! building an API's paths and queries (`query`), and sending anything.

mod base;
mod origin;
mod parameter;
mod percent;
mod reference;

pub use base::{Base, Foreign};
pub use origin::Origin;
pub use parameter::{has_parameters_of, query_parameter, remove_query_parameter, replace_query_parameter};
pub(crate) use percent::percent_decode;
pub use reference::{Uri, remove_dot_segments, resolve};
