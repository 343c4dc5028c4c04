//! URIs as text: their parts and relative references (RFC 3986), single query parameters, and whether a link stays with
//! the server it came from.
//!
//! Bytes that need not change stay as they are: nothing is decoded, encoded or normalised on the way. Not here:
//! building the API's paths and queries (`api`).

mod link_scope;
mod origin;
mod percent;
mod query_parameter;
mod reference;

pub use link_scope::{LinkRefusal, LinkScope};
pub use origin::Origin;
pub(crate) use percent::{percent_decode, percent_encode};
pub use query_parameter::{
    has_parameters_of, query_parameter, remove_query_parameter, replace_query_parameter,
};
pub use reference::{Uri, remove_dot_segments, resolve};
