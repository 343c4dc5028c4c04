//! Links whose targets are absolute.

use super::{Link, parse};
use crate::error::OptionError;
use crate::uri::{Uri, resolve};

/// [`parse`], with relative targets resolved against `base`, where there is one.
///
/// # Errors
/// A `base` that is itself relative.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    #[test]
    fn targets_are_resolved_where_there_is_a_base() {
        let targets = |base| -> Vec<String> {
            parse_resolved("<?offset=50>; rel=next", base)
                .unwrap()
                .into_iter()
                .map(|link| link.target)
                .collect()
        };
        assert_eq!(targets(None), ["?offset=50"]);
        assert_eq!(targets(Some("https://h/v1/human/sleeps")), ["https://h/v1/human/sleeps?offset=50"]);
        assert_eq!(parse_resolved("", Some("/v1")).unwrap_err().option, "base");
    }
}
