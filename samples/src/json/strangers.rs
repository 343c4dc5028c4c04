//! Objects that have no field of a sample. Where nothing else comes, the source is of another shape, another program's export, say: one
//! mistake, and not as many as there are objects.

use super::{NO_SAMPLE, NO_SAMPLES};
use crate::draft::Place;
use crate::rejection::Code;
use crate::sink::Sink;

/// The lines where they began, as long as nothing else has come.
#[derive(Debug)]
pub(super) struct Strangers(Option<Vec<u64>>);

impl Default for Strangers {
    fn default() -> Self {
        Self(Some(Vec::new()))
    }
}

impl Strangers {
    /// Takes the next one. It is rejected now, or with the others.
    pub(super) fn take(&mut self, place: Place, sink: &mut Sink) {
        match &mut self.0 {
            Some(lines) => lines.push(place.line.unwrap_or_default()),
            None => sink.reject(place, "", Code::Type, NO_SAMPLE),
        }
    }

    /// Something else comes: each of them is a sample that is none.
    #[inline]
    pub(super) fn tell(&mut self, sink: &mut Sink) {
        for line in self.0.take().unwrap_or_default() {
            sink.reject(Place::on_line(line), "", Code::Type, NO_SAMPLE);
        }
    }

    /// Nothing else has come.
    pub(super) fn end(&mut self, sink: &mut Sink) {
        if let Some(&line) = self.0.take().unwrap_or_default().first() {
            sink.reject(Place::on_line(line), "", Code::Type, NO_SAMPLES);
        }
    }
}
