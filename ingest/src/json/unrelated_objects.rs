//! Objects that have no field of a sample. Where nothing else comes, the source is of another shape, another program's export, say: one
//! mistake, and not as many as there are objects.

use super::{NO_SAMPLE, NO_SAMPLES};
use crate::collector::Sink;
use crate::raw_sample::Place;
use crate::rejection::Code;

/// The lines of so many are kept: should something else come, those behind them are told of together.
const MOST: usize = 1 << 14;

/// What is known of them, as long as nothing else has come.
#[derive(Debug)]
pub(super) struct Strangers(Option<Met>);

#[derive(Debug, Default)]
struct Met {
    /// The lines where they began.
    lines: Vec<u64>,
    /// Where the first one behind those began, and how many there are from it on.
    more: Option<(u64, u64)>,
}

impl Default for Strangers {
    fn default() -> Self {
        Self(Some(Met::default()))
    }
}

impl Strangers {
    /// Takes the next one. It is rejected now, or with the others.
    pub(super) fn take(&mut self, place: Place, sink: &mut Sink) {
        let line = place.line.unwrap_or_default();
        match &mut self.0 {
            Some(met) if met.lines.len() < MOST => met.lines.push(line),
            Some(met) => {
                let (first, count) = met.more.unwrap_or((line, 0));
                met.more = Some((first, count + 1));
            }
            None => sink.reject(place, "", Code::Type, NO_SAMPLE),
        }
    }

    /// Something else comes: each of them is a sample that is none.
    #[inline]
    pub(super) fn tell(&mut self, sink: &mut Sink) {
        let Some(met) = self.0.take() else { return };
        for line in met.lines {
            sink.reject(Place::on_line(line), "", Code::Type, NO_SAMPLE);
        }
        if let Some((line, count)) = met.more {
            let number = count.to_string();
            let message =
                [NO_SAMPLE, "; counted from here on until something else comes: ", &number].concat();
            sink.reject_together(count, Place::on_line(line), Code::Type, &message);
        }
    }

    /// Nothing else has come.
    pub(super) fn end(&mut self, sink: &mut Sink) {
        if let Some(&line) = self.0.take().unwrap_or_default().lines.first() {
            sink.reject(Place::on_line(line), "", Code::Type, NO_SAMPLES);
        }
    }
}
