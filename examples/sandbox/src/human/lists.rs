//! Pages of lists, and single records of lists.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::answer::{Refusal, json};
use crate::calendar::Day;
use crate::catalogue::{DataType, Medical};
use crate::data::records::medical::ccd_xml;
use crate::data::row::Row;
use crate::human::paging::Page;
use crate::human::query::{self, ListQuery};
use crate::sandbox::Sandbox;

const X_TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

/// A page of a list, or of the records of one day.
pub fn page(
    sandbox: &Sandbox,
    data_type: DataType,
    day: Option<&str>,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let query = ListQuery::read(uri, &sandbox.settings.allow_params)?;
    let day: Option<Day> = day.map(|day| query::day("the date in the path", day)).transpose()?;
    let faults = sandbox.faults();
    let mut dataset = sandbox.dataset();
    if faults.churn > 0.0 {
        dataset.churn(data_type, faults.churn);
    }
    let ignores_updates = faults.ignores_updates(data_type);
    let keeps = |row: &Row| if ignores_updates { query.keeps_otherwise(row) } else { query.keeps(row) };
    let kept: Vec<Row> = dataset
        .rows(data_type)
        .iter()
        .filter(|row| keeps(row) && day.is_none_or(|day| row.local_day() == day))
        .copied()
        .collect();
    let page = Page::of(&query, kept.len(), &faults);
    let start = if faults.ignore_offset { 0 } else { page.offset.min(kept.len()) };
    let end = start.saturating_add(page.limit).min(kept.len());
    let records = dataset.records(data_type, &kept[start..end], query.time_series);
    drop(dataset);

    let mut response = json(&Value::Array(records));
    response.headers_mut().insert(X_TOTAL_COUNT, HeaderValue::from(page.total));
    if let Some(links) = page.links(&query, &origin(headers), uri.path(), &faults)
        && let Ok(links) = HeaderValue::from_str(&links)
    {
        response.headers_mut().insert(header::LINK, links);
    }
    Ok(response)
}

/// A record by its id; summaries also by date.
pub fn one(sandbox: &Sandbox, data_type: DataType, name: &str, uri: &Uri) -> Result<Response, Refusal> {
    query::none(uri, &sandbox.settings.allow_params)?;
    let mut dataset = sandbox.dataset();
    let row = match data_type.is_summary() && !is_id(name) {
        true => {
            let day = query::day("the date in the path", name)?;
            dataset.rows(data_type).iter().find(|row| row.local_day() == day).copied()
        }
        false => with_id(dataset.rows(data_type), name),
    };
    let row = row.ok_or_else(|| none_there(data_type, name))?;
    let record = dataset.records(data_type, &[row], false).pop();
    Ok(json(&record.unwrap_or_default()))
}

/// The document of a record of `medical/ccds`.
pub fn raw_document(sandbox: &Sandbox, id: &str, uri: &Uri) -> Result<Response, Refusal> {
    query::none(uri, &sandbox.settings.allow_params)?;
    let data_type = DataType::Medical(Medical::Ccds);
    let row = with_id(sandbox.dataset().rows(data_type), id).ok_or_else(|| none_there(data_type, id))?;
    let xml = HeaderValue::from_static("application/xml; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, xml)], ccd_xml(&row)).into_response())
}

fn with_id(rows: &[Row], id: &str) -> Option<Row> {
    // The key is the last 16 digits of the id. Comparing it first avoids formatting 50 000 ids.
    let key = id.get(8..).and_then(|key| u64::from_str_radix(key, 16).ok())?;
    rows.iter().find(|row| row.key == key && row.id() == id).copied()
}

fn is_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn none_there(data_type: DataType, name: &str) -> Refusal {
    Refusal::not_found(format!("there is no record {name} in {}", data_type.name()))
}

/// The server's origin as in the client's request.
pub fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    format!("http://{host}")
}
