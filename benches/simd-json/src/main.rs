//! How fast simd-json parses NDJSON, and does nothing else with it: the ceiling for a plan of the same bytes.
//!
//! `humansync-bench-simd-json FILE` prints JSON: `{"milliseconds", "how", "lines", "bytes"}`. Two ways are measured,
//! line by line and as arrays of many lines, and the faster one is printed.

use std::error::Error;
use std::time::Instant;

use simd_json::{Buffers, Tape, fill_tape};

/// Bytes of lines that are parsed as one array: few enough for the processor's cache, with their tape.
const BLOCK: usize = 128 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("the file to parse is missing")?;
    let bytes = std::fs::read(file)?;
    let lines = bytes.iter().filter(|&&byte| byte == b'\n').count();
    let ways: [(&str, Vec<Vec<u8>>); 2] = [("line by line", single(&bytes)), ("in arrays", arrays(&bytes))];
    let mut best = (f64::INFINITY, "");
    for (how, documents) in ways {
        // simd-json writes into what it parses. The copy is made before the clock starts, and the first pass is not
        // counted.
        parse(&mut documents.clone())?;
        let mut copy = documents;
        let began = Instant::now();
        let nodes = parse(&mut copy)?;
        let milliseconds = began.elapsed().as_secs_f64() * 1000.0;
        if nodes < lines {
            return Err(format!("{nodes} values in {lines} lines").into());
        }
        if milliseconds < best.0 {
            best = (milliseconds, how);
        }
    }
    let (milliseconds, how) = best;
    println!(r#"{{"milliseconds":{milliseconds:.3},"how":"{how}","lines":{lines},"bytes":{}}}"#, bytes.len());
    Ok(())
}

/// Parses each document to its tape. Returns the number of values in all.
fn parse(documents: &mut [Vec<u8>]) -> simd_json::Result<usize> {
    let mut buffers = Buffers::new(BLOCK);
    let mut tape = Tape::null();
    let mut nodes = 0;
    for document in documents {
        let mut filled = tape.reset();
        fill_tape(document, &mut buffers, &mut filled)?;
        nodes += filled.0.len();
        tape = filled.reset();
    }
    Ok(nodes)
}

fn single(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

/// The lines as JSON arrays of about [`BLOCK`] bytes.
fn arrays(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut array = Vec::new();
    for line in bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        array.push(if array.is_empty() { b'[' } else { b',' });
        array.extend_from_slice(line);
        if array.len() >= BLOCK {
            array.push(b']');
            all.push(std::mem::take(&mut array));
        }
    }
    if !array.is_empty() {
        array.push(b']');
        all.push(array);
    }
    all
}
