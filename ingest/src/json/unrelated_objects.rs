//! Objects that have no field of a sample. Where nothing else comes, the source is of another format, another program's export, say: one
//! mistake, and not as many as there are objects.

use super::{NO_SAMPLE_AT_ALL, NOT_A_SAMPLE};
use crate::collector::Collector;
use crate::rejection::RejectionCode;

/// The lines of so many are kept: should something else come, those behind them are told of together.
const MOST: usize = 1 << 14;

/// SlotContent is known of them, as long as nothing else has come.
#[derive(Debug)]
pub(super) struct UnrelatedObjects(Option<Pending>);

#[derive(Debug, Default)]
struct Pending {
    /// The lines where they began.
    lines: Vec<u64>,
    /// Where the first one behind those began, and how many there are from it on.
    more: Option<(u64, u64)>,
}

impl Default for UnrelatedObjects {
    fn default() -> Self {
        Self(Some(Pending::default()))
    }
}

impl UnrelatedObjects {
    /// Takes the next one. It is rejected now, or with the others.
    pub(super) fn take(&mut self, line: Option<u64>, collector: &mut Collector) {
        let line = line.unwrap_or_default();
        match &mut self.0 {
            Some(pending) if pending.lines.len() < MOST => pending.lines.push(line),
            Some(pending) => {
                let (first, count) = pending.more.unwrap_or((line, 0));
                pending.more = Some((first, count + 1));
            }
            None => collector.reject(Some(line), "", RejectionCode::Type, NOT_A_SAMPLE),
        }
    }

    /// Something else comes: each of them is a sample that is none.
    #[inline]
    pub(super) fn tell(&mut self, collector: &mut Collector) {
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

    /// Nothing else has come.
    pub(super) fn end(&mut self, collector: &mut Collector) {
        if let Some(&line) = self.0.take().unwrap_or_default().lines.first() {
            collector.reject(Some(line), "", RejectionCode::Type, NO_SAMPLE_AT_ALL);
        }
    }
}
