//! A day of the calendar, without a zone.

use super::TimeError;
use super::rfc3339::{digits, read_date, write_date};

/// A day in the years 0000 to 9999, written `YYYY-MM-DD`.
///
/// ```
/// use humansync_ingest::time::Date;
/// assert_eq!(Date::parse("2014-02-28")?.to_text(), "2014-02-28");
/// # Ok::<(), humansync_ingest::time::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(i64);

impl Date {
    /// Reads `YYYY-MM-DD`: four, two and two digits, and nothing around them.
    ///
    /// # Errors
    /// [`TimeError::DateShape`] for another shape, [`TimeError::NoSuchTime`] for a day that does not exist.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let text: &[u8; 10] = text.as_bytes().try_into().map_err(|_| TimeError::DateShape)?;
        read_date(text).map(Self).ok_or(match digits(text, b"dddd-dd-dd") {
            Some([]) => TimeError::NoSuchTime,
            _ => TimeError::DateShape,
        })
    }

    /// `YYYY-MM-DD`.
    pub fn to_text(self) -> String {
        write_date(self.0).iter().copied().map(char::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_and_printed() {
        for text in ["0000-01-01", "1970-01-01", "2024-02-29", "9999-12-31"] {
            assert_eq!(Date::parse(text).unwrap().to_text(), text);
        }
        assert!(Date::parse("2014-01-10").unwrap() < Date::parse("2014-01-11").unwrap());
    }

    #[test]
    fn what_is_no_day_is_refused_with_the_reason() {
        use TimeError::{DateShape, NoSuchTime};
        for (text, error) in [
            ("", DateShape),
            ("2014", DateShape),
            ("2014-1-10", DateShape),
            ("20140110", DateShape),
            ("2014-01-10 ", DateShape),
            ("2014-01-10T00:00:00Z", DateShape),
            ("2014/01/10", DateShape),
            ("２０１４", DateShape),
            ("2014-02-29", NoSuchTime),
            ("2014-13-01", NoSuchTime),
            ("2014-00-01", NoSuchTime),
            ("2014-01-00", NoSuchTime),
        ] {
            assert_eq!(Date::parse(text), Err(error), "{text}");
        }
    }
}
