//! Paths of requests, made of encoded parts: no text of a caller can add a part or climb out of its own.

use std::fmt;

use super::percent;
use crate::error::OptionError;

/// One part of a path, percent-encoded; never empty, `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathSegment(String);

impl PathSegment {
    /// Encodes `text`, which the caller gave as `option` (`id`, `version`, …).
    ///
    /// ```
    /// use humansync::query::PathSegment;
    ///
    /// assert_eq!(PathSegment::new("id", "a/b")?.as_str(), "a%2Fb");
    /// assert_eq!(PathSegment::new("id", "..").unwrap_err().option, "id");
    /// # Ok::<(), humansync::error::OptionError>(())
    /// ```
    ///
    /// # Errors
    /// An empty text, `.` and `..`: a server or a URL parser on the way would take them out (RFC 3986 §5.2.4), and
    /// the request would go to another resource.
    pub fn new(option: &str, text: &str) -> Result<Self, OptionError> {
        let wrong = match text {
            "" => " must not be empty",
            "." | ".." => ": \".\" and \"..\" cannot be parts of a path, they stand for other paths",
            _ => {
                let mut encoded = String::with_capacity(text.len());
                percent::encode_into(&mut encoded, text);
                return Ok(Self(encoded));
            }
        };
        Err(OptionError::new(option, [option, wrong].concat()))
    }

    /// The encoded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A path: for each part a `/` and the part. Without parts it is empty.
///
/// ```
/// use humansync::query::{Path, PathSegment};
///
/// let path = Path::default().join(&PathSegment::new("version", "v1")?).append(&Path::parse_user("food/meals")?);
/// assert_eq!(path.as_str(), "/v1/food/meals");
/// # Ok::<(), humansync::error::OptionError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(String);

impl Path {
    /// Reads a path as users write it, `food/meals`: its parts are checked and encoded each by itself.
    ///
    /// # Errors
    /// An [`OptionError`] about `path` if a part is empty (a `/` at the start, at the end, or twice in a row), `.` or
    /// `..`.
    pub fn parse_user(path: &str) -> Result<Self, OptionError> {
        let mut parsed = Self::default();
        for part in path.split('/') {
            if part.is_empty() {
                return Err(OptionError::new(
                    "path",
                    "path must not have an empty part: write it like \"food/meals\", without a slash at the start, \
                     at the end, or twice in a row",
                ));
            }
            parsed = parsed.join(&PathSegment::new("path", part)?);
        }
        Ok(parsed)
    }

    /// A path of the API itself: `path` is in the program, needs no encoding and starts with `/`.
    pub(super) fn of_api(path: &'static str) -> Self {
        Self(path.to_owned())
    }

    /// This path and one part more.
    #[must_use]
    pub fn join(mut self, part: &PathSegment) -> Self {
        self.0.push('/');
        self.0.push_str(part.as_str());
        self
    }

    /// This path and, behind it, all parts of another.
    #[must_use]
    pub fn append(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    /// This path and parts that are in the program: `of_api`'s rules.
    #[must_use]
    pub(super) fn append_api(mut self, path: &'static str) -> Self {
        self.0.push_str(path);
        self
    }

    /// The encoded path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
