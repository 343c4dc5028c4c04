//! Objects without any field of a sample. If a source has nothing else, for example because another program exported
//! it, that is reported as one mistake, not as one for each object.

use super::{NO_SAMPLE_AT_ALL, NOT_A_SAMPLE};
use crate::collector::Collector;
use crate::rejection::RejectionCode;

/// The lines of so many are kept. Should something else come, those after them are reported together.
const MAX_KEPT_LINES: usize = 1 << 14;

/// The objects so far, as long as nothing else has come.
#[derive(Debug)]
pub(super) struct UnrelatedObjects(Option<Pending>);

#[derive(Debug, Default)]
struct Pending {
    /// The lines where they begin.
    lines: Vec<u64>,
    /// The line of the first one after those, and how many there are from it on.
    more: Option<(u64, u64)>,
}

impl Default for UnrelatedObjects {
    fn default() -> Self {
        Self(Some(Pending::default()))
    }
}

impl UnrelatedObjects {
    /// Takes the next one, which is rejected now or later.
    pub(super) fn take(&mut self, line: Option<u64>, collector: &mut Collector) {
        let line = line.unwrap_or_default();
        match &mut self.0 {
            Some(pending) if pending.lines.len() < MAX_KEPT_LINES => pending.lines.push(line),
            Some(pending) => {
                let (first, count) = pending.more.unwrap_or((line, 0));
                pending.more = Some((first, count + 1));
            }
            None => collector.reject(Some(line), "", RejectionCode::Type, NOT_A_SAMPLE),
        }
    }

    /// Something else comes: each of them is a rejected sample.
    #[inline]
    pub(super) fn report_each(&mut self, collector: &mut Collector) {
        let Some(pending) = self.0.take() else { return };
        for line in pending.lines {
            collector.reject(Some(line), "", RejectionCode::Type, NOT_A_SAMPLE);
        }
        if let Some((line, count)) = pending.more {
            let number = count.to_string();
            let message =
                [NOT_A_SAMPLE, "; counted from here on until something else comes: ", &number].concat();
            collector.reject_together(count, Some(line), RejectionCode::Type, &message);
        }
    }

    /// The source ends. If nothing else has come, the mistake is reported once.
    pub(super) fn finish(&mut self, collector: &mut Collector) {
        if let Some(&line) = self.0.take().unwrap_or_default().lines.first() {
            collector.reject(Some(line), "", RejectionCode::Type, NO_SAMPLE_AT_ALL);
        }
    }
}
