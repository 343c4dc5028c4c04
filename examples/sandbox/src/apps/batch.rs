//! One page of a batch query, which is for one type and all users.

use std::ops::Range;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::response::Response;

use crate::answer::{Refusal, json_text};
use crate::app_data::batch_type::BatchType;
use crate::app_data::entry::Entry;
use crate::app_data::{Stream, human_id, records};
use crate::apps::span::Span;
use crate::faults::{BatchOrder, Faults};
use crate::human::lists::origin;
use crate::human::paging::Page;
use crate::human::query::{ListQuery, is_misdated};
use crate::sandbox::Sandbox;

const X_TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

pub fn page(
    sandbox: &Sandbox,
    batch_type: BatchType,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    *sandbox.app_log().requests.entry(batch_type.name()).or_default() += 1;
    let query = read(sandbox, uri)?;
    let faults = sandbox.faults();
    let (page, entries, seed) = found(sandbox, batch_type, &query, &faults)?;
    sandbox.app_log().walks.entry(batch_type.name()).or_default().page(&page);

    let mut text = String::with_capacity(entries.len() * 420 + 2);
    text.push('[');
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        records::write(&mut text, batch_type, entry, &human_id(seed, entry.user), query.time_series);
    }
    text.push(']');
    let mut response = json_text(text);
    response.headers_mut().insert(X_TOTAL_COUNT, HeaderValue::from(page.total));
    if let Some(links) = page.links(&query, &origin(headers), uri.path(), &faults)
        && let Ok(links) = HeaderValue::from_str(&links)
    {
        response.headers_mut().insert(header::LINK, links);
    }
    Ok(response)
}

/// Reads the options, and records wrong ones in the log.
fn read(sandbox: &Sandbox, uri: &Uri) -> Result<ListQuery, Refusal> {
    ListQuery::read(uri, &sandbox.settings.allow_params).inspect_err(|_| {
        let mut log = sandbox.app_log();
        log.refused_queries += 1;
        log.refused_dates += u64::from(is_misdated(uri));
    })
}

/// The entries of a page, newest first, and the seed for the ids of people.
fn found(
    sandbox: &Sandbox,
    batch_type: BatchType,
    query: &ListQuery,
    faults: &Faults,
) -> Result<(Page, Vec<Entry>, u64), Refusal> {
    let mut dataset = sandbox.dataset();
    let span = Span::of(query, dataset.now());
    checked(sandbox, span)?;
    let updated = span.milliseconds(faults);
    let mut app = sandbox.app_data();
    if let Some(stream) = app.stream(batch_type) {
        let (page, entries) = streamed(stream, updated, dataset.clock.milliseconds(), query, faults)?;
        return Ok((page, entries, app.seed()));
    }
    if faults.churn > 0.0 {
        app.churn(batch_type, updated.clone(), faults.churn, &mut dataset.clock);
    }
    drop(dataset);

    let (page, entries) = if faults.batch_order == BatchOrder::Updated && !query.has_other_filters() {
        let range = app.window(batch_type, updated.start, updated.end);
        let page = Page::of(query, range.len(), faults);
        let (start, end) = bounds(&page, faults);
        // Entries are stored with the oldest first, but sent with the newest first.
        let kept = &app.entries(batch_type)[range.end - end..range.end - start];
        (page, kept.iter().rev().copied().collect())
    } else {
        let mut sorted = sandbox.app_sorted();
        let all = sorted.entries(&mut app, batch_type, updated, query, faults.batch_order);
        let page = Page::of(query, all.len(), faults);
        let (start, end) = bounds(&page, faults);
        (page, all[start..end].to_vec())
    };
    Ok((page, entries, app.seed()))
}

/// The entries of a page of a streamed list, at `now` in Unix milliseconds.
fn streamed(
    stream: Stream,
    updated: Range<i64>,
    now: i64,
    query: &ListQuery,
    faults: &Faults,
) -> Result<(Page, Vec<Entry>), Refusal> {
    if query.has_other_filters() {
        return Err(Refusal::bad_request(format!(
            "{} is streamed, and can be filtered by updated_since and updated_before only",
            stream.batch_type().name()
        )));
    }
    let window = stream.window(updated.start, updated.end, now);
    let page = Page::of(query, usize::try_from(window.end - window.start).unwrap_or(usize::MAX), faults);
    let (start, end) = bounds(&page, faults);
    let mut entries: Vec<Entry> =
        stream.entries(window.end - end as u64..window.end - start as u64).collect();
    entries.reverse();
    Ok((page, entries))
}

fn checked(sandbox: &Sandbox, span: Span) -> Result<(), Refusal> {
    let mut log = sandbox.app_log();
    log.max_span_seconds = log.max_span_seconds.max(span.seconds().unwrap_or(0));
    span.check().inspect_err(|_| log.refused_spans += 1)
}

fn bounds(page: &Page, faults: &Faults) -> (usize, usize) {
    let start = if faults.ignore_offset { 0 } else { page.offset.min(page.total) };
    (start, start.saturating_add(page.limit).min(page.total))
}
