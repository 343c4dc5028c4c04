//! Requests that are sent only for the `Date` of their answer.

use super::window::{LONGEST_WINDOW, Window};
use crate::api::{Path, QueryInit};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Abort, Accept, Call, Client, Tally, Transport};
use std::rc::Rc;

/// How many such requests a run or a walk sends at most while the clocks it knows of disagree.
pub const MAX_CLOCK_REQUESTS: u32 = 4;

/// Asks for a single record, for the `Date` of the answer. Like every batch query it sends `updated_since`.
pub async fn request_clock<T: Transport, C: Clock>(
    client: &Client<T, C>,
    path: &Path,
    now: i64,
    tally: &Rc<Tally>,
    abort: &Abort,
) -> Result<(), Error> {
    let init = QueryInit { limit: Some(1.0), ..QueryInit::default() };
    let window = Window::first(now.saturating_sub(LONGEST_WINDOW), Some(now), LONGEST_WINDOW);
    // This machine's clock may be at a time that the API's format cannot express.
    let query = window
        .query(&init, true, true)
        .or_else(|_| Window::first(0, None, LONGEST_WINDOW).query(&init, true, true))?;
    let url = client.base().url(path, &query.to_query_string());
    client.call(Call::get(url, Accept::Json).counted(Some(tally.clone())), abort).await.map(|_| ())
}
