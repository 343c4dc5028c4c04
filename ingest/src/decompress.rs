//! A source's bytes as they come: text, or text that is packed by gzip or lies in a zip archive.
//!
//! What is packed is inflated here and held against its checksums. So a damaged source is an error, and nothing of it is sent, as
//! sending begins when all is read.

use crate::gzip::Gzip;
use crate::inflate::Damaged;
use crate::sample_reader::{Format, Intake};
use crate::zip::{Archive, is_zip};

/// So much is taken at once: a few thousand bytes inflate to a few millions at most.
const PART: usize = 4096;
/// After so much text the caller has a turn.
const TURN: usize = 1 << 20;
/// As it has where so many samples are rejected, of which it is to be told.
const REJECTIONS: usize = 1 << 12;
/// A text is given on in such parts, to look at the rejections between them.
const TEXT_PART: usize = 1 << 16;
/// Enough of a beginning to tell how it is packed.
const HEAD: usize = 4;
/// Enough of a text's beginning to tell that it is one.
const TEXT_HEAD: usize = 512;

/// Why a source cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// What it is, what was expected, and what to do.
    pub message: String,
}

/// Gives the text of a source to an [`Intake`].
pub struct Unpack {
    format: Option<Format>,
    /// The first bytes, until there are enough.
    head: Vec<u8>,
    packing: Packing,
    text: Text,
}

enum Packing {
    Unknown,
    Text,
    Gzip(Box<Gzip>),
    Zip(Box<Archive>),
}

/// The text, of which the beginning is looked at.
#[derive(Default)]
struct Text {
    head: Vec<u8>,
    begun: bool,
    length: usize,
    unfit: Option<&'static str>,
}

const GZIP_DAMAGED: &str = "`source` is a damaged gzip file: what is in it is not what its checksum says; nothing of it is sent. Copy or export it again";
const GZIP_CUT_OFF: &str =
    "`source` is a gzip file that is cut off; nothing of it is sent. Copy or export it again";
const UTF_16: &str = "`source` is a text in UTF-16; save it as UTF-8";
const NO_TEXT: &str = "`source` is neither a text nor a gzip file nor a zip archive: no text begins as it does. It is another kind of file, or damaged";

impl Unpack {
    /// Of a source whose text is in that format, if it is known.
    pub fn new(format: Option<Format>) -> Self {
        Self { format, head: Vec::new(), packing: Packing::Unknown, text: Text::default() }
    }

    /// Takes bytes from the front of these, and says how many: not always all, so that other things have their turn meanwhile.
    ///
    /// # Errors
    /// It cannot be read, and must not be used: it is damaged, or nothing that samples can be in.
    pub fn take(&mut self, bytes: &[u8], intake: &mut Intake) -> Result<usize, Unfit> {
        let mut taken = 0_usize;
        self.text.length = 0;
        if matches!(self.packing, Packing::Unknown) {
            taken = bytes.len().min(HEAD.saturating_sub(self.head.len()));
            self.head.extend_from_slice(bytes.get(..taken).unwrap_or_default());
            if self.head.len() < HEAD {
                return Ok(taken);
            }
            self.begin(intake)?;
        }
        let size = if matches!(self.packing, Packing::Text) { TEXT_PART } else { PART };
        for part in bytes.get(taken..).unwrap_or_default().chunks(size) {
            let left = self.pass(part, intake)?;
            taken = taken.saturating_add(part.len() - left);
            if left > 0 || self.text.is_enough(intake) {
                break;
            }
        }
        Ok(taken)
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// As those of [`Unpack::take`].
    pub fn finish(&mut self, intake: &mut Intake) -> Result<(), Unfit> {
        if matches!(self.packing, Packing::Unknown) {
            self.begin(intake)?;
        }
        match &self.packing {
            Packing::Unknown | Packing::Text => {}
            Packing::Gzip(gzip) if gzip.is_whole() => {}
            Packing::Gzip(_) => return Err(unfit(&[GZIP_CUT_OFF])),
            Packing::Zip(archive) => match archive.finish() {
                Ok((true, _)) => {}
                Ok((false, files)) => return Err(nothing_in(files)),
                Err(error) => return Err(unfit(&[error.message()])),
            },
        }
        self.text.finish(intake)
    }

    /// Once the beginning is there.
    fn begin(&mut self, intake: &mut Intake) -> Result<(), Unfit> {
        let head = std::mem::take(&mut self.head);
        self.packing = if is_zip(&head) == Some(true) {
            if let Some(format) = self.format
                && format != Format::AppleHealth
            {
                return Err(unfit(&[
                    "`source` is a zip archive: only an Apple Health export is looked for in one, and `format` is \"",
                    format.name(),
                    "\"",
                ]));
            }
            Packing::Zip(Box::new(Archive::new()))
        } else if head.starts_with(&[0x1f, 0x8b]) {
            Packing::Gzip(Box::new(Gzip::new()))
        } else {
            Packing::Text
        };
        // So few bytes are taken as a whole.
        self.pass(&head, intake).map(drop)
    }

    /// Gives the text of these bytes on; how many of them are left, where that was enough for now.
    fn pass(&mut self, bytes: &[u8], intake: &mut Intake) -> Result<usize, Unfit> {
        let text = &mut self.text;
        let mut left = 0;
        match &mut self.packing {
            Packing::Unknown => {}
            Packing::Text => text.take(bytes, intake),
            Packing::Gzip(gzip) => {
                let taken = gzip.take(bytes, |part| {
                    text.take(part, intake);
                    text.is_enough(intake)
                });
                left = taken.map_err(|Damaged| unfit(&[GZIP_DAMAGED]))?.len();
            }
            Packing::Zip(archive) => {
                let taken = archive.take(bytes, |part| text.take(part, intake));
                taken.map_err(|error| unfit(&[error.message()]))?;
            }
        }
        text.is_fit().map(|()| left)
    }
}

impl Text {
    fn take(&mut self, bytes: &[u8], intake: &mut Intake) {
        self.length = self.length.saturating_add(bytes.len());
        if self.begun {
            if self.unfit.is_none() {
                intake.feed(bytes);
            }
            return;
        }
        if self.head.is_empty() && bytes.len() >= TEXT_HEAD {
            return self.begin(bytes, intake);
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() >= TEXT_HEAD {
            let head = std::mem::take(&mut self.head);
            self.begin(&head, intake);
        }
    }

    fn begin(&mut self, bytes: &[u8], intake: &mut Intake) {
        self.begun = true;
        let first = bytes.get(..TEXT_HEAD).unwrap_or(bytes);
        if first.starts_with(&[0xff, 0xfe]) || first.starts_with(&[0xfe, 0xff]) {
            self.unfit = Some(UTF_16);
        } else if !is_text(first) {
            self.unfit = Some(NO_TEXT);
        } else {
            intake.feed(bytes);
        }
    }

    /// Whether the caller has a turn.
    fn is_enough(&self, intake: &Intake) -> bool {
        self.length >= TURN || intake.rejections() >= REJECTIONS
    }

    fn finish(&mut self, intake: &mut Intake) -> Result<(), Unfit> {
        if !self.begun {
            let head = std::mem::take(&mut self.head);
            self.begin(&head, intake);
        }
        self.is_fit()
    }

    fn is_fit(&self) -> Result<(), Unfit> {
        self.unfit.map_or(Ok(()), |message| Err(unfit(&[message])))
    }
}

/// Whether a text may begin so: without control characters other than white space, which every packed or binary format has near its
/// start. A PDF alone may begin as a text does. Bytes that are not UTF-8 are no sign: they are a mistake of the sample they stand in.
fn is_text(head: &[u8]) -> bool {
    !head.starts_with(b"%PDF-") && !head.iter().any(|byte| matches!(byte, 0..=8 | 14..=31))
}

#[cold]
fn unfit(parts: &[&str]) -> Unfit {
    Unfit { message: parts.concat() }
}

#[cold]
fn nothing_in(files: u32) -> Unfit {
    let count = files.to_string();
    let found: [&str; 3] = if files == 1 { ["is ", "1", " file"] } else { ["are ", &count, " files"] };
    let [is, count, what] = found;
    unfit(&[
        "`source` is a zip archive without an Apple Health export.xml: there ",
        is,
        count,
        what,
        " in it",
    ])
}
