//! Opens an Apple Health `export.zip`: finds the export by its content, decompresses it, and verifies its checksum.

use super::error::ZipError;
use super::export_detection::{is_export, may_be_export};
use super::local_header::CompressionMethod;
use super::reader::{ZipEvent, ZipReader};
use crate::crc::{ContentDigest, Crc};
use crate::inflate::{InflateStatus, Inflater};

/// A file that has not turned out to be an export by then is none.
const MAX_HEAD_LENGTH: usize = 1 << 20;

/// Reads an archive, and passes on the text of the first export in it.
pub(crate) struct ExportZip {
    reader: ZipReader,
    /// The present entry, if it may be the export.
    entry: Option<CandidateEntry>,
    inflater: Inflater,
    crc: Crc,
    files: u32,
    has_export: bool,
}

struct CandidateEntry {
    is_deflated: bool,
    /// Whether its compressed data are complete.
    is_complete: bool,
    export_match: ExportMatch,
}

/// What the beginning of a file says.
enum ExportMatch {
    /// Nothing yet. The beginning is checked again when it has this length.
    Undecided(Vec<u8>, usize),
    Export,
    Other,
}

impl ExportZip {
    pub(crate) fn new() -> Self {
        Self {
            reader: ZipReader::default(),
            entry: None,
            inflater: Inflater::new(),
            crc: Crc::new(),
            files: 0,
            has_export: false,
        }
    }

    /// Takes all of `input`, and passes the text to `out`.
    pub(crate) fn take(&mut self, input: &[u8], mut out: impl FnMut(&[u8])) -> Result<(), ZipError> {
        self.reader.feed(input);
        loop {
            let is_wanted = match self.reader.next()? {
                None => return Ok(()),
                Some(ZipEvent::EntryStart { name, method }) => {
                    self.files = self.files.saturating_add(u32::from(!name.ends_with(b"/")));
                    let is_wanted = !self.has_export && may_be_export(name);
                    self.entry = is_wanted.then(|| CandidateEntry::new(method));
                    is_wanted
                }
                Some(ZipEvent::Data(bytes)) => {
                    if let Some(entry) = &mut self.entry {
                        entry.take(bytes, &mut self.inflater, &mut self.crc, &mut out)?;
                        self.has_export |= matches!(entry.export_match, ExportMatch::Export);
                    }
                    continue;
                }
                Some(ZipEvent::EntryEnd(digest)) => {
                    if let Some(mut entry) = self.entry.take() {
                        entry.end(digest, &self.inflater, &mut self.crc, &mut out)?;
                        self.has_export |= matches!(entry.export_match, ExportMatch::Export);
                        self.inflater.restart();
                    }
                    continue;
                }
            };
            if !is_wanted {
                self.reader.skip();
            }
        }
    }

    /// After the last byte: whether there was an export, and how many files there were.
    pub(crate) fn finish(&self) -> Result<(bool, u32), ZipError> {
        self.reader.finish().map(|()| (self.has_export, self.files))
    }
}

impl CandidateEntry {
    fn new(method: CompressionMethod) -> Self {
        let is_deflated = method == CompressionMethod::Deflated;
        Self { is_deflated, is_complete: !is_deflated, export_match: ExportMatch::Undecided(Vec::new(), 0) }
    }

    fn take(
        &mut self,
        mut bytes: &[u8],
        inflater: &mut Inflater,
        crc: &mut Crc,
        out: &mut impl FnMut(&[u8]),
    ) -> Result<(), ZipError> {
        if !self.is_deflated {
            self.text(bytes, crc, out);
            return Ok(());
        }
        loop {
            let stop = inflater.run(&mut bytes).map_err(|_| ZipError::Damaged)?;
            self.text(inflater.output(), crc, out);
            match stop {
                InflateStatus::OutputFull => {}
                InflateStatus::NeedsInput => return Ok(()),
                // The compressed data must end where the entry does.
                InflateStatus::StreamEnd if bytes.is_empty() => {
                    self.is_complete = true;
                    return Ok(());
                }
                InflateStatus::StreamEnd => return Err(ZipError::Damaged),
            }
        }
    }

    fn text(&mut self, text: &[u8], crc: &mut Crc, out: &mut impl FnMut(&[u8])) {
        crc.add(text);
        match &mut self.export_match {
            ExportMatch::Export => out(text),
            ExportMatch::Other => {}
            ExportMatch::Undecided(head, next_check) => {
                head.extend_from_slice(text);
                if head.len() >= *next_check {
                    // Checked again at twice the length, so that no byte is looked at more than twice.
                    *next_check = head.len().saturating_mul(2);
                    self.check_head(false, out);
                }
            }
        }
    }

    fn check_head(&mut self, last: bool, out: &mut impl FnMut(&[u8])) {
        let ExportMatch::Undecided(head, _) = &self.export_match else { return };
        let is_export = is_export(head);
        if is_export == Some(true) {
            out(head);
            self.export_match = ExportMatch::Export;
        } else if last || is_export.is_some() || head.len() > MAX_HEAD_LENGTH {
            self.export_match = ExportMatch::Other;
        }
    }

    fn end(
        &mut self,
        digest: ContentDigest,
        inflater: &Inflater,
        crc: &mut Crc,
        out: &mut impl FnMut(&[u8]),
    ) -> Result<(), ZipError> {
        self.check_head(true, out);
        let is_whole = self.is_complete && !(self.is_deflated && inflater.has_bits_left());
        if crc.take() == digest && is_whole { Ok(()) } else { Err(ZipError::Damaged) }
    }
}
