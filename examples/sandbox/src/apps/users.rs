//! The app's users: lists all of them in one answer, gets one, and deletes one.

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::answer::{Refusal, json};
use crate::app_data::batch_type::BatchType;
use crate::human::query;
use crate::sandbox::Sandbox;

pub fn all(sandbox: &Sandbox, uri: &Uri) -> Result<Response, Refusal> {
    query::none(uri, &sandbox.settings.allow_params)?;
    let app = sandbox.app_data();
    let users = app.users().iter().map(|user| app.user(*user, &sandbox.settings.client_id));
    Ok(json(&Value::Array(users.collect())))
}

pub fn one(sandbox: &Sandbox, human_id: &str, uri: &Uri) -> Result<Response, Refusal> {
    query::none(uri, &sandbox.settings.allow_params)?;
    let app = sandbox.app_data();
    let user = app.user_named(human_id).ok_or_else(|| nobody(human_id))?;
    Ok(json(&app.user(user, &sandbox.settings.client_id)))
}

pub fn delete(sandbox: &Sandbox, human_id: &str, uri: &Uri) -> Result<Response, Refusal> {
    query::none(uri, &sandbox.settings.allow_params)?;
    let mut app = sandbox.app_data();
    if app.streamed().is_some() {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            "a list is streamed, whose records are made for all users; start the sandbox without --stream-records to delete users",
        ));
    }
    match app.delete(human_id) {
        true => Ok(StatusCode::NO_CONTENT.into_response()),
        false => Err(nobody(human_id)),
    }
}

fn nobody(human_id: &str) -> Refusal {
    Refusal::not_found(format!(
        "{human_id:?} is no user of the app, and no type; types are {}",
        BatchType::names()
    ))
}
