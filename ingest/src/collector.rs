//! Collects the samples of every format reader: as rows if they obey the API's rules, else as rejections.

use crate::rows::PackedRow;
use crate::rules::{NOT_UTF8, Violation};
use crate::{FIELD_NAMES, Instant, Numbers, RawSample, Rejection, RejectionCode, Rows, Unit, rules};

/// The rows and rejections of one source.
pub struct Collector {
    pub rows: Rows,
    /// Those since they were last taken.
    pub rejections: Vec<Rejection>,
    /// Samples so far, good or bad: the index of the next one.
    pub sample_count: u64,
    /// How many of them were rejected.
    pub rejected_count: u64,
    /// The series of the last sample, which is usually that of the next one, too.
    last_series: Option<u32>,
}

/// A sample that became a row.
#[derive(Clone, Copy, Debug)]
pub struct CollectedSample {
    pub series: u32,
    pub start: Instant,
    pub end: Option<Instant>,
}

impl Collector {
    pub fn new(numbers: Numbers) -> Self {
        Self {
            rows: Rows::new(numbers),
            rejections: Vec::new(),
            sample_count: 0,
            rejected_count: 0,
            last_series: None,
        }
    }

    /// Checks the next sample, and adds it or rejects it. `line` is where it begins, from 1, if the source is text.
    pub fn check_and_add(&mut self, raw: &RawSample<'_>, line: Option<u64>) -> Option<CollectedSample> {
        if let Some(name) = raw.unknown {
            self.reject_unknown_field(name, line);
            return None;
        }
        match rules::check(raw) {
            Ok(valid) => {
                let series = self.series(valid.device_name, valid.device_version, valid.unit);
                self.add(series, valid.start, valid.end, valid.value);
                Some(CollectedSample { series, start: valid.start, end: valid.end })
            }
            Err(Violation(path, code, message)) => {
                self.reject(line, path, code, message);
                None
            }
        }
    }

    /// Adds a sample that its reader has checked: the series comes from [`Collector::series`], its unit accepts the
    /// value, and the end is not before the start.
    #[inline]
    pub fn add(&mut self, series: u32, start: Instant, end: Option<Instant>, value: f64) {
        self.rows.push(series, start, end, value, self.position());
        self.sample_count += 1;
    }

    /// As [`Collector::add`], with a row that its reader has packed, whose position is [`Collector::position`].
    #[inline]
    pub fn add_packed(&mut self, row: PackedRow) {
        self.rows.push_packed(row);
        self.sample_count += 1;
    }

    /// The number of the series of a device, version and unit.
    pub fn series(&mut self, device_name: &str, device_version: Option<&str>, unit: Unit) -> u32 {
        if let Some(last) = self.last_series {
            let table = self.rows.series();
            if table.device_name(table.device(last)) == device_name
                && table.device_version(last) == device_version
                && table.unit(last) == unit
            {
                return last;
            }
        }
        let series = self.rows.series_mut().intern(device_name, device_version, unit);
        self.last_series = Some(series);
        series
    }

    /// Rejects the next sample. `path` is a JSON pointer to the field, or empty for the whole sample.
    #[cold]
    #[inline(never)]
    pub fn reject(&mut self, line: Option<u64>, path: &str, code: RejectionCode, message: &str) {
        self.rejections.push(Rejection {
            index: self.sample_count,
            line,
            path: path.to_owned(),
            code,
            message: message.to_owned(),
        });
        self.sample_count += 1;
        self.rejected_count += 1;
    }

    /// Rejects the next sample as a whole, since it cannot be read.
    pub fn reject_syntax(&mut self, line: Option<u64>, message: &str) {
        self.reject(line, "", RejectionCode::Syntax, message);
    }

    /// Rejects the next `count` samples, and reports them once, as the first of them.
    pub fn reject_together(&mut self, count: u64, line: Option<u64>, code: RejectionCode, message: &str) {
        if let Some(others) = count.checked_sub(1) {
            self.reject(line, "", code, message);
            self.sample_count += others;
            self.rejected_count += others;
        }
    }

    /// The position of the next sample, as a row has it.
    #[inline]
    pub fn position(&self) -> u32 {
        u32::try_from(self.sample_count).unwrap_or(u32::MAX)
    }

    fn reject_unknown_field(&mut self, name: &[u8], line: Option<u64>) {
        let Ok(name) = std::str::from_utf8(name) else {
            return self.reject(line, "", RejectionCode::Syntax, NOT_UTF8);
        };
        let meant = FIELD_NAMES.into_iter().find(|field| is_spelling_of(name, field));
        let message = match meant {
            Some(field) => ["the API knows no such field: did you mean ", field, "?"].concat(),
            None => "the API knows no such field".to_owned(),
        };
        self.reject(line, &pointer(name), RejectionCode::UnknownField, &message);
    }
}

/// Whether `name` is the field's name except for capitals, `_` and `-`.
fn is_spelling_of(name: &str, field: &str) -> bool {
    let letters = |text: &str| -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect()
    };
    name.len() < 32 && letters(name) == letters(field)
}

/// A longer name is cut in the path of a rejection. In characters.
const MAX_SHOWN_NAME: usize = 64;

/// A JSON pointer (RFC 6901) to a field.
fn pointer(name: &str) -> String {
    let mut path = String::from("/");
    for character in name.chars().take(MAX_SHOWN_NAME) {
        match character {
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            other => path.push(other),
        }
    }
    path
}
