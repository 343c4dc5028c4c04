//! Requests for the sake of the answer's `Date`.

use super::window::{LONGEST_WINDOW, Window};
use crate::api::{Path, QueryInit};
use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Abort, Accept, Call, Client, Tally, Transport};
use std::rc::Rc;

/// How often the server's clock is asked for alone where what is known of it does not agree.
pub const MAX_CLOCK_REQUESTS: u32 = 4;
/// Asks for a single record, for the sake of the answer's `Date`. As every batch query it says from when on.
pub async fn request_clock<T: Transport, C: Clock>(
    client: &Client<T, C>,
    path: &Path,
    now: i64,
    tally: &Rc<Tally>,
    abort: &Abort,
) -> Result<(), Error> {
    let init = QueryInit { limit: Some(1.0), ..QueryInit::default() };
    let window = Window::first(now.saturating_sub(LONGEST_WINDOW), Some(now));
    // A clock may say what cannot be written.
    let query = window.query(&init).or_else(|_| Window::first(0, None).query(&init))?;
    let url = client.base().url(path, &query.to_query_string());
    client.call(Call::get(url, Accept::Json).counted(Some(tally.clone())), abort).await.map(|_| ())
}
