//! What neighbouring rows share: their kind, and how their instants are spelled. A row holds the number of its shape.

use crate::intern::Interner;
use crate::moment::{Moment, Offset};

/// The kind of a row and the spelling of its instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(super) kind: u32,
    pub(super) start: Spelling,
    pub(super) end: Option<Spelling>,
    /// Whether the end lies too far from the start to be held in the row.
    pub(super) far: bool,
}

/// How an instant is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spelling {
    pub(super) offset: Offset,
    pub(super) digits: u8,
}

impl Spelling {
    fn of(moment: Moment) -> Self {
        Self { offset: moment.offset, digits: moment.digits }
    }
}

impl Default for Shape {
    fn default() -> Self {
        Self { kind: 0, start: Spelling { offset: Offset::Z, digits: 0 }, end: None, far: false }
    }
}

/// All shapes, numbered from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Shapes {
    keys: Interner,
    shapes: Vec<Shape>,
    /// The shape of the last row, which is mostly that of the next one.
    last: Option<(Shape, u32)>,
}

impl Shapes {
    /// The number of a shape.
    #[inline]
    pub(super) fn number(&mut self, kind: u32, start: Moment, end: Option<Moment>, far: bool) -> u32 {
        let shape = Shape { kind, start: Spelling::of(start), end: end.map(Spelling::of), far };
        match self.last {
            Some((last, number)) if last == shape => number,
            _ => self.find(shape),
        }
    }

    #[inline(never)]
    fn find(&mut self, shape: Shape) -> u32 {
        let [k0, k1, k2, k3] = shape.kind.to_le_bytes();
        let [s0, s1] = shape.start.offset.0.to_le_bytes();
        let end = shape.end.unwrap_or(shape.start);
        let [e0, e1] = end.offset.0.to_le_bytes();
        let flags = u8::from(shape.end.is_some()) | u8::from(shape.far) << 1;
        let key = [k0, k1, k2, k3, s0, s1, shape.start.digits, flags, e0, e1, end.digits];
        let (number, new) = self.keys.number(&key);
        if new {
            self.shapes.push(shape);
        }
        self.last = Some((shape, number));
        number
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> Shape {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        self.shapes.get(index).copied().unwrap_or_default()
    }
}
