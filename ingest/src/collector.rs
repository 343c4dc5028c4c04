//! Where every reader's samples go: checked by every rule of the API, then held or rejected.

use crate::moment::Moment;
use crate::number::Numbers;
use crate::raw_sample::{Draft, Field, Place};
use crate::rejection::{Code, Rejection};
use crate::rows::{Held, Rows};
use crate::unit::Unit;

/// Takes samples: holds the good ones and says what is wrong with the others.
pub struct Sink {
    rows: Rows,
    rejections: Vec<Rejection>,
    read: u64,
    rejected: u64,
    /// The kind of the last sample, which is mostly that of the next one.
    last_kind: Option<u32>,
}

/// A sample that passed every check.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked {
    pub(crate) kind: u32,
    pub(crate) start: Moment,
    pub(crate) end: Option<Moment>,
}

/// What is wrong: the field (empty for the whole sample), the kind of mistake, and what was expected.
struct Problem(&'static str, Code, &'static str);

impl Sink {
    /// Nothing taken yet.
    pub fn new(numbers: Numbers) -> Self {
        Self { rows: Rows::new(numbers), rejections: Vec::new(), read: 0, rejected: 0, last_kind: None }
    }

    /// Checks a sample, and holds or rejects it. Says whether it is held.
    pub fn take(&mut self, draft: &Draft<'_>, place: Place) -> bool {
        self.check_and_hold(draft, place).is_some()
    }

    /// As [`Sink::take`], and gives what was held.
    pub(crate) fn check_and_hold(&mut self, draft: &Draft<'_>, place: Place) -> Option<Checked> {
        if let Some(name) = draft.unknown {
            self.reject_unknown(name, place);
            return None;
        }
        match self.check(draft) {
            Ok((checked, value)) => {
                self.hold(checked.kind, checked.start, checked.end, value);
                Some(checked)
            }
            Err(Problem(path, code, message)) => {
                self.reject(place, path, code, message);
                None
            }
        }
    }

    /// Holds a sample that its reader has checked: the kind is from [`Sink::kind`], the value one that its unit takes, and the end not
    /// before the start.
    #[inline]
    pub fn hold(&mut self, kind: u32, start: Moment, end: Option<Moment>, value: f64) {
        self.rows.push(kind, start, end, value, self.position());
        self.read += 1;
    }

    /// The number of a device, version and unit.
    pub fn kind(&mut self, device_name: &str, device_version: Option<&str>, unit: Unit) -> u32 {
        if let Some(last) = self.last_kind {
            let kinds = self.rows.kinds();
            if kinds.device_name(kinds.device(last)) == device_name
                && kinds.device_version(last) == device_version
                && kinds.unit(last) == unit
            {
                return last;
            }
        }
        let kind = self.rows.kinds_mut().intern(device_name, device_version, unit);
        self.last_kind = Some(kind);
        kind
    }

    /// Rejects the next sample of the source. `path` is a JSON pointer to the field, or empty.
    #[cold]
    #[inline(never)]
    pub fn reject(&mut self, place: Place, path: &str, code: Code, message: &str) {
        self.rejections.push(Rejection {
            index: self.read,
            line: place.line,
            path: path.to_owned(),
            code,
            message: message.to_owned(),
        });
        self.read += 1;
        self.rejected += 1;
    }

    /// As [`Sink::reject`], so many samples one after another, which are told of once, as the first of them.
    pub(crate) fn reject_together(&mut self, count: u64, place: Place, code: Code, message: &str) {
        if let Some(others) = count.checked_sub(1) {
            self.reject(place, "", code, message);
            self.read += others;
            self.rejected += others;
        }
    }

    /// Samples taken so far, good or bad: the index of the next one.
    pub const fn read(&self) -> u64 {
        self.read
    }

    /// How many of them were rejected.
    pub const fn rejected(&self) -> u64 {
        self.rejected
    }

    /// The rejections since the last time this was asked.
    pub fn take_rejections(&mut self) -> Vec<Rejection> {
        std::mem::take(&mut self.rejections)
    }

    /// How many of them there are.
    pub(crate) const fn rejections(&self) -> usize {
        self.rejections.len()
    }

    /// What is held so far.
    pub const fn rows(&self) -> &Rows {
        &self.rows
    }

    /// What was held.
    pub fn into_rows(self) -> Rows {
        self.rows
    }

    pub(crate) const fn numbers(&self) -> &Numbers {
        self.rows.numbers()
    }

    pub(crate) const fn rows_mut(&mut self) -> &mut Rows {
        &mut self.rows
    }

    /// As [`Sink::hold`], a row that its reader has put together by itself, for the position [`Sink::position`].
    #[inline]
    pub(crate) fn hold_row(&mut self, held: Held) {
        self.rows.push_held(held);
        self.read += 1;
    }

    /// The position of the next sample, as a row holds it.
    #[inline]
    pub(crate) fn position(&self) -> u32 {
        u32::try_from(self.read).unwrap_or(u32::MAX)
    }

    fn reject_unknown(&mut self, name: &[u8], place: Place) {
        let Ok(name) = std::str::from_utf8(name) else {
            return self.reject(place, "", Code::Syntax, NOT_UTF8);
        };
        let meant = FIELDS.into_iter().find(|field| is_spelling_of(name, field));
        let message = match meant {
            Some(field) => ["the API knows no such field: did you mean ", field, "?"].concat(),
            None => "the API knows no such field".to_owned(),
        };
        self.reject(place, &pointer(name), Code::UnknownField, &message);
    }

    fn check(&mut self, draft: &Draft<'_>) -> Result<(Checked, f64), Problem> {
        let name = text(draft.device_name, "/device_name")?.ok_or(MISSING_NAME)?;
        let version = match draft.device_version {
            Field::Null => None,
            version => text(version, "/device_version")?,
        };
        let start = moment(draft.start_date, "/start_date")?.ok_or(MISSING_START)?;
        let end = match draft.end_date {
            Field::Null => None,
            end => moment(end, "/end_date")?,
        };
        if end.is_some_and(|end| end < start) {
            return Err(Problem("/end_date", Code::EndBeforeStart, "ends before it starts"));
        }
        let unit = unit(draft.unit)?;
        let value = match draft.value {
            Field::Number(value) if value.is_finite() => value,
            Field::Absent => return Err(Problem("/value", Code::Missing, "a sample must have a value")),
            _ => return Err(Problem("/value", Code::Type, "must be a number")),
        };
        if value <= 0.0 {
            return Err(Problem("/value", Code::NotPositive, "must be greater than 0"));
        }
        if !unit.takes(value) {
            let message = if unit == Unit::Count {
                "must be at most 30000"
            } else {
                "must be at most 300 in count/min"
            };
            return Err(Problem("/value", Code::TooLarge, message));
        }
        Ok((Checked { kind: self.kind(name, version, unit), start, end }, value))
    }
}

/// The fields of a sample.
pub(crate) const FIELDS: [&str; 6] =
    ["device_name", "device_version", "start_date", "end_date", "unit", "value"];

pub(crate) const NOT_UTF8: &str = "the text is not UTF-8";

const MISSING_NAME: Problem = Problem("/device_name", Code::Missing, "a sample must have a device_name");
const MISSING_START: Problem = Problem("/start_date", Code::Missing, "a sample must have a start_date");

/// A text that is there, UTF-8 and not empty.
fn text<'a>(field: Field<'a>, path: &'static str) -> Result<Option<&'a str>, Problem> {
    match field {
        Field::Absent => Ok(None),
        Field::Text(b"") => Err(Problem(path, Code::Empty, "must not be empty")),
        Field::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(Problem("", Code::Syntax, NOT_UTF8)),
        },
        _ => Err(Problem(path, Code::Type, "must be a text")),
    }
}

fn moment(field: Field<'_>, path: &'static str) -> Result<Option<Moment>, Problem> {
    let moment = match field {
        Field::Absent => return Ok(None),
        Field::Moment(moment) => Some(moment),
        Field::Text(b"") => return Err(Problem(path, Code::Empty, "must not be empty")),
        Field::Text(text) => Moment::parse_rfc3339(text),
        Field::Number(millis) if millis.is_finite() => Moment::from_unix_millis(millis),
        _ => return Err(Problem(path, Code::Type, "must be an instant, as text")),
    };
    let message = "must be RFC 3339 with Z or an offset, such as 2023-11-01T08:04:51+04:00";
    moment.map(Some).ok_or(Problem(path, Code::Timestamp, message))
}

fn unit(field: Field<'_>) -> Result<Unit, Problem> {
    match field {
        Field::Absent => Err(Problem("/unit", Code::Missing, "a sample must have a unit")),
        Field::Text(b"") => Err(Problem("/unit", Code::Empty, "must not be empty")),
        Field::Text(name) => Unit::from_name(name).ok_or(Problem(
            "/unit",
            Code::Unit,
            "must be \"count\", \"count/min\" or \"count/s\"",
        )),
        _ => Err(Problem("/unit", Code::Type, "must be a text")),
    }
}

/// Whether it is the field's name but for capitals, `_` and `-`.
fn is_spelling_of(name: &str, field: &str) -> bool {
    let letters = |text: &str| -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect()
    };
    name.len() < 32 && letters(name) == letters(field)
}

/// Longest name that a path repeats, in characters.
const NAME_SHOWN: usize = 64;

/// A JSON pointer (RFC 6901) to a field; long names are cut.
fn pointer(name: &str) -> String {
    let mut path = String::from("/");
    for character in name.chars().take(NAME_SHOWN) {
        match character {
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            other => path.push(other),
        }
    }
    path
}
