//! The paths under `/v1/human`, made from the catalogue.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::routing::get;

use crate::catalogue::{DataType, Medical, Reading};
use crate::human::{lists, objects};
use crate::sandbox::Sandbox;

type Shared = State<Arc<Sandbox>>;

/// All routes, with their version prefix.
pub fn routes() -> Router<Arc<Sandbox>> {
    let mut router = Router::new()
        .route("/v1/human", get(|State(s): Shared, uri: Uri| async move { objects::overview(&s, &uri) }))
        .route(
            "/v1/human/profile",
            get(|State(s): Shared, uri: Uri| async move { objects::profile(&s, &uri) }),
        )
        .route(
            "/v1/human/sources",
            get(|State(s): Shared, uri: Uri| async move { objects::sources(&s, &uri) }),
        )
        .route(
            "/v1/human/medical/profile",
            get(|State(s): Shared, uri: Uri| async move { objects::medical_profile(&s, &uri) }),
        )
        .route(
            &format!("/v1/human/{}/{{name}}/raw", Medical::Ccds.slug()),
            get(|State(s): Shared, Path(id): Path<String>, uri: Uri| async move {
                lists::raw_document(&s, &id, &uri)
            }),
        );
    for reading in Reading::ALL {
        let root = format!("/v1/human/{}", reading.slug());
        let latest = move |State(s): Shared, uri: Uri| async move { objects::latest(&s, reading, &uri) };
        router = router.route(&root, get(latest));
        // The older form of readings/{id}.
        router = router.merge(one(&root, DataType::Reading(reading)));
    }
    for data_type in DataType::all() {
        let list = format!("/v1/human/{}", data_type.list_path());
        let page = move |State(s): Shared, uri: Uri, headers: HeaderMap| async move {
            lists::page(&s, data_type, None, &uri, &headers)
        };
        router = router.route(&list, get(page));
        if data_type.has_ids() {
            router = router.merge(one(&list, data_type));
        }
        if data_type.has_days() {
            let day = move |State(s): Shared, Path(day): Path<String>, uri: Uri, headers: HeaderMap| async move {
                lists::page(&s, data_type, Some(&day), &uri, &headers)
            };
            router = router.route(&format!("{list}/daily/{{date}}"), get(day));
        }
    }
    router
}

/// The route of a single record of a list.
fn one(list: &str, data_type: DataType) -> Router<Arc<Sandbox>> {
    let one = move |State(s): Shared, Path(name): Path<String>, uri: Uri| async move {
        lists::one(&s, data_type, &name, &uri)
    };
    Router::new().route(&format!("{list}/{{name}}"), get(one))
}
