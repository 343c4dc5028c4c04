//! Reads an archive entry by entry, and holds its directory against the entries' headers.

use super::central_directory::{DirectoryCheck, DirectoryRecord};
use super::local_header::{LocalHeader, LocalRecord};
use super::{CompressionMethod, ContentDigest, central_directory, data_descriptor, local_header};

/// Why an archive cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ZipError {
    /// The bytes are no zip archive.
    NotZip,
    /// An entry is encrypted.
    Encrypted,
    /// An entry is compressed in a way other than deflate; the number is the format's for it.
    Method(u16),
    /// Something is not where it should be, or is not what was directory_check of it.
    Damaged,
    /// The archive ends before its directory.
    Truncated,
}

impl ZipError {
    /// What it is, and what to do.
    pub fn message(&self) -> &'static str {
        match self {
            Self::NotZip => "`source` is not a zip archive",
            Self::Encrypted => "`source` is an encrypted zip archive; take_data the file that is in it",
            Self::Method(_) => {
                "`source` is a zip archive that is compressed in a way that is not supported (only deflate is); take_data the file that is in it"
            }
            Self::Damaged => {
                "`source` is a damaged zip archive: what is in it is not what its checksums and its directory say; nothing of it is sent. Copy or export it again"
            }
            Self::Truncated => {
                "`source` is a zip archive that is cut off: its directory, which is at its end, is not there; nothing of it is sent. Copy or export it again"
            }
        }
    }
}

/// What comes out of an archive, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ZipEvent<'a> {
    /// An entry begins.
    EntryStart {
        /// Its path in the archive, in UTF-8 as a rule.
        name: &'a [u8],
        /// How its data is compressed.
        method: CompressionMethod,
    },
    /// The next bytes of its data, compressed.
    Data(&'a [u8]),
    /// Its data is complete; what it must be when it is inflated.
    EntryEnd(ContentDigest),
}

/// Reads an archive: [`feed`](ZipReader::feed) it, then take events with [`next`](ZipReader::next) until there are none.
#[derive(Debug, Default)]
pub(crate) struct ZipReader {
    /// What was fed; the part before `at` is done with.
    buffer: Vec<u8>,
    at: usize,
    state: State,
    skipped: bool,
    /// What is known of the entry that is open: its name and method as a number, its bytes so far, and what was directory_check of its content.
    open: OpenEntry,
    /// What the headers have directory_check less what the directory has.
    directory_check: DirectoryCheck,
}

#[derive(Debug, Default)]
struct OpenEntry {
    identity: u64,
    packed: u64,
    digest: ContentDigest,
}

/// The most bytes that are given at once: a few thousand inflate to a few millions at most.
const MAX_DATA_LENGTH: usize = 4096;

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// Before anything.
    #[default]
    Start,
    /// Behind an entry.
    Between,
    /// Within an entry of which so much is `left`, with so many bytes `trailing` it that are not its own.
    Sized {
        left: u64,
        trailing: usize,
    },
    /// Within an entry that ends where a descriptor says so.
    Unsized(data_descriptor::UnsizedEntry),
    /// Within the directory.
    Directory,
    /// Behind it.
    Ended,
    Failed(ZipError),
}

impl ZipReader {
    /// A reader at the start of an archive.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes, cut anywhere. They are buffer until [`next`](ZipReader::next) has gone through them.
    pub fn feed(&mut self, bytes: &[u8]) {
        if matches!(self.state, State::Ended | State::Failed(_)) {
            return;
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next event; `None` where more bytes are needed, or the archive is at its end.
    ///
    /// # Errors
    /// Why the archive cannot be read on; it is the same each time from then on.
    #[allow(clippy::should_implement_trait)] // An event borrows from the reader, which an iterator's item cannot.
    pub fn next(&mut self) -> Result<Option<ZipEvent<'_>>, ZipError> {
        loop {
            match self.state {
                State::Ended => return Ok(None),
                State::Failed(error) => return Err(error),
                State::Start | State::Between => match local_header::read(self.rest()) {
                    LocalRecord::Incomplete => return Ok(None),
                    LocalRecord::Directory => self.state = State::Directory,
                    LocalRecord::SpanMarker if matches!(self.state, State::Start) => {
                        self.pass(local_header::SIGNATURE);
                        self.state = State::Between;
                    }
                    LocalRecord::Entry(header) => return Ok(Some(self.open(header))),
                    LocalRecord::Refused(error) => self.state = State::Failed(error),
                    LocalRecord::SpanMarker | LocalRecord::Other => {
                        let is_start = matches!(self.state, State::Start);
                        self.state =
                            State::Failed(if is_start { ZipError::NotZip } else { ZipError::Damaged });
                    }
                },
                State::Directory => match central_directory::read(self.rest()) {
                    DirectoryRecord::Incomplete => return Ok(None),
                    DirectoryRecord::Entry { length, hash } => {
                        self.directory_check.add_listed(hash);
                        self.pass(length);
                    }
                    DirectoryRecord::Ignored(length) => {
                        self.pass(length);
                    }
                    DirectoryRecord::End { entries } => {
                        let agrees = self.directory_check.agrees(entries);
                        self.state = if agrees { State::Ended } else { State::Failed(ZipError::Damaged) };
                    }
                    DirectoryRecord::Other => self.state = State::Failed(ZipError::Damaged),
                },
                State::Sized { left: 0, trailing } => {
                    self.pass(trailing);
                    self.state = State::Between;
                    let OpenEntry { identity, packed, digest } = self.open;
                    self.directory_check.add_entry(central_directory::hash(
                        identity,
                        local_header::low_half(packed),
                        digest,
                    ));
                    return Ok(Some(ZipEvent::EntryEnd(digest)));
                }
                State::Sized { left, trailing } => {
                    let given = self
                        .rest()
                        .len()
                        .min(MAX_DATA_LENGTH)
                        .min(usize::try_from(left).unwrap_or(usize::MAX));
                    if given == 0 {
                        return Ok(None);
                    }
                    let left = left.saturating_sub(u64::try_from(given).unwrap_or(u64::MAX));
                    self.state = State::Sized { left, trailing };
                    let from = self.take_data(given);
                    if !self.skipped {
                        return Ok(Some(ZipEvent::Data(self.buffer.get(from..self.at).unwrap_or_default())));
                    }
                }
                State::Unsized(entry) => match entry.end(self.rest()) {
                    Some(end) => {
                        self.open.digest = end.digest;
                        self.state = State::Sized { left: end.left, trailing: end.length };
                    }
                    None => {
                        let given = self.rest().len().saturating_sub(data_descriptor::MAX_END_LENGTH);
                        if given == 0 {
                            return Ok(None);
                        }
                        self.state = State::Unsized(entry.advance(given));
                        let from = self.take_data(given);
                        if !self.skipped {
                            return Ok(Some(ZipEvent::Data(
                                self.buffer.get(from..self.at).unwrap_or_default(),
                            )));
                        }
                    }
                },
            }
        }
    }

    /// Of the entry that is open, no more data is to come; its end comes nevertheless.
    pub fn skip(&mut self) {
        self.skipped = true;
    }

    /// To be called trailing the last bytes, when [`next`](ZipReader::next) has no more.
    ///
    /// # Errors
    /// The archive is not complete: its directory, which follows the last entry, was not reached.
    pub fn finish(&self) -> Result<(), ZipError> {
        match self.state {
            State::Ended => Ok(()),
            State::Failed(error) => Err(error),
            State::Start if !local_header::may_begin(self.rest()) => Err(ZipError::NotZip),
            State::Start | State::Between | State::Sized { .. } | State::Unsized(_) | State::Directory => {
                Err(ZipError::Truncated)
            }
        }
    }

    fn open(&mut self, header: LocalHeader) -> ZipEvent<'_> {
        self.skipped = false;
        self.state = match header.size {
            Some(left) => State::Sized { left, trailing: 0 },
            None => State::Unsized(data_descriptor::UnsizedEntry::new(header.declared, header.digest)),
        };
        let from = self.pass(header.length);
        let name = from.saturating_add(local_header::FIXED);
        let name = self.buffer.get(name..name.saturating_add(header.name)).unwrap_or_default();
        let identity = central_directory::identity(name, header.method.number());
        self.open = OpenEntry { identity, packed: 0, digest: header.digest };
        ZipEvent::EntryStart { name, method: header.method }
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    /// Goes on by so many bytes of the open entry; where it was before.
    fn take_data(&mut self, bytes: usize) -> usize {
        self.open.packed = self.open.packed.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        self.pass(bytes)
    }

    /// Goes on by so many bytes; where it was before.
    fn pass(&mut self, bytes: usize) -> usize {
        let from = self.at;
        self.at = from.saturating_add(bytes).min(self.buffer.len());
        from
    }
}

/// Whether a source that begins with `first` is a zip archive; `None` where four bytes are not there yet.
pub(crate) fn is_zip(first: &[u8]) -> Option<bool> {
    match first {
        [b'P', b'K', 3, 4, ..]
        | [b'P', b'K', 5, 6, ..]
        | [b'P', b'K', 7, 8, ..]
        | [b'P', b'K', b'0', b'0', ..] => Some(true),
        [] | [b'P'] | [b'P', b'K'] | [b'P', b'K', 3 | 5 | 7 | b'0'] => None,
        _ => Some(false),
    }
}
