//! Going on after a cursor, wherever the list has moved to since.

use super::{Cursor, Fetched, Lists, Walk};
use crate::api::Limit;
use crate::clock::Clock;
use crate::error::Error;

/// A page that holds a seam.
struct Found<R> {
    page: Fetched<R>,
    /// How many records were read after the seam.
    distance: u64,
    /// Where the last record that was read lies now, if all after the seam are still there.
    last: u64,
}

impl<T: Lists, C: Clock> Walk<T, C> {
    /// The page that holds the seam nearest to where `cursor` was taken. Where the list has lost all of them, the walk
    /// starts over, for a record twice is better than none.
    pub(super) async fn find(&mut self, cursor: &Cursor) -> Result<Fetched<T::Records>, Error> {
        let near = self.fetch(self.before(cursor.end), self.size.asked()).await?;
        if cursor.seams.is_empty() {
            return Ok(near);
        }
        let Some(mut found) = self.search(cursor, near).await? else {
            return self.fetch(self.origin, self.size.asked()).await;
        };
        while found.last >= found.page.end() {
            let page = self.fetch(self.before(found.last), self.size.asked()).await?;
            match Found::of(cursor, page) {
                Ok(nearer) if nearer.distance < found.distance => found = nearer,
                Ok(_) | Err(_) => break,
            }
        }
        Ok(found.page)
    }

    /// Any seam, from `near` on in both directions: records that left moved the list up, those that came moved it down.
    async fn search(
        &self,
        cursor: &Cursor,
        near: Fetched<T::Records>,
    ) -> Result<Option<Found<T::Records>>, Error> {
        // The most that the server is known to bear, as far as pages overlap.
        let bearable = |page: &Fetched<T::Records>, most: u64| {
            if page.asked < page.wanted { page.asked.max(2) } else { most }
        };
        let mut most = bearable(&near, u64::from(Limit::MAX.get()));
        // What has been searched, and how many records the server gives at once.
        let (mut from, mut to, mut reach) = (near.start, near.end(), most);
        let mut ends = near.keys.is_empty();
        let mut last = near.keys.clone();
        let mut backwards = ends || from > self.origin;
        if let Ok(found) = Found::of(cursor, near) {
            return Ok(Some(found));
        }
        loop {
            if backwards && from <= self.origin || !backwards && ends {
                backwards = !backwards;
            }
            if backwards && from <= self.origin || !backwards && ends {
                return Ok(None);
            }
            let page = if backwards {
                let start = from.saturating_sub(reach).max(self.origin);
                // To the first one known, and below from the last one: two records next to each other tell more than one.
                self.fetch(start, from.saturating_sub(start).saturating_add(1).min(most)).await?
            } else {
                self.fetch(self.before(to), most).await?
            };
            most = bearable(&page, most);
            if !backwards {
                // A server that ignores the offset gives the same page for ever.
                ends = page.end() <= to || page.keys == last;
                to = to.max(page.end());
            } else if page.end() >= from || page.keys.is_empty() {
                from = page.start;
            } else {
                reach = page.len();
            }
            last.clone_from(&page.keys);
            if let Ok(found) = Found::of(cursor, page) {
                return Ok(Some(found));
            }
            backwards = !backwards;
        }
    }
}

impl<R> Found<R> {
    /// The seam of `page` nearest to the cursor; the page itself where it has none.
    fn of(cursor: &Cursor, page: Fetched<R>) -> Result<Self, Box<Fetched<R>>> {
        let Some((index, distance)) = cursor.nearest_seam(&page.keys) else { return Err(Box::new(page)) };
        let index = u64::try_from(index).unwrap_or(u64::MAX);
        let last = page.start.saturating_add(index).saturating_add(distance);
        Ok(Self { page, distance, last })
    }
}
