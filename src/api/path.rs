//! Paths of requests, made of encoded segments: no text of a caller can add a segment or leave its own.

use crate::error::OptionError;
use crate::text::{strip_first, until};
use crate::uri::percent_encode;

/// One segment of a path, percent-encoded; never empty, `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathSegment(String);

impl PathSegment {
    /// Encodes `text`, which the caller gave as `option` (`id`, `version`, …).
    ///
    /// ```
    /// use humansync::api::PathSegment;
    ///
    /// assert_eq!(PathSegment::new("id", "a/b")?.as_str(), "a%2Fb");
    /// assert_eq!(PathSegment::new("id", "..").unwrap_err().option, "id");
    /// # Ok::<(), humansync::error::OptionError>(())
    /// ```
    /// Errors: an empty text, `.` and `..`: a server or a URL parser on the way would remove them (RFC 3986 §5.2.4),
    /// and the request would go to another resource.
    #[inline(never)]
    pub fn new(option: &str, text: &str) -> Result<Self, OptionError> {
        let wrong = match text.as_bytes() {
            [] => " must not be empty",
            b"." | b".." => ": \".\" and \"..\" cannot be parts of a path, they stand for other paths",
            _ => {
                let mut encoded = String::new();
                percent_encode(&mut encoded, text);
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

/// A path: for each segment a `/` and the segment. Without segments it is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(String);

impl Path {
    /// Appends all segments of a path as users write it, `food/meals`; each is checked and encoded. Refuses a segment
    /// that is empty (a `/` at the start, at the end, or twice in a row), `.` or `..`, about `path`.
    pub(super) fn push_user(&mut self, path: &str) -> Result<(), OptionError> {
        let mut rest = Some(path);
        while let Some(parts) = rest {
            let (part, after_part) = until(parts, b"/");
            if part.is_empty() {
                return Err(OptionError::new(
                    "path",
                    "path must not have an empty part: write it like \"food/meals\", without a slash at the start, \
                     at the end, or twice in a row",
                ));
            }
            self.push(&PathSegment::new("path", part)?);
            rest = strip_first(after_part, b'/');
        }
        Ok(())
    }

    /// Appends a segment from the program's own text, which needs no encoding.
    #[inline(never)]
    pub(super) fn push_api(&mut self, part: &str) {
        self.0.push_str(part);
    }

    #[inline(never)]
    pub(super) fn push(&mut self, part: &PathSegment) {
        self.push_api("/");
        self.push_api(part.as_str());
    }

    /// The encoded path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
