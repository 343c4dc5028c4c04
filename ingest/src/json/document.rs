//! One JSON document: an array of samples, or an object with such an array as its member `data`. A broken sample spoils only itself.

use super::layout::Layouts;
use super::recovery::{Lost, Skip};
use super::sample_object::Record;
use super::scanner::{Cursor, Stop};
use super::unrelated_objects::Strangers;
use super::{BROKEN, BROKEN_OFF, LONGEST, NO_OBJECT, SHAPE, TOO_LONG, count_lines};
use crate::collector::{NOT_UTF8, Sink};
use crate::json_string as text;
use crate::raw_sample::Place;
use crate::rejection::Code;
use crate::unit::DataType;

/// The reader of a JSON document.
#[derive(Debug)]
pub(crate) struct Document {
    data_type: DataType,
    mismatch: bool,
    at: At,
    /// Whether the array is a member of an object, and whether that member was there.
    wrapped: bool,
    has_data: bool,
    /// Lines that are behind us.
    line: u64,
    strangers: Strangers,
    record: Record,
    pub(super) layouts: Layouts,
    scratch: Vec<u8>,
}

/// Where in the document we are.
#[derive(Clone, Copy, Debug)]
enum At {
    Start,
    /// Before the name of a member of the outer object, or its end if it is the first.
    Member {
        first: bool,
    },
    /// Behind a member.
    AfterMember,
    /// Within a member's value that is too long to be read.
    LongMember(Skip),
    /// Before a sample, or the end of the array if it is the first.
    Sample {
        first: bool,
    },
    /// Behind a sample.
    AfterSample,
    /// Within something between two commas that cannot be read.
    Skipping(Skip),
    /// Behind what could not be read.
    Lost(Lost),
    /// Behind the document.
    End,
    /// Behind something from which nothing leads back.
    GivenUp,
}

/// What became of one step: go on, or wait for more bytes.
enum Step {
    On(usize),
    Wait,
}

impl Document {
    /// Of samples of a type, behind so many lines.
    pub(crate) fn new(data_type: DataType, lines: u64) -> Self {
        Self {
            data_type,
            mismatch: false,
            at: At::Start,
            wrapped: false,
            has_data: false,
            line: lines,
            strangers: Strangers::default(),
            record: Record::default(),
            layouts: Layouts::default(),
            scratch: Vec::new(),
        }
    }

    /// Whether the document says that its samples are of another type.
    pub(crate) const fn mismatch(&self) -> bool {
        self.mismatch
    }

    /// Reads all that is there as a whole, and says how many bytes that is.
    pub(crate) fn read(&mut self, bytes: &[u8], last: bool, sink: &mut Sink) -> usize {
        let mut rest = bytes;
        loop {
            if let At::AfterSample | At::Sample { .. } = self.at {
                rest = self.read_alike(rest, sink);
            }
            match self.step(rest, sink) {
                Step::On(used) => rest = rest.get(used..).unwrap_or_default(),
                Step::Wait if !last => return bytes.len() - rest.len(),
                Step::Wait => {
                    self.break_off(sink);
                    return bytes.len();
                }
            }
        }
    }

    /// Reads as many samples as have a layout that is known; gives what is left.
    #[inline]
    fn read_alike<'a>(&mut self, bytes: &'a [u8], sink: &mut Sink) -> &'a [u8] {
        let mut rest = bytes;
        if let At::AfterSample = self.at {
            let Some(sample) = self.next_sample(rest) else { return rest };
            rest = sample;
        }
        while let Some((behind, lines)) = self.layouts.read(rest, false, sink) {
            self.at = At::AfterSample;
            self.line += lines;
            rest = behind;
            let Some(sample) = self.next_sample(rest) else { break };
            rest = sample;
        }
        rest
    }

    /// Goes over the comma and the white space behind a sample to the brace of the next one, if all of them are there.
    #[inline]
    fn next_sample<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let mut rest = bytes;
        let (mut comma, mut lines) = (false, 0);
        while let [byte, behind @ ..] = rest {
            match byte {
                b'{' if comma => {
                    self.at = At::Sample { first: false };
                    self.line += lines;
                    return Some(rest);
                }
                b',' if !comma => comma = true,
                b'\n' => lines += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => return None,
            }
            rest = behind;
        }
        None
    }

    /// Reads one thing from the start of the bytes.
    #[inline(never)]
    fn step(&mut self, bytes: &[u8], sink: &mut Sink) -> Step {
        match self.at {
            At::GivenUp if !bytes.is_empty() => return Step::On(bytes.len()),
            At::Lost(mut lost) => {
                let (passed, found) = lost.pass(bytes);
                self.line += count_lines(bytes.get(..passed).unwrap_or_default());
                self.at = match found {
                    None => At::Lost(lost),
                    Some(b',') => At::Sample { first: false },
                    Some(_) => At::AfterSample,
                };
                return if found.is_some() || passed > 0 { Step::On(passed) } else { Step::Wait };
            }
            At::LongMember(mut skip) | At::Skipping(mut skip) => {
                let (passed, found) = skip.pass(bytes);
                self.line += count_lines(bytes.get(..passed).unwrap_or_default());
                self.at = match self.at {
                    At::LongMember(_) if found => At::AfterMember,
                    At::LongMember(_) => At::LongMember(skip),
                    _ if found => At::AfterSample,
                    _ => At::Skipping(skip),
                };
                return if found || passed > 0 { Step::On(passed) } else { Step::Wait };
            }
            _ => {}
        }
        // White space is left behind even where nothing follows it yet.
        let blank = bytes.len() - trim_start(bytes).len();
        if blank > 0 {
            self.line += count_lines(bytes.get(..blank).unwrap_or_default());
            return Step::On(blank);
        }
        let Some(&byte) = bytes.first() else { return Step::Wait };
        let on = |document: &mut Self, at| {
            document.at = at;
            Step::On(1)
        };
        match (self.at, byte) {
            (At::Start, b'[') => on(self, At::Sample { first: true }),
            (At::Start, b'{') => {
                self.wrapped = true;
                on(self, At::Member { first: true })
            }
            (At::Member { first: true } | At::AfterMember, b'}') => {
                if !self.has_data {
                    self.reject(sink, "/data", Code::Missing, SHAPE);
                }
                on(self, At::End)
            }
            (At::AfterMember, b',') => on(self, At::Member { first: false }),
            (At::Member { .. }, b'"') => self.member(bytes, sink),
            (At::Sample { first: true } | At::AfterSample, b']') => {
                self.strangers.end(sink);
                on(self, if self.wrapped { At::AfterMember } else { At::End })
            }
            (At::AfterSample, b',') => on(self, At::Sample { first: false }),
            (At::Sample { .. }, b'{') => self.sample(bytes, sink),
            (At::Sample { .. }, b',' | b']') => {
                // Nothing stands where a sample should.
                self.reject(sink, "", Code::Syntax, BROKEN);
                self.at = At::AfterSample;
                Step::On(0)
            }
            (At::Sample { .. }, _) => self.no_sample(bytes, sink),
            (At::AfterSample, b'}') => {
                self.reject(sink, "", Code::Syntax, BROKEN);
                self.at = At::Lost(Lost::default());
                Step::On(0)
            }
            (At::AfterSample, _) => self.skip(sink, BROKEN),
            _ => self.give_up(sink),
        }
    }

    /// Reads a sample; the first byte is its brace.
    fn sample(&mut self, bytes: &[u8], sink: &mut Sink) -> Step {
        let window = bytes.get(..LONGEST).unwrap_or(bytes);
        let (length, result) = self.record.read(window, sink.numbers());
        let place = self.place();
        let text = bytes.get(..length).unwrap_or_default();
        match result {
            Err(Stop::Short) if window.len() < LONGEST => return Step::Wait,
            Err(Stop::Short) => return self.skip(sink, TOO_LONG),
            Err(Stop::Broken) => {
                self.reject(sink, "", Code::Syntax, BROKEN);
                self.at = At::Lost(Lost::default());
            }
            Ok(()) => {
                self.at = At::AfterSample;
                if self.record.is_stranger() {
                    self.strangers.take(place, sink);
                    self.line += count_lines(text);
                    return Step::On(length);
                }
                self.strangers.tell(sink);
                if std::str::from_utf8(text).is_err() {
                    sink.reject(place, "", Code::Syntax, NOT_UTF8);
                } else if let Some(checked) = sink.check_and_hold(&self.record.draft(text), place) {
                    self.layouts.learn(text, &self.record, &checked, sink);
                }
            }
        }
        self.line += count_lines(text);
        Step::On(length)
    }

    /// Reads a value that is no object, where a sample should be.
    fn no_sample(&mut self, bytes: &[u8], sink: &mut Sink) -> Step {
        let window = bytes.get(..LONGEST).unwrap_or(bytes);
        let mut cursor = Cursor::new(window);
        let result = cursor.skip(sink.numbers(), &mut self.scratch);
        let length = window.len() - cursor.left();
        match result {
            Err(Stop::Short) if window.len() < LONGEST => return Step::Wait,
            Err(Stop::Short) => return self.skip(sink, TOO_LONG),
            Err(Stop::Broken) => return self.skip(sink, BROKEN),
            Ok(()) => self.reject(sink, "", Code::Type, NO_OBJECT),
        }
        self.at = At::AfterSample;
        self.line += count_lines(bytes.get(..length).unwrap_or_default());
        Step::On(length)
    }

    /// Rejects what stands here, and goes past it by its brackets and quotes.
    fn skip(&mut self, sink: &mut Sink, message: &str) -> Step {
        self.reject(sink, "", Code::Syntax, message);
        self.at = At::Skipping(Skip::default());
        Step::On(0)
    }

    /// Reads a member of the outer object; the first byte is the quote of its name.
    fn member(&mut self, bytes: &[u8], sink: &mut Sink) -> Step {
        let window = bytes.get(..LONGEST).unwrap_or(bytes);
        let mut cursor = Cursor::new(window);
        let mut value_at = 0;
        let result = self.read_member(&mut cursor, window.len(), &mut value_at, sink);
        let length = window.len() - cursor.left();
        match result {
            Ok(at) => self.at = at,
            Err(Stop::Broken) => return self.give_up(sink),
            Err(Stop::Short) if window.len() < LONGEST => return Step::Wait,
            Err(Stop::Short) if value_at == 0 => return self.give_up(sink),
            Err(Stop::Short) => {
                self.at = At::LongMember(Skip::default());
                self.line += count_lines(bytes.get(..value_at).unwrap_or_default());
                return Step::On(value_at);
            }
        }
        self.line += count_lines(bytes.get(..length).unwrap_or_default());
        Step::On(length)
    }

    /// A member's name, and its value if that is not the array of samples. `value_at` is where the value begins, as soon as that is known.
    fn read_member(
        &mut self,
        cursor: &mut Cursor<'_>,
        length: usize,
        value_at: &mut usize,
        sink: &Sink,
    ) -> Result<At, Stop> {
        self.scratch.clear();
        let name = cursor.string(&mut self.scratch)?;
        let _ = text::decode(name.raw, &mut self.scratch);
        let is_data = self.scratch == b"data";
        let is_type = self.scratch == b"data_type";
        cursor.expect(b':')?;
        let first = cursor.peek()?;
        if is_data && first == b'[' && !self.has_data {
            cursor.pass();
            self.has_data = true;
            return Ok(At::Sample { first: true });
        }
        if is_data && self.has_data {
            return Err(Stop::Broken);
        }
        *value_at = length - cursor.left();
        if is_type && first == b'"' {
            let value = cursor.string(&mut self.scratch)?;
            self.scratch.clear();
            let _ = text::decode(value.raw, &mut self.scratch);
            self.mismatch |= self.scratch != self.data_type.name().as_bytes();
        } else {
            cursor.skip(sink.numbers(), &mut self.scratch)?;
            self.mismatch |= is_type;
        }
        Ok(At::AfterMember)
    }

    /// Rejects what stands here, behind all that has come before.
    fn reject(&mut self, sink: &mut Sink, path: &str, code: Code, message: &str) {
        self.strangers.tell(sink);
        sink.reject(self.place(), path, code, message);
    }

    /// Leaves the rest of the document, from which nothing can be made.
    fn give_up(&mut self, sink: &mut Sink) -> Step {
        self.reject(sink, "", Code::Syntax, BROKEN);
        self.at = At::GivenUp;
        Step::On(0)
    }

    /// The bytes end here, for good.
    fn break_off(&mut self, sink: &mut Sink) {
        self.strangers.tell(sink);
        // What is lost or too long is rejected already.
        if !matches!(self.at, At::End | At::GivenUp | At::Lost(_) | At::Skipping(_)) {
            self.reject(sink, "", Code::Syntax, BROKEN_OFF);
        }
        self.at = At::GivenUp;
    }

    const fn place(&self) -> Place {
        Place::on_line(self.line + 1)
    }
}

/// Without JSON's white space in front.
fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = text {
        text = rest;
    }
    text
}
