//! The rate limit, above which requests are answered with 429.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::arguments::duration;

/// `5/1s`: five requests in any second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RateLimit {
    pub requests: usize,
    pub per: Duration,
}

impl FromStr for RateLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected =
            || format!("{text:?} is not a rate limit; requests and a time are expected, as in 5/1s");
        let (requests, per) = text.split_once('/').ok_or_else(expected)?;
        let requests = requests.parse().ok().filter(|requests| *requests > 0).ok_or_else(expected)?;
        let per = duration(per).ok().filter(|per| !per.is_zero()).ok_or_else(expected)?;
        Ok(Self { requests, per })
    }
}

impl TryFrom<String> for RateLimit {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<RateLimit> for String {
    fn from(limit: RateLimit) -> Self {
        limit.to_string()
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.per.as_millis() {
            whole if whole % 1000 == 0 => write!(f, "{}/{}s", self.requests, whole / 1000),
            part => write!(f, "{}/{part}ms", self.requests),
        }
    }
}

/// The times at which recent requests were let through.
#[derive(Debug, Default)]
pub struct RateWindow(VecDeque<Instant>);

impl RateWindow {
    /// Whether another request is let through now. Refused requests do not count.
    pub fn lets_through(&mut self, limit: RateLimit, now: Instant) -> bool {
        while self.0.front().is_some_and(|first| now.duration_since(*first) >= limit.per) {
            self.0.pop_front();
        }
        let room = self.0.len() < limit.requests;
        if room {
            self.0.push_back(now);
        }
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_and_written() {
        for text in ["5/1s", "100/60s", "2/250ms"] {
            assert_eq!(text.parse::<RateLimit>().unwrap().to_string(), text);
        }
        for text in ["5", "0/1s", "5/0s", "-1/1s", "a/1s", "5/", "/1s"] {
            assert!(text.parse::<RateLimit>().unwrap_err().contains("5/1s"), "{text}");
        }
    }

    #[test]
    fn any_window_lets_through_so_many_and_no_more() {
        let limit = "3/1s".parse().unwrap();
        let start = Instant::now();
        let mut window = RateWindow::default();
        let through: Vec<bool> = [0, 100, 200, 300, 999, 1000, 1050, 1100, 1199, 1200]
            .iter()
            .map(|after| window.lets_through(limit, start + Duration::from_millis(*after)))
            .collect();
        assert_eq!(through, [true, true, true, false, false, true, false, true, false, true]);
    }
}
