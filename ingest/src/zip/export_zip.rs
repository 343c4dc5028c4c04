//! An archive's export: found by its content, inflated, and held against its checksum.

use super::export_detection::{is_export, may_be_export};
use super::{CompressionMethod, ContentDigest, ZipError, ZipEvent, ZipReader};
use crate::crc::Crc;
use crate::inflate::{InflateStatus, Inflater};

/// A file that has not shown by then that it is an export is none.
const MAX_HEAD_LENGTH: usize = 1 << 20;

/// Takes an archive as it comes, and gives the text of the first export in it.
pub(crate) struct ExportZip {
    zip: ZipReader,
    /// What is open, unless it is of no interest.
    entry: Option<CandidateEntry>,
    inflate: Inflater,
    crc: Crc,
    /// Files that began so far.
    files: u32,
    found: bool,
}

/// A file that may be the export, or is it.
struct CandidateEntry {
    is_deflated: bool,
    /// Whether its deflated data are at their end.
    is_over: bool,
    length: u64,
    head: ExportMatch,
}

/// What is known of a file by its beginning.
enum ExportMatch {
    /// Nothing yet; it is looked at again when there is as much.
    Undecided(Vec<u8>, usize),
    Export,
    Other,
}

impl ExportZip {
    /// At the first byte of an archive.
    pub(crate) fn new() -> Self {
        Self {
            zip: ZipReader::new(),
            entry: None,
            inflate: Inflater::new(),
            crc: Crc::new(),
            files: 0,
            found: false,
        }
    }

    /// Takes `input` as a whole, and gives the text to `out`.
    pub(crate) fn take(&mut self, input: &[u8], mut out: impl FnMut(&[u8])) -> Result<(), ZipError> {
        self.zip.feed(input);
        loop {
            let is_wanted = match self.zip.next()? {
                None => return Ok(()),
                Some(ZipEvent::EntryStart { name, method }) => {
                    self.files = self.files.saturating_add(u32::from(!name.ends_with(b"/")));
                    let is_wanted = !self.found && may_be_export(name);
                    self.entry = is_wanted.then(|| CandidateEntry::new(method));
                    is_wanted
                }
                Some(ZipEvent::Data(bytes)) => {
                    if let Some(entry) = &mut self.entry {
                        entry.take(bytes, &mut self.inflate, &mut self.crc, &mut out)?;
                        self.found |= matches!(entry.head, ExportMatch::Export);
                    }
                    continue;
                }
                Some(ZipEvent::EntryEnd(digest)) => {
                    if let Some(mut entry) = self.entry.take() {
                        entry.end(digest, &self.inflate, &mut self.crc, &mut out)?;
                        self.found |= matches!(entry.head, ExportMatch::Export);
                        self.inflate.restart();
                    }
                    continue;
                }
            };
            if !is_wanted {
                self.zip.skip();
            }
        }
    }

    /// Behind the last byte: whether an export was there, and how many files.
    pub(crate) fn finish(&self) -> Result<(bool, u32), ZipError> {
        self.zip.finish().map(|()| (self.found, self.files))
    }
}

impl CandidateEntry {
    fn new(method: CompressionMethod) -> Self {
        let is_deflated = method == CompressionMethod::Deflated;
        Self { is_deflated, is_over: !is_deflated, length: 0, head: ExportMatch::Undecided(Vec::new(), 0) }
    }

    fn take(
        &mut self,
        mut bytes: &[u8],
        inflate: &mut Inflater,
        crc: &mut Crc,
        out: &mut impl FnMut(&[u8]),
    ) -> Result<(), ZipError> {
        if !self.is_deflated {
            self.text(bytes, crc, out);
            return Ok(());
        }
        loop {
            let stop = inflate.run(&mut bytes).map_err(|_| ZipError::Damaged)?;
            self.text(inflate.output(), crc, out);
            match stop {
                InflateStatus::OutputFull => {}
                InflateStatus::NeedsInput => return Ok(()),
                // The data must end where the entry does.
                InflateStatus::StreamEnd if bytes.is_empty() => {
                    self.is_over = true;
                    return Ok(());
                }
                InflateStatus::StreamEnd => return Err(ZipError::Damaged),
            }
        }
    }

    fn text(&mut self, text: &[u8], crc: &mut Crc, out: &mut impl FnMut(&[u8])) {
        crc.add(text);
        self.length = self.length.wrapping_add(u64::try_from(text.len()).unwrap_or_default());
        match &mut self.head {
            ExportMatch::Export => out(text),
            ExportMatch::Other => {}
            ExportMatch::Undecided(head, enough) => {
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
        let ExportMatch::Undecided(head, _) = &self.head else { return };
        let is_export = is_export(head);
        if is_export == Some(true) {
            out(head);
            self.head = ExportMatch::Export;
        } else if last || is_export.is_some() || head.len() > MAX_HEAD_LENGTH {
            self.head = ExportMatch::Other;
        }
    }

    fn end(
        &mut self,
        digest: ContentDigest,
        inflate: &Inflater,
        crc: &mut Crc,
        out: &mut impl FnMut(&[u8]),
    ) -> Result<(), ZipError> {
        self.look(true, out);
        let is_whole = self.is_over && !(self.is_deflated && inflate.has_bits_left());
        let is_same = crc.take() == digest.crc && super::local_header::low_half(self.length) == digest.length;
        if is_whole && is_same { Ok(()) } else { Err(ZipError::Damaged) }
    }
}
