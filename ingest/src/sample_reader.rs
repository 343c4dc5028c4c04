//! Bytes of a source as they come, cut anywhere, into the reader of their format.
//!
//! A reader is given as many bytes as there are, from where it stopped, and says how many of them it has dealt with; it stops in front of
//! whatever is not yet there as a whole. What is left over waits here.

use crate::apple::AppleHealthReader;
use crate::collector::Collector;
use crate::csv::CsvReader;
use crate::format::Format;
use crate::js_objects::JsObjectReader;
use crate::json::{JsonDocumentReader, NdjsonReader};
use crate::number::Numbers;
use crate::rejection::Rejection;
use crate::rows::Rows;
use crate::unit::DataType;

/// Takes the bytes of one source.
pub struct SampleReader {
    data_type: DataType,
    reader: FormatReader,
    collector: Collector,
    /// Bytes that were given and not dealt with.
    pending: Vec<u8>,
    /// How many there must be before it is worth while to try again: twice as many as the last time, so that a long record in small
    /// pieces is not read over and over.
    retry_length: usize,
    /// Whether the byte order mark, or the place where it could be, is behind us.
    started: bool,
}

/// The reader of a format. Each has `read(&mut self, bytes, last, &mut Collector) -> usize`; after `last` nothing comes any more.
enum FormatReader {
    /// The format is yet to be found out.
    Undecided(Blanks),
    Json(JsonDocumentReader),
    Ndjson(NdjsonReader),
    Csv(CsvReader),
    AppleHealth(Box<AppleHealthReader>),
    /// Objects, which are no bytes to be cut.
    Objects(JsObjectReader),
}

/// Pending bytes are added to in steps of at least so many.
const MIN_STEP: usize = 512;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// A source that has not shown its format by then never will: no more of it is waited for.
const MAX_HEAD_LENGTH: usize = 1 << 20;

impl SampleReader {
    /// For samples of a type, in a format, or in the one that the content shows.
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

    /// Takes the next bytes, cut anywhere.
    pub fn feed(&mut self, chunk: &[u8]) {
        let mut chunk = chunk;
        while !self.pending.is_empty() {
            let before = self.pending.len();
            let (more, rest) = chunk.split_at(chunk.len().min(before.max(MIN_STEP)));
            self.pending.extend_from_slice(more);
            if self.pending.len() >= self.retry_length {
                let used = self.read_pending(false);
                if used >= before {
                    // All that waited is done: on in the chunk itself.
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

    /// Takes a piece of objects objects; bytes of a format must not have come before.
    pub fn feed_objects(&mut self, piece: &[u8]) {
        if !matches!(self.reader, FormatReader::Objects(_)) {
            self.reader = FormatReader::Objects(JsObjectReader::default());
        }
        if let FormatReader::Objects(objects) = &mut self.reader {
            objects.read(piece, &mut self.collector);
        }
    }

    /// Says that no more bytes come.
    pub fn finish(&mut self) {
        self.read_pending(true);
        self.pending = Vec::new();
    }

    /// Samples read so far, good or bad.
    pub const fn sample_count(&self) -> u64 {
        self.collector.sample_count()
    }

    /// How many of them were rejected.
    pub const fn rejected_count(&self) -> u64 {
        self.collector.rejected_count()
    }

    /// The rejections since the last time this was asked.
    pub fn take_rejections(&mut self) -> Vec<Rejection> {
        self.collector.take_rejections()
    }

    /// Whether the source says by itself that its samples are of another type. Known for sure behind [`SampleReader::finish`].
    pub const fn type_mismatch(&self) -> bool {
        match &self.reader {
            FormatReader::Json(document) => document.type_mismatch(),
            _ => false,
        }
    }

    /// How many rejections wait to be taken.
    pub(crate) const fn pending_rejections(&self) -> usize {
        self.collector.pending_rejections()
    }

    /// What is held so far.
    pub const fn rows(&self) -> &Rows {
        self.collector.rows()
    }

    /// What was held.
    pub fn into_rows(self) -> Rows {
        self.collector.into_rows()
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

/// What stood in front of a source before its format was known, which is not kept: how many lines ended there.
#[derive(Clone, Copy, Debug, Default)]
struct Blanks {
    line_feeds: u64,
    /// A line feed, a carriage return, or both.
    line_breaks: u64,
    after_return: bool,
}

impl Blanks {
    /// Goes over the blanks at the start of `text`; what follows them.
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
    /// The reader of that format, for what follows the blanks.
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
