//! An archive's export: found by its content, inflated, and held against its checksum.

use super::export_detection::{is_export, may_be_export};
use super::{Event, Method, Sums, Unzip, ZipError};
use crate::crc::Crc;
use crate::inflate::{Inflate, Stop};

/// A file that has not shown by then that it is an export is none.
const LONGEST_HEAD: usize = 1 << 20;

/// Takes an archive as it comes, and gives the text of the first export in it.
pub(crate) struct Archive {
    unzip: Unzip,
    /// What is open, unless it is of no interest.
    entry: Option<Entry>,
    inflate: Inflate,
    crc: Crc,
    /// Files that began so far.
    files: u32,
    found: bool,
}

/// A file that may be the export, or is it.
struct Entry {
    is_deflated: bool,
    /// Whether its deflated data are at their end.
    is_over: bool,
    length: u64,
    head: Head,
}

/// What is known of a file by its beginning.
enum Head {
    /// Nothing yet; it is looked at again when there is as much.
    Open(Vec<u8>, usize),
    Export,
    Other,
}

impl Archive {
    /// At the first byte of an archive.
    pub(crate) fn new() -> Self {
        Self {
            unzip: Unzip::new(),
            entry: None,
            inflate: Inflate::new(),
            crc: Crc::new(),
            files: 0,
            found: false,
        }
    }

    /// Takes `input` as a whole, and gives the text to `out`.
    pub(crate) fn take(&mut self, input: &[u8], mut out: impl FnMut(&[u8])) -> Result<(), ZipError> {
        self.unzip.feed(input);
        loop {
            let is_wanted = match self.unzip.next()? {
                None => return Ok(()),
                Some(Event::EntryStart { name, method }) => {
                    self.files = self.files.saturating_add(u32::from(!name.ends_with(b"/")));
                    let is_wanted = !self.found && may_be_export(name);
                    self.entry = is_wanted.then(|| Entry::new(method));
                    is_wanted
                }
                Some(Event::Data(bytes)) => {
                    if let Some(entry) = &mut self.entry {
                        entry.take(bytes, &mut self.inflate, &mut self.crc, &mut out)?;
                        self.found |= matches!(entry.head, Head::Export);
                    }
                    continue;
                }
                Some(Event::EntryEnd(sums)) => {
                    if let Some(mut entry) = self.entry.take() {
                        entry.end(sums, &self.inflate, &mut self.crc, &mut out)?;
                        self.found |= matches!(entry.head, Head::Export);
                        self.inflate.restart();
                    }
                    continue;
                }
            };
            if !is_wanted {
                self.unzip.skip();
            }
        }
    }

    /// Behind the last byte: whether an export was there, and how many files.
    pub(crate) fn finish(&self) -> Result<(bool, u32), ZipError> {
        self.unzip.finish().map(|()| (self.found, self.files))
    }
}

impl Entry {
    fn new(method: Method) -> Self {
        let is_deflated = method == Method::Deflated;
        Self { is_deflated, is_over: !is_deflated, length: 0, head: Head::Open(Vec::new(), 0) }
    }

    fn take(
        &mut self,
        mut bytes: &[u8],
        inflate: &mut Inflate,
        crc: &mut Crc,
        out: &mut impl FnMut(&[u8]),
    ) -> Result<(), ZipError> {
        if !self.is_deflated {
            self.text(bytes, crc, out);
            return Ok(());
        }
        loop {
            let stop = inflate.run(&mut bytes).map_err(|_| ZipError::Damaged)?;
            self.text(inflate.fresh(), crc, out);
            match stop {
                Stop::Full => {}
                Stop::More => return Ok(()),
                // The data must end where the entry does.
                Stop::End if bytes.is_empty() => {
                    self.is_over = true;
                    return Ok(());
                }
                Stop::End => return Err(ZipError::Damaged),
            }
        }
    }

    fn text(&mut self, text: &[u8], crc: &mut Crc, out: &mut impl FnMut(&[u8])) {
        crc.add(text);
        self.length = self.length.wrapping_add(u64::try_from(text.len()).unwrap_or_default());
        match &mut self.head {
            Head::Export => out(text),
            Head::Other => {}
            Head::Open(head, enough) => {
                head.extend_from_slice(text);
                if head.len() >= *enough {
                    // Next when there is twice as much, so that nothing is looked at more than twice.
                    *enough = head.len().saturating_mul(2);
                    self.look(false, out);
                }
            }
        }
    }

    fn look(&mut self, last: bool, out: &mut impl FnMut(&[u8])) {
        let Head::Open(head, _) = &self.head else { return };
        let is_export = is_export(head);
        if is_export == Some(true) {
            out(head);
            self.head = Head::Export;
        } else if last || is_export.is_some() || head.len() > LONGEST_HEAD {
            self.head = Head::Other;
        }
    }

    fn end(
        &mut self,
        sums: Sums,
        inflate: &Inflate,
        crc: &mut Crc,
        out: &mut impl FnMut(&[u8]),
    ) -> Result<(), ZipError> {
        self.look(true, out);
        let is_whole = self.is_over && !(self.is_deflated && inflate.has_taken_more());
        let is_same = crc.take() == sums.crc && super::local_header::low(self.length) == sums.length;
        if is_whole && is_same { Ok(()) } else { Err(ZipError::Damaged) }
    }
}
