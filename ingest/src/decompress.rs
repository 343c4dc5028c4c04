//! Decompresses a source: plain text, a gzip file, or a zip archive with an Apple Health export.
//!
//! Checksums are verified here. A damaged source is an error before anything is sent, because sending begins when the
//! whole source has been read.

use crate::gzip::GzipReader;
use crate::inflate::CorruptData;
use crate::zip::{ExportZip, is_zip};
use crate::{Format, SampleReader};

/// Compressed bytes are taken in parts of this length: they can become a thousand times as many bytes of text.
const MAX_COMPRESSED_PART: usize = 4096;
/// After so much text the caller gets a turn.
const TEXT_PER_TURN: usize = 1 << 20;
/// After so many rejections the caller gets a turn, too, to report them.
const REJECTIONS_PER_TURN: usize = 1 << 12;
/// Plain text is passed on in parts of this length; rejections are counted between them.
const MAX_TEXT_PART: usize = 1 << 16;
/// Bytes that tell how a source is compressed.
const HEAD_LENGTH: usize = 4;
/// Bytes that tell whether a text is one.
const TEXT_HEAD_LENGTH: usize = 512;

/// Why a source cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableSource {
    /// What is wrong with the source, what was expected, and what to do.
    pub message: String,
}

/// Decompresses a source, and feeds its text to a [`SampleReader`].
pub struct Decompressor {
    format: Option<Format>,
    /// The first bytes, until there are enough to tell the compression.
    head: Vec<u8>,
    compression: Compression,
    text: TextGuard,
}

enum Compression {
    Unknown,
    None,
    Gzip(Box<GzipReader>),
    Zip(Box<ExportZip>),
}

/// Passes text on after its beginning has been checked.
#[derive(Default)]
struct TextGuard {
    head: Vec<u8>,
    has_begun: bool,
    length: usize,
    problem: Option<&'static str>,
}

const GZIP_DAMAGED: &str = "`source` is a damaged gzip file: what is in it is not what its checksum says; nothing of it is sent. Copy or export it again";
const GZIP_CUT_OFF: &str =
    "`source` is a gzip file that is cut off; nothing of it is sent. Copy or export it again";
const EXPORTS_ONLY: &str =
    "`source` is a zip archive: only an Apple Health export is looked for in one, and `format` is \"";
const UTF_16: &str = "`source` is a text in UTF-16; save it as UTF-8";
const NOT_A_TEXT: &str = "`source` is neither a text nor a gzip file nor a zip archive: no text begins as it does. It is another kind of file, or damaged";

impl Decompressor {
    /// For a source whose text has this format, if it is known.
    pub fn new(format: Option<Format>) -> Self {
        Self { format, head: Vec::new(), compression: Compression::Unknown, text: TextGuard::default() }
    }

    /// Takes bytes from the front of `bytes`, and returns how many: often not all, so that the caller gets a turn.
    /// Errors: the source is damaged, or not of a kind that can hold samples. Nothing that was read of it may be used.
    pub fn take(&mut self, bytes: &[u8], reader: &mut SampleReader) -> Result<usize, UnreadableSource> {
        let mut taken = 0_usize;
        self.text.length = 0;
        if matches!(self.compression, Compression::Unknown) {
            taken = bytes.len().min(HEAD_LENGTH.saturating_sub(self.head.len()));
            self.head.extend_from_slice(bytes.get(..taken).unwrap_or_default());
            if self.head.len() < HEAD_LENGTH {
                return Ok(taken);
            }
            self.begin(reader)?;
        }
        let size =
            if matches!(self.compression, Compression::None) { MAX_TEXT_PART } else { MAX_COMPRESSED_PART };
        for part in bytes.get(taken..).unwrap_or_default().chunks(size) {
            let left = self.pass(part, reader)?;
            taken = taken.saturating_add(part.len() - left);
            if left > 0 || self.text.is_turn_over(reader) {
                break;
            }
        }
        Ok(taken)
    }

    /// Says that no more bytes come. Errors: those of [`Decompressor::take`].
    pub fn finish(&mut self, reader: &mut SampleReader) -> Result<(), UnreadableSource> {
        if matches!(self.compression, Compression::Unknown) {
            self.begin(reader)?;
        }
        match &self.compression {
            Compression::Unknown | Compression::None => {}
            Compression::Gzip(gzip) if gzip.is_whole() => {}
            Compression::Gzip(_) => return Err(unreadable(&[GZIP_CUT_OFF])),
            Compression::Zip(archive) => match archive.finish() {
                Ok((true, _)) => {}
                Ok((false, files)) => return Err(no_export_in(files)),
                Err(error) => return Err(unreadable(&[error.message()])),
            },
        }
        self.text.finish(reader)
    }

    /// Chooses the compression by the first bytes.
    fn begin(&mut self, reader: &mut SampleReader) -> Result<(), UnreadableSource> {
        let head = std::mem::take(&mut self.head);
        self.compression = if is_zip(&head) == Some(true) {
            if let Some(format) = self.format
                && format != Format::AppleHealth
            {
                return Err(unreadable(&[EXPORTS_ONLY, format.name(), "\""]));
            }
            Compression::Zip(Box::new(ExportZip::new()))
        } else if head.starts_with(&[0x1f, 0x8b]) {
            Compression::Gzip(Box::new(GzipReader::new()))
        } else {
            Compression::None
        };
        // So few bytes are always taken completely.
        self.pass(&head, reader).map(drop)
    }

    /// Passes on the text of these bytes. Returns how many of them are left because the caller is to get a turn.
    fn pass(&mut self, bytes: &[u8], reader: &mut SampleReader) -> Result<usize, UnreadableSource> {
        let text = &mut self.text;
        let mut left = 0;
        match &mut self.compression {
            Compression::Unknown => {}
            Compression::None => text.take(bytes, reader),
            Compression::Gzip(gzip) => {
                let result = gzip.take(bytes, |part| {
                    text.take(part, reader);
                    text.is_turn_over(reader)
                });
                left = result.map_err(|CorruptData| unreadable(&[GZIP_DAMAGED]))?.len();
            }
            Compression::Zip(archive) => {
                let result = archive.take(bytes, |part| text.take(part, reader));
                result.map_err(|error| unreadable(&[error.message()]))?;
            }
        }
        text.check().map(|()| left)
    }
}

impl TextGuard {
    fn take(&mut self, bytes: &[u8], reader: &mut SampleReader) {
        self.length = self.length.saturating_add(bytes.len());
        if self.has_begun {
            if self.problem.is_none() {
                reader.feed(bytes);
            }
            return;
        }
        if self.head.is_empty() && bytes.len() >= TEXT_HEAD_LENGTH {
            return self.begin(bytes, reader);
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() >= TEXT_HEAD_LENGTH {
            let head = std::mem::take(&mut self.head);
            self.begin(&head, reader);
        }
    }

    fn begin(&mut self, bytes: &[u8], reader: &mut SampleReader) {
        self.has_begun = true;
        let first = bytes.get(..TEXT_HEAD_LENGTH).unwrap_or(bytes);
        if first.starts_with(&[0xff, 0xfe]) || first.starts_with(&[0xfe, 0xff]) {
            self.problem = Some(UTF_16);
        } else if !is_text(first) {
            self.problem = Some(NOT_A_TEXT);
        } else {
            reader.feed(bytes);
        }
    }

    fn is_turn_over(&self, reader: &SampleReader) -> bool {
        self.length >= TEXT_PER_TURN || reader.collector.rejections.len() >= REJECTIONS_PER_TURN
    }

    fn finish(&mut self, reader: &mut SampleReader) -> Result<(), UnreadableSource> {
        if !self.has_begun {
            let head = std::mem::take(&mut self.head);
            self.begin(&head, reader);
        }
        self.check()
    }

    fn check(&self) -> Result<(), UnreadableSource> {
        self.problem.map_or(Ok(()), |message| Err(unreadable(&[message])))
    }
}

/// Whether a text may begin like this: without control characters other than white space, which every compressed or
/// binary format has near its start. Only a PDF can begin like a text. Bytes that are not UTF-8 prove nothing: they
/// are a mistake in the sample that has them.
fn is_text(head: &[u8]) -> bool {
    !head.starts_with(b"%PDF-") && !head.iter().any(|byte| matches!(byte, 0..=8 | 14..=31))
}

#[cold]
fn unreadable(parts: &[&str]) -> UnreadableSource {
    UnreadableSource { message: parts.concat() }
}

#[cold]
fn no_export_in(files: u32) -> UnreadableSource {
    let count = files.to_string();
    let (is, what) = if files == 1 { ("is ", " file") } else { ("are ", " files") };
    const NONE: &str = "`source` is a zip archive without an Apple Health export.xml: there ";
    unreadable(&[NONE, is, &count, what, " in it"])
}

#[cfg(test)]
mod tests;
