//! Reads an archive entry by entry, and holds its directory against the entries' headers.

use super::central_directory::Told;
use super::local_header::{Found, Header};
use super::{Method, Sums, central_directory, data_descriptor, local_header};

/// Why an archive cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ZipError {
    /// The bytes are no zip archive.
    NotZip,
    /// An entry is encrypted.
    Encrypted,
    /// An entry is compressed in a way other than deflate; the number is the format's for it.
    Method(u16),
    /// Something is not where it should be, or is not what was told of it.
    Damaged,
    /// The archive ends before its directory.
    Truncated,
}

impl ZipError {
    /// What it is, and what to do.
    pub fn message(&self) -> &'static str {
        match self {
            Self::NotZip => "`source` is not a zip archive",
            Self::Encrypted => "`source` is an encrypted zip archive; give the file that is in it",
            Self::Method(_) => {
                "`source` is a zip archive that is compressed in a way that is not supported (only deflate is); give the file that is in it"
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
pub(crate) enum Event<'a> {
    /// An entry begins.
    EntryStart {
        /// Its path in the archive, in UTF-8 as a rule.
        name: &'a [u8],
        /// How its data is compressed.
        method: Method,
    },
    /// The next bytes of its data, compressed.
    Data(&'a [u8]),
    /// Its data is complete; what it must be when it is inflated.
    EntryEnd(Sums),
}

/// Reads an archive: [`feed`](Unzip::feed) it, then take events with [`next`](Unzip::next) until there are none.
#[derive(Debug, Default)]
pub(crate) struct Unzip {
    /// What was fed; the part before `at` is done with.
    held: Vec<u8>,
    at: usize,
    state: State,
    skipped: bool,
    /// What is known of the entry that is open: its name and method as a number, its bytes so far, and what was told of its content.
    open: Open,
    /// What the headers have told less what the directory has.
    told: Told,
}

#[derive(Debug, Default)]
struct Open {
    identity: u64,
    packed: u64,
    sums: Sums,
}

/// The most bytes that are given at once: a few thousand inflate to a few millions at most.
const PART: usize = 4096;

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// Before anything.
    #[default]
    Start,
    /// Behind an entry.
    Between,
    /// Within an entry of which so much is `left`, with so many bytes `behind` it that are not its own.
    Sized {
        left: u64,
        behind: usize,
    },
    /// Within an entry that ends where a descriptor says so.
    Unsized(data_descriptor::Open),
    /// Within the directory.
    Directory,
    /// Behind it.
    Ended,
    Failed(ZipError),
}

impl Unzip {
    /// A reader at the start of an archive.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes, cut anywhere. They are held until [`next`](Unzip::next) has gone through them.
    pub fn feed(&mut self, bytes: &[u8]) {
        if matches!(self.state, State::Ended | State::Failed(_)) {
            return;
        }
        self.held.drain(..self.at);
        self.at = 0;
        self.held.extend_from_slice(bytes);
    }

    /// The next event; `None` where more bytes are needed, or the archive is at its end.
    ///
    /// # Errors
    /// Why the archive cannot be read on; it is the same each time from then on.
    #[allow(clippy::should_implement_trait)] // An event borrows from the reader, which an iterator's item cannot.
    pub fn next(&mut self) -> Result<Option<Event<'_>>, ZipError> {
        loop {
            match self.state {
                State::Ended => return Ok(None),
                State::Failed(error) => return Err(error),
                State::Start | State::Between => match local_header::read(self.rest()) {
                    Found::More => return Ok(None),
                    Found::Directory => self.state = State::Directory,
                    Found::SpanMarker if matches!(self.state, State::Start) => {
                        self.pass(local_header::SIGNATURE);
                        self.state = State::Between;
                    }
                    Found::Entry(header) => return Ok(Some(self.open(header))),
                    Found::Refused(error) => self.state = State::Failed(error),
                    Found::SpanMarker | Found::Other => {
                        let is_start = matches!(self.state, State::Start);
                        self.state =
                            State::Failed(if is_start { ZipError::NotZip } else { ZipError::Damaged });
                    }
                },
                State::Directory => match central_directory::read(self.rest()) {
                    central_directory::Found::More => return Ok(None),
                    central_directory::Found::Entry { length, hash } => {
                        self.told.take_away(hash);
                        self.pass(length);
                    }
                    central_directory::Found::Passed(length) => {
                        self.pass(length);
                    }
                    central_directory::Found::End { entries } => {
                        let agrees = self.told.is_settled(entries);
                        self.state = if agrees { State::Ended } else { State::Failed(ZipError::Damaged) };
                    }
                    central_directory::Found::Other => self.state = State::Failed(ZipError::Damaged),
                },
                State::Sized { left: 0, behind } => {
                    self.pass(behind);
                    self.state = State::Between;
                    let Open { identity, packed, sums } = self.open;
                    self.told.add(central_directory::hash(identity, local_header::low(packed), sums));
                    return Ok(Some(Event::EntryEnd(sums)));
                }
                State::Sized { left, behind } => {
                    let given = self.rest().len().min(PART).min(usize::try_from(left).unwrap_or(usize::MAX));
                    if given == 0 {
                        return Ok(None);
                    }
                    let left = left.saturating_sub(u64::try_from(given).unwrap_or(u64::MAX));
                    self.state = State::Sized { left, behind };
                    let from = self.give(given);
                    if !self.skipped {
                        return Ok(Some(Event::Data(self.held.get(from..self.at).unwrap_or_default())));
                    }
                }
                State::Unsized(open) => match open.end(self.rest()) {
                    Some(end) => {
                        self.open.sums = end.sums;
                        self.state = State::Sized { left: end.left, behind: end.length };
                    }
                    None => {
                        let given = self.rest().len().saturating_sub(data_descriptor::HELD_BACK);
                        if given == 0 {
                            return Ok(None);
                        }
                        self.state = State::Unsized(open.behind(given));
                        let from = self.give(given);
                        if !self.skipped {
                            return Ok(Some(Event::Data(self.held.get(from..self.at).unwrap_or_default())));
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

    /// To be called behind the last bytes, when [`next`](Unzip::next) has no more.
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

    fn open(&mut self, header: Header) -> Event<'_> {
        self.skipped = false;
        self.state = match header.size {
            Some(left) => State::Sized { left, behind: 0 },
            None => State::Unsized(data_descriptor::Open::new(header.declared, header.sums)),
        };
        let from = self.pass(header.length);
        let name = from.saturating_add(local_header::FIXED);
        let name = self.held.get(name..name.saturating_add(header.name)).unwrap_or_default();
        let identity = central_directory::identity(name, header.method.number());
        self.open = Open { identity, packed: 0, sums: header.sums };
        Event::EntryStart { name, method: header.method }
    }

    fn rest(&self) -> &[u8] {
        self.held.get(self.at..).unwrap_or_default()
    }

    /// Goes on by so many bytes of the open entry; where it was before.
    fn give(&mut self, bytes: usize) -> usize {
        self.open.packed = self.open.packed.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        self.pass(bytes)
    }

    /// Goes on by so many bytes; where it was before.
    fn pass(&mut self, bytes: usize) -> usize {
        let from = self.at;
        self.at = from.saturating_add(bytes).min(self.held.len());
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
