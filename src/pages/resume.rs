//! Finds the place of a cursor again, however the list has changed since it was taken.

use super::{Cursor, FetchedPage, ListTransport, Walk};
use crate::api::Limit;
use crate::clock::Clock;
use crate::error::Error;

/// A page that holds a seam of the cursor.
struct SeamMatch<R> {
    page: FetchedPage<R>,
    /// How many records were read after that seam.
    distance: u64,
    /// Where the last record read is now, if all records after the seam are still in the list.
    last: u64,
}

impl<T: ListTransport, C: Clock> Walk<T, C> {
    /// The page with the seam nearest to the place where `cursor` was taken. If the list has lost all seams, the walk
    /// starts over: it is better to deliver records twice than to miss one.
    pub(super) async fn resume_at(&mut self, cursor: &Cursor) -> Result<FetchedPage<T::Records>, Error> {
        let near = self.fetch(self.overlapping_start(cursor.end), self.page_size.asked()).await?;
        if cursor.seams.is_empty() {
            return Ok(near);
        }
        let Some(mut found) = self.search_seam(cursor, near).await? else {
            return self.fetch(self.origin, self.page_size.asked()).await;
        };
        while found.last >= found.page.end() {
            let page = self.fetch(self.overlapping_start(found.last), self.page_size.asked()).await?;
            match SeamMatch::of(cursor, page) {
                Ok(nearer) if nearer.distance < found.distance => found = nearer,
                Ok(_) | Err(_) => break,
            }
        }
        Ok(found.page)
    }

    /// Searches for any seam in both directions from `near`: records that left have moved the list up, new ones down.
    async fn search_seam(
        &self,
        cursor: &Cursor,
        near: FetchedPage<T::Records>,
    ) -> Result<Option<SeamMatch<T::Records>>, Error> {
        // The largest page that the server can send as far as is known, but no less than two records, so that pages
        // overlap.
        let bearable = |page: &FetchedPage<T::Records>, most: u64| {
            if page.asked < page.wanted { page.asked.max(2) } else { most }
        };
        let mut most = bearable(&near, u64::from(Limit::MAX.get()));
        // The stretch of the list that was searched, and how many records the server sends at once.
        let (mut from, mut to, mut reach) = (near.start, near.end(), most);
        let mut ends = near.keys.is_empty();
        let mut last = near.keys.clone();
        let mut backwards = ends || from > self.origin;
        if let Ok(found) = SeamMatch::of(cursor, near) {
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
                // Including the first record of what was searched, so that a seam on either side comes with its
                // neighbour.
                self.fetch(start, from.saturating_sub(start).saturating_add(1).min(most)).await?
            } else {
                self.fetch(self.overlapping_start(to), most).await?
            };
            most = bearable(&page, most);
            if !backwards {
                // A server that ignores the offset sends the same page for ever.
                ends = page.end() <= to || page.keys == last;
                to = to.max(page.end());
            } else if page.end() >= from || page.keys.is_empty() {
                from = page.start;
            } else {
                reach = page.len();
            }
            last.clone_from(&page.keys);
            if let Ok(found) = SeamMatch::of(cursor, page) {
                return Ok(Some(found));
            }
            backwards = !backwards;
        }
    }
}

impl<R> SeamMatch<R> {
    /// The seam of `page` nearest to the cursor; the page itself if it has none.
    fn of(cursor: &Cursor, page: FetchedPage<R>) -> Result<Self, Box<FetchedPage<R>>> {
        let Some((index, distance)) = cursor.nearest_seam(&page.keys) else { return Err(Box::new(page)) };
        let index = u64::try_from(index).unwrap_or(u64::MAX);
        let last = page.start.saturating_add(index).saturating_add(distance);
        Ok(Self { page, distance, last })
    }
}
