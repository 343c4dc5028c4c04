//! Reads an archive entry by entry, and compares its directory with the entries' headers.

use super::central_directory::{DirectoryCheck, DirectoryRecord};
use super::error::ZipError;
use super::local_header::{CompressionMethod, LocalHeader, LocalRecord};
use super::{central_directory, data_descriptor, local_header};
use crate::crc::ContentDigest;

/// What an archive contains, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ZipEvent<'a> {
    EntryStart {
        /// Its path in the archive, usually in UTF-8.
        name: &'a [u8],
        method: CompressionMethod,
    },
    /// The next bytes of its data, compressed.
    Data(&'a [u8]),
    /// Its data are complete. This is what they must be when decompressed.
    EntryEnd(ContentDigest),
}

/// Reads an archive: [`feed`](ZipReader::feed) it, then call [`next`](ZipReader::next) until there are no more
/// events.
#[derive(Debug, Default)]
pub(crate) struct ZipReader {
    /// Bytes from `feed`; those before `at` are done.
    buffer: Vec<u8>,
    at: usize,
    state: State,
    /// Whether the rest of the present entry's data is left out.
    is_skipped: bool,
    entry: PresentEntry,
    directory_check: DirectoryCheck,
}

#[derive(Debug, Default)]
struct PresentEntry {
    /// Hash of its name and method.
    identity: u64,
    data_length: u64,
    /// What its header, or else its descriptor, says of the content.
    digest: ContentDigest,
}

/// Most bytes of data in one event: they can become a thousand times as many.
const MAX_DATA_LENGTH: usize = 4096;

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Start,
    Between,
    /// In an entry with so many bytes of data `left`, and so many bytes after them that are not data.
    Sized {
        left: u64,
        trailing: usize,
    },
    /// In an entry that ends at a descriptor.
    Unsized(data_descriptor::UnsizedEntry),
    Directory,
    Ended,
    Failed(ZipError),
}

impl ZipReader {
    /// Takes the next bytes, which may be cut anywhere. They are kept until [`next`](ZipReader::next) is done with
    /// them.
    pub fn feed(&mut self, bytes: &[u8]) {
        if matches!(self.state, State::Ended | State::Failed(_)) {
            return;
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next event; `None` if more bytes are needed, or the archive is complete. After an error it is always the
    /// same error.
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
                    LocalRecord::Entry(header) => return Ok(Some(self.begin_entry(header))),
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
                    let PresentEntry { identity, data_length, digest } = self.entry;
                    self.directory_check.add_entry(central_directory::hash(
                        identity,
                        local_header::low_half(data_length),
                        digest,
                    ));
                    return Ok(Some(ZipEvent::EntryEnd(digest)));
                }
                State::Sized { left, trailing } => {
                    let length = self
                        .rest()
                        .len()
                        .min(MAX_DATA_LENGTH)
                        .min(usize::try_from(left).unwrap_or(usize::MAX));
                    if length == 0 {
                        return Ok(None);
                    }
                    let left = left.saturating_sub(u64::try_from(length).unwrap_or(u64::MAX));
                    self.state = State::Sized { left, trailing };
                    let start = self.take_data(length);
                    if !self.is_skipped {
                        return Ok(Some(ZipEvent::Data(self.buffer.get(start..self.at).unwrap_or_default())));
                    }
                }
                State::Unsized(entry) => match entry.end(self.rest()) {
                    Some(end) => {
                        self.entry.digest = end.digest;
                        self.state = State::Sized { left: end.left, trailing: end.length };
                    }
                    None => {
                        let length = self.rest().len().saturating_sub(data_descriptor::MAX_END_LENGTH);
                        if length == 0 {
                            return Ok(None);
                        }
                        self.state = State::Unsized(entry.advance(length));
                        let start = self.take_data(length);
                        if !self.is_skipped {
                            return Ok(Some(ZipEvent::Data(
                                self.buffer.get(start..self.at).unwrap_or_default(),
                            )));
                        }
                    }
                },
            }
        }
    }

    /// Leaves out the rest of the present entry's data. Its end still comes as an event.
    pub fn skip(&mut self) {
        self.is_skipped = true;
    }

    /// Call this after the last bytes, when [`next`](ZipReader::next) has no more events. It is an error if the end of
    /// the directory was not reached.
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

    fn begin_entry(&mut self, header: LocalHeader) -> ZipEvent<'_> {
        self.is_skipped = false;
        self.state = match header.size {
            Some(left) => State::Sized { left, trailing: 0 },
            None => State::Unsized(data_descriptor::UnsizedEntry::new(header.declared, header.digest)),
        };
        let start = self.pass(header.length);
        let name = start.saturating_add(local_header::FIXED);
        let name = self.buffer.get(name..name.saturating_add(header.name)).unwrap_or_default();
        let identity = central_directory::identity(name, header.method.number());
        self.entry = PresentEntry { identity, data_length: 0, digest: header.digest };
        ZipEvent::EntryStart { name, method: header.method }
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    /// Passes so many bytes of the present entry. Returns where they begin.
    fn take_data(&mut self, bytes: usize) -> usize {
        self.entry.data_length =
            self.entry.data_length.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        self.pass(bytes)
    }

    /// Passes so many bytes. Returns where they begin.
    fn pass(&mut self, bytes: usize) -> usize {
        let start = self.at;
        self.at = start.saturating_add(bytes).min(self.buffer.len());
        start
    }
}
