//! Answers that are one object, or a list without pages.

use axum::body::Body;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::answer::{Refusal, json as answer};
use crate::catalogue::{DataType, Reading};
use crate::data::records;
use crate::data::source::SOURCES;
use crate::faults::EmptyLatest;
use crate::human::query;
use crate::sandbox::Sandbox;

/// `GET /v1/human`.
pub fn overview(sandbox: &Sandbox, uri: &Uri) -> Result<Response, Refusal> {
    query::none(uri, &sandbox.settings.allow_params)?;
    Ok(answer(&records::overview(&mut sandbox.dataset())))
}

/// `GET /v1/human/profile`.
pub fn profile(sandbox: &Sandbox, uri: &Uri) -> Result<Response, Refusal> {
    query::none(uri, &sandbox.settings.allow_params)?;
    Ok(answer(&records::profile(&sandbox.dataset())))
}

/// `GET /v1/human/medical/profile`: some people have none.
pub fn medical_profile(sandbox: &Sandbox, uri: &Uri) -> Result<Response, Refusal> {
    query::none(uri, &sandbox.settings.allow_params)?;
    if sandbox.faults().medical_profile404 {
        return Err(Refusal::not_found("this person has no medical profile"));
    }
    Ok(answer(&records::medical_profile(&sandbox.dataset())))
}

/// `GET /v1/human/sources`: the whole list, without pages.
pub fn sources(sandbox: &Sandbox, uri: &Uri) -> Result<Response, Refusal> {
    query::none(uri, &sandbox.settings.allow_params)?;
    let began = sandbox.dataset().began();
    Ok(answer(&SOURCES.iter().map(|source| source.record(began)).collect()))
}

/// `GET /v1/human/{type}`: the latest reading. It is unknown how Human API answers if there is none, so that one of
/// four answers can be chosen; the default is a 404.
pub fn latest(sandbox: &Sandbox, reading: Reading, uri: &Uri) -> Result<Response, Refusal> {
    query::none(uri, &sandbox.settings.allow_params)?;
    let data_type = DataType::Reading(reading);
    let chosen = sandbox.faults().empty_latest;
    let mut dataset = sandbox.dataset();
    let newest = dataset.rows(data_type).first().copied();
    match (chosen, newest) {
        (None, Some(row)) => Ok(answer(&dataset.records(data_type, &[row], false).pop().unwrap_or_default())),
        (None | Some(EmptyLatest::NotFound), _) => {
            Err(Refusal::not_found(format!("there is no reading of {}", data_type.name())))
        }
        (Some(EmptyLatest::Object), _) => Ok(answer(&json!({}))),
        (Some(EmptyLatest::Null), _) => Ok(answer(&Value::Null)),
        (Some(EmptyLatest::Nothing), _) => Ok((StatusCode::OK, Body::empty()).into_response()),
    }
}
