//! Prints rows as the body of a request.

use std::ops::Range;

use super::held::Held;
use super::{Row, Rows};
use crate::number;
use crate::unit::DataType;

impl Rows {
    /// Appends the body of a request that sends the rows of a range of the present order.
    pub fn write_body(&self, data_type: DataType, range: Range<usize>, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"data_type\":\"");
        out.extend_from_slice(data_type.name().as_bytes());
        out.extend_from_slice(b"\",\"data\":[");
        let mut first = true;
        for index in range.start..range.end.min(self.len()) {
            if !first {
                out.push(b',');
            }
            first = false;
            self.write_row(&self.at(index), out);
        }
        out.extend_from_slice(b"]}");
    }

    fn write_row(&self, held: &Held, out: &mut Vec<u8>) {
        let row: Row = self.resolve(held);
        let Some(kind) = self.kinds.get(row.kind()) else { return };
        out.extend_from_slice(&kind.head);
        row.start().write(out);
        if let Some(end) = row.end() {
            out.extend_from_slice(b"\",\"end_date\":\"");
            end.write(out);
        }
        out.extend_from_slice(b"\",\"value\":");
        number::write(row.value(), out, &self.numbers);
        out.extend_from_slice(&kind.tail);
    }
}
