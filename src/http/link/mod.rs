//! The `Link` field: RFC 8288, and the form without angle brackets that Human API's pages show.
//!
//! Targets are given as they are written: `uri` resolves them and decides whether they may be followed, `pages` knows
//! what the relation types mean.

mod bare;
mod header;

#[cfg(test)]
mod tests;

use crate::error::OptionError;
use crate::uri::{Uri, resolve};

/// One link of a `Link` field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The target, as it is written; it may be relative.
    pub target: String,
    /// The relation types in lower case, with a space between them; at least one.
    pub rel: String,
    /// The other parameters in order, names in lower case; one without a value has the empty value.
    ///
    /// Of several `anchor`, `media`, `title`, `title*` and `type` only the first is kept. A name with an asterisk is
    /// kept under that name, with its value decoded (RFC 8187).
    pub params: Vec<(String, String)>,
}

impl Link {
    /// The relation types one by one.
    pub fn relations(&self) -> impl Iterator<Item = &str> {
        self.rel.split_ascii_whitespace()
    }

    /// The value of the parameter with this lower-case name; of several, the first.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find_map(|(own, value)| (own == name).then_some(value.as_str()))
    }
}

/// Reads the value of a `Link` field, or of several, joined by commas (RFC 8288, Appendix B.2).
///
/// Spaces, tabs and line breaks count as white space. What is not a link (a member without a target or without a
/// relation type, text between links) is skipped up to the next comma. Never fails, and takes time proportional to the
/// length of the text.
///
/// ```
/// use humansync::http::link::parse;
/// let links = parse(r#"</v1/human/sleeps?offset=50>; rel="next", <?offset=200>; rel=last"#);
/// assert_eq!(links.len(), 2);
/// assert!(links[0].relations().eq(["next"]));
/// assert_eq!(links[0].target, "/v1/human/sleeps?offset=50");
/// ```
pub fn parse(value: &str) -> Vec<Link> {
    header::read_links(value)
}

/// [`parse`], with relative targets resolved against `base`, where there is one. Refuses a `base` that is itself
/// relative.
pub fn parse_resolved(value: &str, base: Option<&str>) -> Result<Vec<Link>, OptionError> {
    let mut links = parse(value);
    let Some(base) = base else { return Ok(links) };
    if Uri::split(base).scheme.is_none() {
        return Err(OptionError::new(
            "base",
            "`base` must be an absolute URL like \"https://api.humanapi.co/v1/human\"",
        ));
    }
    for link in &mut links {
        link.target = resolve(base, &link.target);
    }
    Ok(links)
}
