//! Tells which entry of an archive is the export. Its file name depends on the phone's language, its root element
//! does not.

/// Whether an entry with this name may be the export: it is XML, and not the clinical document that comes with it.
pub fn may_be_export(name: &[u8]) -> bool {
    let file = name.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let is_xml = file.last_chunk::<4>().is_some_and(|end| end.eq_ignore_ascii_case(b".xml"));
    // When a Mac packs the folder again, it adds a file of attributes for each file.
    is_xml && !file.eq_ignore_ascii_case(b"export_cda.xml") && !file.starts_with(b"._")
}

/// Whether the XML text that begins with `first` is an Apple Health export; `None` if more of it is needed.
///
/// The name of the document type decides, or else that of the root element.
pub fn is_export(first: &[u8]) -> Option<bool> {
    crate::scan_count::add(first.len());
    let mut rest = match first {
        [0xef, 0xbb, 0xbf, rest @ ..] => rest,
        [0xef, 0xbb] | [0xef] => return None,
        _ => first,
    };
    loop {
        rest = rest.trim_ascii_start();
        match rest {
            [b'<', b'?', inside @ ..] => rest = after_end(inside, b"?>")?,
            [b'<', b'!', b'-', b'-', inside @ ..] => rest = after_end(inside, b"-->")?,
            _ => break,
        }
    }
    // Any white space may follow, and more than one character.
    if let Some(declared) = rest.strip_prefix(b"<!DOCTYPE") {
        return begins_with_name(declared.trim_ascii_start());
    }
    match rest.split_first() {
        None => None,
        Some((b'<', name)) if !name.starts_with(b"!") => begins_with_name(name),
        Some((b'<', _)) if b"<!DOCTYPE".starts_with(rest) || b"<!--".starts_with(rest) => None,
        Some(_) => Some(false),
    }
}

fn begins_with_name(text: &[u8]) -> Option<bool> {
    const NAME: &[u8] = b"HealthData";
    match text.get(NAME.len()) {
        Some(end) => Some(text.starts_with(NAME) && !end.is_ascii_alphanumeric()),
        None if NAME.starts_with(text) => None,
        None => Some(false),
    }
}

fn after_end<'text>(text: &'text [u8], end: &[u8]) -> Option<&'text [u8]> {
    let at = text.windows(end.len()).position(|window| window == end)?;
    text.get(at.saturating_add(end.len())..)
}
