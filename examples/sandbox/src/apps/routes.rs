//! The paths under `/v1/apps/{clientId}`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};

use crate::answer::Refusal;
use crate::app_data::batch_type::BatchType;
use crate::apps::{basic, batch, users};
use crate::human::gate::accept;
use crate::sandbox::Sandbox;

type Shared = State<Arc<Sandbox>>;

pub fn routes(sandbox: &Arc<Sandbox>) -> Router<Arc<Sandbox>> {
    let root = "/v1/apps/{client_id}/users";
    let mut router = Router::new()
        .route(root, get(|State(s): Shared, uri: Uri| async move { users::all(&s, &uri) }))
        .route(
            &format!("{root}/{{human_id}}"),
            get(|State(s): Shared, Path((_, human_id)): Path<(String, String)>, uri: Uri| async move {
                users::one(&s, &human_id, &uri)
            })
            .delete(
                |State(s): Shared, Path((_, human_id)): Path<(String, String)>, uri: Uri| async move {
                    users::delete(&s, &human_id, &uri)
                },
            ),
        );
    for batch_type in BatchType::ALL {
        let page = move |State(s): Shared, uri: Uri, headers: HeaderMap| async move {
            batch::page(&s, batch_type, &uri, &headers)
        };
        router = router.route(&format!("{root}/{}", batch_type.name()), get(page));
    }
    // Without these routes, an unknown path would reach the gate of the per-user API, which requires a token.
    for path in ["/v1/apps", "/v1/apps/", "/v1/apps/{client_id}", "/v1/apps/{client_id}/{*path}"] {
        router = router.route(path, any(nothing));
    }
    router
        .method_not_allowed_fallback(|method: Method| async move {
            Refusal::new(axum::http::StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not possible here"))
        })
        .layer(from_fn_with_state(Arc::clone(sandbox), gate))
}

async fn nothing(uri: Uri) -> Refusal {
    Refusal::not_found(format!("there is nothing at {}", uri.path()))
}

/// Passes a request on, or answers 401, 400, 404 or 406.
async fn gate(State(sandbox): Shared, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let own = format!("/v1/apps/{}/", sandbox.settings.client_id);
    let admitted = basic::check(request.headers(), query, &sandbox.faults().app_keys)
        .and_then(|()| accept(request.headers(), false))
        .and_then(|()| match request.uri().path().starts_with(&own) {
            true => Ok(()),
            false => Err(Refusal::not_found("there is no such app for this App Key; check the client id")),
        });
    match admitted {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            let mut response = refusal.into_response();
            if let Some(way) = response.headers_mut().get_mut(axum::http::header::WWW_AUTHENTICATE) {
                *way = axum::http::HeaderValue::from_static("Basic realm=\"humansync-sandbox\"");
            }
            response
        }
    }
}
