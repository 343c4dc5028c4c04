//! Reads the bytes of a source, however they are cut, with the reader of its format.
//!
//! A format reader gets all bytes from where it last stopped, and returns how many of them it is done with. It stops
//! before anything that is not complete yet; these bytes are kept here until more arrive.

use crate::apple::AppleHealthReader;
use crate::csv::CsvReader;
use crate::js_objects::JsObjectReader;
use crate::json::{JsonDocumentReader, NdjsonReader};
use crate::{Collector, DataType, Format, Numbers, Rejection, Rows};

/// Reads the samples of one source.
pub struct SampleReader {
    data_type: DataType,
    reader: FormatReader,
    pub(crate) collector: Collector,
    /// Bytes that the format reader is not done with.
    pending: Vec<u8>,
    /// The format reader is called again once so many bytes are pending: twice as many as the last time, so that a
    /// long record in small pieces is not read again and again.
    retry_length: usize,
    /// Whether the bytes are past the place where a byte order mark can be.
    started: bool,
}

/// The reader of a format. Each has `read(&mut self, bytes, last, &mut Collector) -> usize`, where `last` says that
/// no bytes will follow.
enum FormatReader {
    /// The format is not known yet.
    Undecided(Blanks),
    Json(JsonDocumentReader),
    Ndjson(NdjsonReader),
    Csv(CsvReader),
    AppleHealth(Box<AppleHealthReader>),
    /// JavaScript objects, which come in pieces that are never cut.
    Objects(JsObjectReader),
}

/// Bytes are added to the pending ones in steps of at least this length.
const MIN_STEP: usize = 512;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// If so many bytes do not show the format, more bytes will not show it either.
const MAX_HEAD_LENGTH: usize = 1 << 20;

impl SampleReader {
    /// A reader for samples of `data_type`. Without a `format` it goes by the first bytes of the source.
    pub fn new(data_type: DataType, format: Option<Format>, numbers: Numbers) -> Self {
        Self {
            data_type,
            reader: match format {
                Some(format) => FormatReader::new(format, data_type, Blanks::default()),
                None => FormatReader::Undecided(Blanks::default()),
            },
            collector: Collector::new(numbers),
            pending: Vec::new(),
            retry_length: 0,
            started: false,
        }
    }

    /// Reads the next bytes, which may be cut anywhere.
    pub fn feed(&mut self, chunk: &[u8]) {
        let mut chunk = chunk;
        while !self.pending.is_empty() {
            let before = self.pending.len();
            let (more, rest) = chunk.split_at(chunk.len().min(before.max(MIN_STEP)));
            self.pending.extend_from_slice(more);
            if self.pending.len() >= self.retry_length {
                let used = self.read_pending(false);
                if used >= before {
                    // Everything pending has been read: go on in the chunk itself.
                    self.pending.clear();
                    chunk = chunk.get(used - before..).unwrap_or_default();
                    break;
                }
                self.pending.drain(..used);
                self.retry_length = self.pending.len() * 2;
            }
            if rest.is_empty() {
                return;
            }
            chunk = rest;
        }
        let used = self.read(chunk, false);
        self.pending.extend_from_slice(chunk.get(used..).unwrap_or_default());
        self.retry_length = self.pending.len() * 2;
    }

    /// Reads a piece of packed JavaScript objects. A source has either objects or bytes.
    pub fn feed_objects(&mut self, piece: &[u8]) {
        if !matches!(self.reader, FormatReader::Objects(_)) {
            self.reader = FormatReader::Objects(JsObjectReader::default());
        }
        if let FormatReader::Objects(objects) = &mut self.reader {
            objects.read(piece, &mut self.collector);
        }
    }

    /// Reads what is pending, since no more bytes will come.
    pub fn finish(&mut self) {
        self.read_pending(true);
        self.pending = Vec::new();
    }

    /// Number of samples read so far, good or bad.
    pub const fn sample_count(&self) -> u64 {
        self.collector.sample_count
    }

    /// Number of samples rejected so far.
    pub const fn rejected_count(&self) -> u64 {
        self.collector.rejected_count
    }

    /// The rejections since the last call.
    pub fn take_rejections(&mut self) -> Vec<Rejection> {
        std::mem::take(&mut self.collector.rejections)
    }

    /// Whether the source itself says that its samples are of another type. Certain only after
    /// [`SampleReader::finish`].
    pub const fn type_mismatch(&self) -> bool {
        match &self.reader {
            FormatReader::Json(document) => document.type_mismatch(),
            _ => false,
        }
    }

    /// All valid samples.
    pub fn into_rows(self) -> Rows {
        self.collector.rows
    }

    fn read_pending(&mut self, last: bool) -> usize {
        let pending = std::mem::take(&mut self.pending);
        let used = self.read(&pending, last);
        self.pending = pending;
        used
    }

    fn read(&mut self, bytes: &[u8], last: bool) -> usize {
        crate::scan_count::add(bytes.len());
        let mut content = bytes;
        if !self.started {
            if bytes.len() < BYTE_ORDER_MARK.len() && !last && BYTE_ORDER_MARK.starts_with(bytes) {
                return 0;
            }
            content = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
            self.started = true;
        }
        if let FormatReader::Undecided(blanks) = &mut self.reader {
            content = blanks.pass(content);
            match Format::detect(content, last || content.len() > MAX_HEAD_LENGTH) {
                Some(format) => self.reader = FormatReader::new(format, self.data_type, *blanks),
                None => return bytes.len() - content.len(),
            }
        }
        bytes.len() - content.len() + self.reader.read(content, last, &mut self.collector)
    }
}

/// Counts the lines of the white space before a source's first content, which is dropped while the format is unknown.
#[derive(Clone, Copy, Debug, Default)]
struct Blanks {
    line_feeds: u64,
    /// Line feeds, carriage returns, and pairs of both.
    line_breaks: u64,
    after_return: bool,
}

impl Blanks {
    /// Counts the white space at the start of `text`, and returns the text after it.
    fn pass<'text>(&mut self, text: &'text [u8]) -> &'text [u8] {
        let content = text.trim_ascii_start();
        let blanks = text.get(..text.len() - content.len()).unwrap_or_default();
        for &byte in blanks {
            self.line_feeds += u64::from(byte == b'\n');
            self.line_breaks += u64::from(byte == b'\r' || byte == b'\n' && !self.after_return);
            self.after_return = byte == b'\r';
        }
        content
    }
}

impl FormatReader {
    /// The reader of a format, for the text after these blanks.
    fn new(format: Format, data_type: DataType, blanks: Blanks) -> Self {
        match format {
            Format::Json => Self::Json(JsonDocumentReader::new(data_type, blanks.line_feeds)),
            Format::Ndjson => Self::Ndjson(NdjsonReader::new(blanks.line_breaks)),
            Format::Csv => Self::Csv(CsvReader::new(blanks.line_breaks)),
            Format::AppleHealth => {
                Self::AppleHealth(Box::new(AppleHealthReader::new(data_type, blanks.line_feeds)))
            }
        }
    }

    #[inline]
    fn read(&mut self, bytes: &[u8], last: bool, collector: &mut Collector) -> usize {
        match self {
            Self::Undecided(_) | Self::Objects(_) => 0,
            Self::Json(reader) => reader.read(bytes, last, collector),
            Self::Ndjson(reader) => reader.read(bytes, last, collector),
            Self::Csv(reader) => reader.read(bytes, last, collector),
            Self::AppleHealth(reader) => reader.read(bytes, last, collector),
        }
    }
}
