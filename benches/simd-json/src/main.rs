//! How fast simd-json parses NDJSON, and does nothing else with it: the ceiling for a plan of the same bytes.
//!
//! `humansync-bench-simd-json FILE` prints JSON: `{"milliseconds", "how", "lines", "bytes"}`. Two ways are measured,
//! line by line and in arrays of many lines, and the faster one is printed.

use std::error::Error;
use std::time::Instant;

use simd_json::{Buffers, Tape, fill_tape};

/// Bytes of lines that are parsed as one array: few enough for the processor's cache, with their tape.
const BLOCK: usize = 128 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("the file to parse is missing")?;
    let bytes = std::fs::read(file)?;
    let lines = documents(&bytes).count();
    let arrays = in_arrays(&bytes);
    let mut best = (f64::INFINITY, "");
    for (how, text) in [("line by line", &bytes), ("in arrays", &arrays)] {
        // simd-json writes into what it parses. The copies are made before the clock starts, and the first pass is not
        // counted.
        parse(&mut text.clone())?;
        let mut copy = text.clone();
        let began = Instant::now();
        let values = parse(&mut copy)?;
        let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
        if values < lines {
            return Err(format!("{values} values in {lines} lines").into());
        }
        if milliseconds < best.0 {
            best = (milliseconds, how);
        }
    }
    let (milliseconds, how) = best;
    println!(r#"{{"milliseconds":{milliseconds:.3},"how":"{how}","lines":{lines},"bytes":{}}}"#, bytes.len());
    Ok(())
}

/// Parses each line to its tape. Returns the number of values in all.
fn parse(text: &mut [u8]) -> simd_json::Result<usize> {
    let mut buffers = Buffers::new(BLOCK);
    let mut tape = Tape::null();
    let mut values = 0;
    for document in text.split_mut(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let mut filled = tape.reset();
        fill_tape(document, &mut buffers, &mut filled)?;
        values += filled.0.len();
        tape = filled.reset();
    }
    Ok(values)
}

fn documents(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty())
}

/// The lines as JSON arrays of about [`BLOCK`] bytes, one a line.
fn in_arrays(text: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(text.len() + text.len() / BLOCK * 2 + 2);
    let mut length = 0;
    for line in documents(text) {
        all.push(if length == 0 { b'[' } else { b',' });
        all.extend_from_slice(line);
        length += line.len() + 1;
        if length >= BLOCK {
            all.extend_from_slice(b"]\n");
            length = 0;
        }
    }
    if length > 0 {
        all.extend_from_slice(b"]\n");
    }
    all
}
