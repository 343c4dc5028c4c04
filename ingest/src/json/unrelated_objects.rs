//! Objects without any field of a sample. If a source has nothing else, for example because another program exported
//! it, that is reported as one mistake, not as one for each object.

use super::{NO_SAMPLE_AT_ALL, NOT_A_SAMPLE};
use crate::{Collector, RejectionCode};

/// The lines of so many are kept. Should something else come, those after them are reported together.
const MAX_KEPT_LINES: usize = 1 << 14;

/// The objects so far, as long as nothing else has come.
#[derive(Debug, Default)]
pub(super) struct UnrelatedObjects {
    /// The lines where they begin.
    lines: Vec<u64>,
    /// The line of the first one after those, and how many there are from it on.
    more: Option<(u64, u64)>,
    is_mixed: bool,
}

impl UnrelatedObjects {
    /// Takes the next one, which is rejected now or later.
    pub(super) fn take(&mut self, line: Option<u64>, collector: &mut Collector) {
        let at = line.unwrap_or_default();
        if self.is_mixed {
            collector.reject(line, "", RejectionCode::Type, NOT_A_SAMPLE);
        } else if self.lines.len() < MAX_KEPT_LINES {
            self.lines.push(at);
        } else {
            self.more.get_or_insert((at, 0)).1 += 1;
        }
    }

    /// Something else comes: each of them is a rejected sample.
    #[inline]
    pub(super) fn report_each(&mut self, collector: &mut Collector) {
        if self.is_mixed {
            return;
        }
        self.is_mixed = true;
        for line in std::mem::take(&mut self.lines) {
            collector.reject(Some(line), "", RejectionCode::Type, NOT_A_SAMPLE);
        }
        if let Some((line, count)) = self.more {
            let number = count.to_string();
            let message =
                [NOT_A_SAMPLE, "; counted from here on until something else comes: ", &number].concat();
            collector.reject_together(count, Some(line), RejectionCode::Type, &message);
        }
    }

    /// The source ends. If nothing else has come, the mistake is reported once.
    pub(super) fn finish(&mut self, collector: &mut Collector) {
        self.is_mixed = true;
        // Empty if something else has come.
        if let Some(&line) = std::mem::take(&mut self.lines).first() {
            collector.reject(Some(line), "", RejectionCode::Type, NO_SAMPLE_AT_ALL);
        }
    }
}
