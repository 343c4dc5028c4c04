//! Bytes of a source as they come, cut anywhere, into the reader of their format.
//!
//! A reader is given as many bytes as there are, from where it stopped, and says how many of them it has dealt with; it stops in front of
//! whatever is not yet there as a whole. What is left over waits here.

use crate::apple::AppleHealth;
use crate::collector::Sink;
use crate::csv::Csv;
use crate::format;
use crate::js_objects::Packed;
use crate::json::{Document, Lines};
use crate::number::Numbers;
use crate::rejection::Rejection;
use crate::rows::Rows;
use crate::unit::DataType;

/// How a source writes its samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON value: an array, or an object with the member `data`.
    Json,
    /// A JSON object on every line.
    Ndjson,
    /// Comma-separated values with a header row.
    Csv,
    /// The `export.xml` of Apple Health.
    AppleHealth,
}

impl Format {
    /// As callers name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::AppleHealth => "apple-health",
        }
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Json, Self::Ndjson, Self::Csv, Self::AppleHealth]
            .into_iter()
            .find(|known| known.name() == name)
    }
}

/// Takes the bytes of one source.
pub struct Intake {
    data_type: DataType,
    reader: Reader,
    sink: Sink,
    /// Bytes that were given and not dealt with.
    pending: Vec<u8>,
    /// How many there must be before it is worth while to try again: twice as many as the last time, so that a long record in small
    /// pieces is not read over and over.
    enough: usize,
    /// Whether the byte order mark, or the place where it could be, is behind us.
    begun: bool,
}

/// The reader of a format. Each has `read(&mut self, bytes, last, &mut Sink) -> usize`; after `last` nothing comes any more.
enum Reader {
    /// The format is yet to be found out.
    Undecided(Blanks),
    Json(Document),
    Ndjson(Lines),
    Csv(Csv),
    AppleHealth(Box<AppleHealth>),
    /// Objects, which are no bytes to be cut.
    Packed(Packed),
}

/// Pending bytes are added to in steps of at least so many.
const STEP: usize = 512;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// A source that has not shown its format by then never will: no more of it is waited for.
const LONGEST_HEAD: usize = 1 << 20;

impl Intake {
    /// For samples of a type, in a format, or in the one that the content shows.
    pub fn new(data_type: DataType, format: Option<Format>, numbers: Numbers) -> Self {
        Self {
            data_type,
            reader: match format {
                Some(format) => Reader::new(format, data_type, Blanks::default()),
                None => Reader::Undecided(Blanks::default()),
            },
            sink: Sink::new(numbers),
            pending: Vec::new(),
            enough: 0,
            begun: false,
        }
    }

    /// Takes the next bytes, cut anywhere.
    pub fn feed(&mut self, chunk: &[u8]) {
        let mut chunk = chunk;
        while !self.pending.is_empty() {
            let before = self.pending.len();
            let (more, rest) = chunk.split_at(chunk.len().min(before.max(STEP)));
            self.pending.extend_from_slice(more);
            if self.pending.len() >= self.enough {
                let used = self.read_pending(false);
                if used >= before {
                    // All that waited is done: on in the chunk itself.
                    self.pending.clear();
                    chunk = chunk.get(used - before..).unwrap_or_default();
                    break;
                }
                self.pending.drain(..used);
                self.enough = self.pending.len() * 2;
            }
            if rest.is_empty() {
                return;
            }
            chunk = rest;
        }
        let used = self.read(chunk, false);
        self.pending.extend_from_slice(chunk.get(used..).unwrap_or_default());
        self.enough = self.pending.len() * 2;
    }

    /// Takes a piece of packed objects; bytes of a format must not have come before.
    pub fn feed_packed(&mut self, piece: &[u8]) {
        if !matches!(self.reader, Reader::Packed(_)) {
            self.reader = Reader::Packed(Packed::default());
        }
        if let Reader::Packed(packed) = &mut self.reader {
            packed.read(piece, &mut self.sink);
        }
    }

    /// Says that no more bytes come.
    pub fn finish(&mut self) {
        self.read_pending(true);
        self.pending = Vec::new();
    }

    /// Samples read so far, good or bad.
    pub const fn taken(&self) -> u64 {
        self.sink.read()
    }

    /// How many of them were rejected.
    pub const fn rejected(&self) -> u64 {
        self.sink.rejected()
    }

    /// The rejections since the last time this was asked.
    pub fn take_rejections(&mut self) -> Vec<Rejection> {
        self.sink.take_rejections()
    }

    /// Whether the source says by itself that its samples are of another type. Known for sure behind [`Intake::finish`].
    pub const fn mismatch(&self) -> bool {
        match &self.reader {
            Reader::Json(document) => document.mismatch(),
            _ => false,
        }
    }

    /// How many rejections wait to be taken.
    pub(crate) const fn rejections(&self) -> usize {
        self.sink.rejections()
    }

    /// What is held so far.
    pub const fn rows(&self) -> &Rows {
        self.sink.rows()
    }

    /// What was held.
    pub fn into_rows(self) -> Rows {
        self.sink.into_rows()
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
        if !self.begun {
            if bytes.len() < BYTE_ORDER_MARK.len() && !last && BYTE_ORDER_MARK.starts_with(bytes) {
                return 0;
            }
            content = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
            self.begun = true;
        }
        if let Reader::Undecided(blanks) = &mut self.reader {
            content = blanks.pass(content);
            match format::format_of(content, last || content.len() > LONGEST_HEAD) {
                Some(format) => self.reader = Reader::new(format, self.data_type, *blanks),
                None => return bytes.len() - content.len(),
            }
        }
        bytes.len() - content.len() + self.reader.read(content, last, &mut self.sink)
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

impl Reader {
    /// The reader of that format, for what follows the blanks.
    fn new(format: Format, data_type: DataType, blanks: Blanks) -> Self {
        match format {
            Format::Json => Self::Json(Document::new(data_type, blanks.line_feeds)),
            Format::Ndjson => Self::Ndjson(Lines::new(blanks.line_breaks)),
            Format::Csv => Self::Csv(Csv::new(blanks.line_breaks)),
            Format::AppleHealth => {
                Self::AppleHealth(Box::new(AppleHealth::new(data_type, blanks.line_feeds)))
            }
        }
    }

    #[inline]
    fn read(&mut self, bytes: &[u8], last: bool, sink: &mut Sink) -> usize {
        match self {
            Self::Undecided(_) | Self::Packed(_) => 0,
            Self::Json(reader) => reader.read(bytes, last, sink),
            Self::Ndjson(reader) => reader.read(bytes, last, sink),
            Self::Csv(reader) => reader.read(bytes, last, sink),
            Self::AppleHealth(reader) => reader.read(bytes, last, sink),
        }
    }
}
