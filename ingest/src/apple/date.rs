//! Dates as Apple Health writes them: `2023-11-01 08:04:51 +0400`.

use crate::find::strip_literal;
use crate::time::Instant;
use crate::time::{UtcOffset as Offset, read_date as day_of_date, read_time_of_day as time_of_day};

pub const LENGTH: usize = 25;

/// Reads dates of one export: nearly each is on the day and at the offset of the one before it.
#[derive(Debug, Default)]
pub struct Dates {
    /// Its `YYYY-MM-DD` and a space.
    date: [u8; 11],
    /// A space and `±hhmm`.
    zone: [u8; 6],
    day: i64,
    offset: Option<Offset>,
}

impl Dates {
    /// The instant, if there is such a date.
    #[inline]
    pub fn read(&mut self, text: &[u8; LENGTH]) -> Option<Instant> {
        let (date, rest) = text.split_first_chunk::<11>()?;
        let (time, zone) = rest.split_first_chunk::<8>()?;
        if let Some(offset) = self.offset
            && strip_literal(date, &self.date).is_some()
            && strip_literal(zone, &self.zone).is_some()
        {
            return Some(Instant::from_local(self.day, time_of_day(*time)?, 0, 0, offset));
        }
        self.learn(text)
    }

    #[cold]
    fn learn(&mut self, text: &[u8; LENGTH]) -> Option<Instant> {
        let (local, zone) = text.split_last_chunk::<6>()?;
        let [b' ', sign, h0, h1, m0, m1] = *zone else { return None };
        if local.get(10) != Some(&b' ') {
            return None;
        }
        let moment = Instant::parse_rfc3339(&[local, &[sign, h0, h1, b':', m0, m1]].concat())?;
        let day = day_of_date(local.first_chunk()?)?;
        *self = Self { date: *local.first_chunk()?, zone: *zone, day, offset: Some(moment.offset()) };
        Some(moment)
    }
}
