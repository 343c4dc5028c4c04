//! The members of a `Link` field and their parameters (RFC 8288, Appendix B.2 to B.4).

use super::{Link, bare, extended};

/// What is left of the field's value.
pub(super) struct Input<'value> {
    rest: &'value str,
    /// No quotation mark behind this point is closed; saves looking for its end again and again.
    unclosed_quote: bool,
}

pub(super) fn read_links(value: &str) -> Vec<Link> {
    let mut input = Input { rest: value, unclosed_quote: false };
    let mut links = Vec::new();
    loop {
        // List members may be empty (RFC 9110 §5.6.1.2).
        input.rest = input.rest.trim_start_matches(|c| is_space(c) || c == ',');
        if input.rest.is_empty() {
            return links;
        }
        match read_target(&mut input) {
            Some(target) => {
                let mut params = Vec::new();
                read_params(&mut input, &mut params);
                links.extend(link(target, params));
            }
            None => input.skip_member(),
        }
        // Text behind a link and before the comma is none of the link.
        input.skip_member();
    }
}

/// `<target>`, or a target without brackets. After `None`, the member is to be skipped.
fn read_target<'value>(input: &mut Input<'value>) -> Option<&'value str> {
    loop {
        let Some(inside) = input.rest.strip_prefix('<') else { return bare::read_target(&mut input.rest) };
        let end = inside.find(['<', '>'])?;
        let (target, rest) = inside.split_at_checked(end)?;
        if let Some(rest) = rest.strip_prefix('>') {
            input.rest = rest;
            return Some(target);
        }
        // No URI has a `<` inside: this bracket was never closed, and the next one begins another member.
        input.rest = rest;
    }
}

fn read_params(input: &mut Input<'_>, params: &mut Vec<(String, String)>) {
    loop {
        input.skip_spaces();
        let Some(rest) = input.rest.strip_prefix(';') else { return };
        input.rest = rest;
        input.skip_spaces();
        let name = input.take_until(|c| is_space(c) || matches!(c, '=' | ';' | ',')).to_ascii_lowercase();
        input.skip_spaces();
        let mut value = String::new();
        if let Some(rest) = input.rest.strip_prefix('=') {
            input.rest = rest;
            input.skip_spaces();
            value = match input.rest.strip_prefix('"') {
                Some(quoted) => input.take_quoted(quoted),
                None => input.take_until(|c| matches!(c, ';' | ',')).trim_end_matches(is_space).to_owned(),
            };
        }
        // `; ;` and `;=x` name nothing.
        if name.is_empty() {
            continue;
        }
        if name.ends_with('*') {
            // Not decodable: as if it were not there, so that the plain parameter counts.
            match extended::decode(&value) {
                Some(decoded) => params.push((name, decoded)),
                None => continue,
            }
        } else {
            params.push((name, value));
        }
    }
}

/// The link that target and parameters make, if they name a relation type (B.2, steps 9 to 17).
fn link(target: &str, params: Vec<(String, String)>) -> Option<Link> {
    let (_, relations) = params.iter().find(|(name, _)| name == "rel")?;
    let rel: Vec<String> =
        relations.split(is_space).filter(|one| !one.is_empty()).map(str::to_ascii_lowercase).collect();
    if rel.is_empty() {
        return None;
    }
    let mut once =
        [("anchor", false), ("media", false), ("title", false), ("title*", false), ("type", false)];
    let params = params
        .into_iter()
        .filter(|(name, _)| match once.iter_mut().find(|(own, _)| own == name) {
            Some((_, seen)) => !std::mem::replace(seen, true),
            None => name != "rel",
        })
        .collect();
    Some(Link { target: target.to_owned(), rel, params })
}

impl<'value> Input<'value> {
    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches(is_space);
    }

    fn take_until(&mut self, stop: fn(char) -> bool) -> &'value str {
        let end = self.rest.find(stop).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// The quoted string that begins behind its opening mark; it ends at the closing one, or with the text (B.4).
    fn take_quoted(&mut self, quoted: &'value str) -> String {
        let mut output = String::new();
        let mut chars = quoted.chars();
        while let Some(next) = chars.next() {
            match next {
                '"' => break,
                '\\' => output.extend(chars.next()),
                other => output.push(other),
            }
        }
        self.rest = chars.as_str();
        output
    }

    /// To the comma that ends this member. One inside quotation marks does not, where they are closed.
    fn skip_member(&mut self) {
        loop {
            self.take_until(|c| matches!(c, ',' | '"'));
            let Some(quoted) = self.rest.strip_prefix('"') else { return };
            let behind = if self.unclosed_quote { None } else { behind_quoted(quoted) };
            self.unclosed_quote = behind.is_none();
            self.rest = behind.unwrap_or(quoted);
        }
    }
}

/// What follows the closing quotation mark; `None` if there is none.
fn behind_quoted(quoted: &str) -> Option<&str> {
    let mut chars = quoted.chars();
    loop {
        match chars.next()? {
            '"' => return Some(chars.as_str()),
            '\\' => {
                chars.next();
            }
            _ => {}
        }
    }
}

/// OWS (RFC 9110 §5.6.3), and the line breaks of folded lines, which count as spaces (RFC 9112 §5.2).
pub(super) const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}
