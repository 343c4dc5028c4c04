//! The whole service: the APIs with their middleware, and the control endpoints.

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;

use crate::answer::Refusal;
use crate::sandbox::Sandbox;
use crate::{apps, control, faults, headers, human, notifications, recorder, samples};

/// The service of a sandbox. A request passes, in this order, headers and CORS, the recorder, the faults, the gate, and
/// its handler. Apps and samples have their own gates.
pub fn app(sandbox: &Arc<Sandbox>) -> Router {
    Router::new()
        .merge(human::routes())
        .fallback(|uri: Uri| async move { Refusal::not_found(format!("there is nothing at {}", uri.path())) })
        .method_not_allowed_fallback(|method: Method| async move {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not possible here; GET is"))
        })
        .layer(from_fn_with_state(Arc::clone(sandbox), human::gate::check))
        .merge(apps::routes(sandbox))
        .merge(samples::routes())
        .layer(from_fn_with_state(Arc::clone(sandbox), faults::weather))
        .layer(from_fn_with_state(Arc::clone(sandbox), recorder::record))
        .layer(from_fn_with_state(Arc::clone(sandbox), headers::api))
        .merge(control::routes())
        .merge(human::control())
        .merge(apps::control())
        .merge(notifications::control())
        .merge(samples::control())
        .with_state(Arc::clone(sandbox))
}
