//! The whole service: the API's side behind its layers, and the control endpoints beside it.

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{from_fn, from_fn_with_state};

use crate::answer::Refusal;
use crate::sandbox::Sandbox;
use crate::{control, faults, headers, human, recorder};

/// The service of a sandbox. A request passes, from the outside in: headers and CORS, the recorder, the faults,
/// the gate, its handler.
pub fn app(sandbox: &Arc<Sandbox>) -> Router {
    Router::new()
        .merge(human::routes())
        .fallback(|uri: Uri| async move { Refusal::not_found(format!("there is nothing at {}", uri.path())) })
        .method_not_allowed_fallback(|method: Method| async move {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not possible here; GET is"))
        })
        .layer(from_fn(human::gate))
        .layer(from_fn_with_state(Arc::clone(sandbox), faults::weather))
        .layer(from_fn_with_state(Arc::clone(sandbox), recorder::record))
        .layer(from_fn_with_state(Arc::clone(sandbox), headers::api))
        .merge(control::routes())
        .with_state(Arc::clone(sandbox))
}
