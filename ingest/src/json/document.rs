//! Reads one JSON document: an array of samples, or an object with such an array as its member `data`. A broken
//! sample spoils only itself.

use super::layout::LayoutCache;
use super::recovery::{SampleFinder, ValueSkipper};
use super::sample_object::SampleObject;
use super::scanner::{ScanError, Scanner};
use super::unrelated_objects::UnrelatedObjects;
use super::{EXPECTED_DOCUMENT, INVALID, LONGEST, NOT_AN_OBJECT, TOO_LONG, TRUNCATED, count_lines};
use crate::rules::NOT_UTF8;
use crate::{Collector, DataType, RejectionCode, json_string};

#[derive(Debug)]
pub(crate) struct JsonDocumentReader {
    data_type: DataType,
    type_mismatch: bool,
    state: State,
    /// Whether the array is a member of an object, and whether that member has been read.
    wrapped: bool,
    has_data: bool,
    /// Lines before the present one.
    line: u64,
    unrelated: UnrelatedObjects,
    object: SampleObject,
    pub(super) layouts: LayoutCache,
    scratch: Vec<u8>,
}

/// What comes next.
#[derive(Clone, Copy, Debug)]
enum State {
    Start,
    /// The name of a member of the outer object; if it is the `first`, the object may also end here.
    Member {
        first: bool,
    },
    /// A comma, or the end of the outer object.
    AfterMember,
    /// The rest of a member's value that is too long to be read.
    LongMember(ValueSkipper),
    /// A sample; if it is the `first`, the array may also end here.
    Sample {
        first: bool,
    },
    /// A comma, or the end of the array.
    AfterSample,
    /// The rest of an element that cannot be read.
    Skipping(ValueSkipper),
    /// Anything, up to where a sample can begin again.
    Resyncing(SampleFinder),
    /// Nothing: the document is complete.
    End,
    /// Nothing that could be read.
    GivenUp,
}

/// How many bytes a step has used; `None` if it needs more.
type Step = Option<usize>;

impl JsonDocumentReader {
    /// For samples of `data_type`, in a document that begins after so many lines.
    pub(crate) fn new(data_type: DataType, lines: u64) -> Self {
        Self {
            data_type,
            type_mismatch: false,
            state: State::Start,
            wrapped: false,
            has_data: false,
            line: lines,
            unrelated: UnrelatedObjects::default(),
            object: SampleObject::default(),
            layouts: LayoutCache::default(),
            scratch: Vec::new(),
        }
    }

    /// Whether the document says that its samples are of another type.
    pub(crate) const fn type_mismatch(&self) -> bool {
        self.type_mismatch
    }

    /// Reads everything that is complete, and returns how many bytes that is.
    pub(crate) fn read(&mut self, bytes: &[u8], last: bool, collector: &mut Collector) -> usize {
        let mut rest = bytes;
        loop {
            if let State::AfterSample | State::Sample { .. } = self.state {
                rest = self.read_known(rest, collector);
            }
            match self.step(rest, collector) {
                Some(used) => rest = rest.get(used..).unwrap_or_default(),
                None if !last => return bytes.len() - rest.len(),
                None => {
                    self.end_of_input(collector);
                    return bytes.len();
                }
            }
        }
    }

    /// Reads samples as long as their layout is known. Returns the text after them.
    #[inline]
    fn read_known<'a>(&mut self, bytes: &'a [u8], collector: &mut Collector) -> &'a [u8] {
        let mut rest = bytes;
        if let State::AfterSample = self.state {
            let Some(sample) = self.next_sample(rest) else { return rest };
            rest = sample;
        }
        while let Some((after, lines)) = self.layouts.read(rest, false, collector) {
            self.state = State::AfterSample;
            self.line += lines;
            rest = after;
            let Some(sample) = self.next_sample(rest) else { break };
            rest = sample;
        }
        rest
    }

    /// Passes the comma and the white space before the next sample, if all of it is there. Returns the text from its
    /// brace.
    #[inline]
    fn next_sample<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let mut rest = bytes;
        let (mut comma, mut lines) = (false, 0);
        while let [byte, after @ ..] = rest {
            match byte {
                b'{' if comma => {
                    self.state = State::Sample { first: false };
                    self.line += lines;
                    return Some(rest);
                }
                b',' if !comma => comma = true,
                b'\n' => lines += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => return None,
            }
            rest = after;
        }
        None
    }

    #[inline(never)]
    fn step(&mut self, bytes: &[u8], collector: &mut Collector) -> Step {
        match self.state {
            State::GivenUp if !bytes.is_empty() => return Some(bytes.len()),
            State::Resyncing(mut finder) => {
                let (passed, found) = finder.pass(bytes);
                self.line += count_lines(bytes.get(..passed).unwrap_or_default());
                self.state = match found {
                    None => State::Resyncing(finder),
                    Some(b',') => State::Sample { first: false },
                    Some(_) => State::AfterSample,
                };
                return if found.is_some() || passed > 0 { Some(passed) } else { None };
            }
            State::LongMember(mut skip) | State::Skipping(mut skip) => {
                let (passed, found) = skip.pass(bytes);
                self.line += count_lines(bytes.get(..passed).unwrap_or_default());
                self.state = match self.state {
                    State::LongMember(_) if found => State::AfterMember,
                    State::LongMember(_) => State::LongMember(skip),
                    _ if found => State::AfterSample,
                    _ => State::Skipping(skip),
                };
                return if found || passed > 0 { Some(passed) } else { None };
            }
            _ => {}
        }
        // White space is passed even if nothing follows it yet.
        let blank = bytes.len() - trim_start(bytes).len();
        if blank > 0 {
            return self.advance(bytes.get(..blank).unwrap_or_default());
        }
        let &byte = bytes.first()?;
        let on = |document: &mut Self, at| {
            document.state = at;
            Some(1)
        };
        match (self.state, byte) {
            (State::Start, b'[') => on(self, State::Sample { first: true }),
            (State::Start, b'{') => {
                self.wrapped = true;
                on(self, State::Member { first: true })
            }
            (State::Member { first: true } | State::AfterMember, b'}') => {
                if !self.has_data {
                    self.reject(collector, "/data", RejectionCode::Missing, EXPECTED_DOCUMENT);
                }
                on(self, State::End)
            }
            (State::AfterMember, b',') => on(self, State::Member { first: false }),
            (State::Member { .. }, b'"') => self.member(bytes, collector),
            (State::Sample { first: true } | State::AfterSample, b']') => {
                self.unrelated.finish(collector);
                on(self, if self.wrapped { State::AfterMember } else { State::End })
            }
            (State::AfterSample, b',') => on(self, State::Sample { first: false }),
            (State::Sample { .. }, b'{') => self.sample(bytes, collector),
            (State::Sample { .. }, b',' | b']') => {
                // The sample is missing.
                self.reject(collector, "", RejectionCode::Syntax, INVALID);
                self.state = State::AfterSample;
                Some(0)
            }
            (State::Sample { .. }, _) => self.not_a_sample(bytes, collector),
            (State::AfterSample, b'}') => {
                self.reject(collector, "", RejectionCode::Syntax, INVALID);
                self.state = State::Resyncing(SampleFinder::default());
                Some(0)
            }
            (State::AfterSample, _) => self.skip(collector, INVALID),
            _ => self.give_up(collector),
        }
    }

    /// Reads a sample, from its opening brace.
    fn sample(&mut self, bytes: &[u8], collector: &mut Collector) -> Step {
        let window = bytes.get(..LONGEST).unwrap_or(bytes);
        let (length, result) = self.object.read(window, &collector.rows.numbers);
        let line = self.line_number();
        let text = bytes.get(..length).unwrap_or_default();
        match result {
            Err(ScanError::Incomplete) if window.len() < LONGEST => return None,
            Err(ScanError::Incomplete) => return self.skip(collector, TOO_LONG),
            Err(ScanError::Invalid) => {
                self.reject(collector, "", RejectionCode::Syntax, INVALID);
                self.state = State::Resyncing(SampleFinder::default());
            }
            Ok(()) => {
                self.state = State::AfterSample;
                if self.object.is_unrelated() {
                    self.unrelated.take(line, collector);
                    return self.advance(text);
                }
                self.unrelated.report_each(collector);
                if std::str::from_utf8(text).is_err() {
                    collector.reject_syntax(line, NOT_UTF8);
                } else if let Some(sample) = collector.check_and_add(&self.object.raw_sample(text), line) {
                    self.layouts.learn(text, &self.object, &sample, &mut collector.rows);
                }
            }
        }
        self.advance(text)
    }

    /// Reads a value that is not an object, where a sample should be.
    fn not_a_sample(&mut self, bytes: &[u8], collector: &mut Collector) -> Step {
        let window = bytes.get(..LONGEST).unwrap_or(bytes);
        let mut scanner = Scanner::new(window);
        let result = scanner.skip(&collector.rows.numbers, &mut self.scratch);
        let length = scanner.at();
        match result {
            Err(ScanError::Incomplete) if window.len() < LONGEST => return None,
            Err(ScanError::Incomplete) => return self.skip(collector, TOO_LONG),
            Err(ScanError::Invalid) => return self.skip(collector, INVALID),
            Ok(()) => self.reject(collector, "", RejectionCode::Type, NOT_AN_OBJECT),
        }
        self.state = State::AfterSample;
        self.advance(bytes.get(..length).unwrap_or_default())
    }

    /// Rejects the element here. Its end will be found by its brackets and quotes alone.
    fn skip(&mut self, collector: &mut Collector, message: &str) -> Step {
        self.reject(collector, "", RejectionCode::Syntax, message);
        self.state = State::Skipping(ValueSkipper::default());
        Some(0)
    }

    /// Reads a member of the outer object, from the opening quote of its name.
    fn member(&mut self, bytes: &[u8], collector: &mut Collector) -> Step {
        let window = bytes.get(..LONGEST).unwrap_or(bytes);
        let mut scanner = Scanner::new(window);
        let mut value_at = 0;
        let result = self.read_member(&mut scanner, &mut value_at, collector);
        let length = scanner.at();
        match result {
            Ok(at) => self.state = at,
            Err(ScanError::Invalid) => return self.give_up(collector),
            Err(ScanError::Incomplete) if window.len() < LONGEST => return None,
            Err(ScanError::Incomplete) if value_at == 0 => return self.give_up(collector),
            Err(ScanError::Incomplete) => {
                self.state = State::LongMember(ValueSkipper::default());
                return self.advance(bytes.get(..value_at).unwrap_or_default());
            }
        }
        self.advance(bytes.get(..length).unwrap_or_default())
    }

    /// Reads a member's name, and its value unless that is the array of samples. Sets `value_at` to where the value
    /// begins once that is known.
    fn read_member(
        &mut self,
        scanner: &mut Scanner<'_>,
        value_at: &mut usize,
        collector: &Collector,
    ) -> Result<State, ScanError> {
        self.scratch.clear();
        let name = scanner.string(&mut self.scratch)?;
        let _ = json_string::decode(name.raw, &mut self.scratch);
        let is_data = self.scratch == b"data";
        let is_type = self.scratch == b"data_type";
        scanner.expect(b':')?;
        let first = scanner.peek()?;
        if is_data && first == b'[' && !self.has_data {
            scanner.pass();
            self.has_data = true;
            return Ok(State::Sample { first: true });
        }
        if is_data && self.has_data {
            return Err(ScanError::Invalid);
        }
        *value_at = scanner.at();
        if is_type && first == b'"' {
            let value = scanner.string(&mut self.scratch)?;
            self.scratch.clear();
            let _ = json_string::decode(value.raw, &mut self.scratch);
            self.type_mismatch |= self.scratch != self.data_type.name().as_bytes();
        } else {
            scanner.skip(&collector.rows.numbers, &mut self.scratch)?;
            self.type_mismatch |= is_type;
        }
        Ok(State::AfterMember)
    }

    /// Passes a text.
    fn advance(&mut self, text: &[u8]) -> Step {
        self.line += count_lines(text);
        Some(text.len())
    }

    /// Rejects the present element, after anything that is still to be reported before it.
    fn reject(&mut self, collector: &mut Collector, path: &str, code: RejectionCode, message: &str) {
        self.unrelated.report_each(collector);
        collector.reject(self.line_number(), path, code, message);
    }

    /// Gives up: there is no telling where a sample could begin.
    fn give_up(&mut self, collector: &mut Collector) -> Step {
        self.reject(collector, "", RejectionCode::Syntax, INVALID);
        self.state = State::GivenUp;
        Some(0)
    }

    fn end_of_input(&mut self, collector: &mut Collector) {
        self.unrelated.report_each(collector);
        // What is being skipped has been rejected already.
        if !matches!(self.state, State::End | State::GivenUp | State::Resyncing(_) | State::Skipping(_)) {
            self.reject(collector, "", RejectionCode::Syntax, TRUNCATED);
        }
        self.state = State::GivenUp;
    }

    const fn line_number(&self) -> Option<u64> {
        Some(self.line + 1)
    }
}

/// The text after JSON's white space.
fn trim_start(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = text {
        text = rest;
    }
    text
}
