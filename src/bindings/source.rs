//! The source port over whatever JavaScript has samples in; which that is, `source.js` finds out.

use super::failure::settled;
use super::number::to_whole;
use crate::error::{Error, OptionError};
use crate::upload::SampleSource;
use humansync_ingest::{Decompressor, Format, Numbers, SampleReader, UnreadableSource};
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bindings/imports/source.js")]
extern "C" {
    #[wasm_bindgen(js_name = Source)]
    type Pieces;
    #[wasm_bindgen(catch, js_name = openSource)]
    fn open_source(source: &JsValue) -> Result<Pieces, JsValue>;
    #[wasm_bindgen(method)]
    fn next(this: &Pieces) -> Promise;
    #[wasm_bindgen(method)]
    fn pause(this: &Pieces) -> Promise;
    #[wasm_bindgen(method, getter)]
    fn packed(this: &Pieces) -> bool;
    #[wasm_bindgen(method, getter, js_name = bytesRead)]
    fn bytes_read(this: &Pieces) -> f64;
    #[wasm_bindgen(method, getter, js_name = bytesTotal)]
    fn bytes_total(this: &Pieces) -> Option<f64>;
    #[wasm_bindgen(method)]
    fn cancel(this: &Pieces);
}

// wasm-bindgen packages only the files that are named in Rust, and not what these import.
#[wasm_bindgen(module = "/src/bindings/imports/objects.js")]
extern "C" {
    #[allow(dead_code)]
    type Packer;
}

#[wasm_bindgen(module = "/src/bindings/imports/blob.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = feedOfBlob)]
    fn feed_of_blob(blob: &JsValue, size: f64) -> JsValue;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Number)]
    fn parse_number(text: &str) -> f64;
    #[wasm_bindgen(js_name = String)]
    fn print_number(value: f64) -> String;
}

/// The engine's own conversions.
pub const NUMBERS: Numbers = Numbers { parse: parse_number, print: print_number };

/// Pieces of a source. Dropped before its end, the source is told that nothing more is needed.
pub struct JsSource {
    pieces: Pieces,
    /// The last piece, which is read up to `at`.
    piece: Vec<u8>,
    at: usize,
    decompressor: Decompressor,
}

impl JsSource {
    /// Over `source`; nothing is read yet.
    pub fn open(source: &JsValue, format: Option<Format>) -> Result<Self, JsValue> {
        let pieces = open_source(source)?;
        Ok(Self { pieces, piece: Vec::new(), at: 0, decompressor: Decompressor::new(format) })
    }

    /// Reads a part of the piece: a short one may unpack to a long text.
    fn read_on(&mut self, reader: &mut SampleReader) -> Result<(), UnreadableSource> {
        let rest = self.piece.get(self.at..).unwrap_or_default();
        if self.pieces.packed() {
            reader.feed_objects(rest);
            self.at = self.piece.len();
        } else {
            self.at = self.at.saturating_add(self.decompressor.take(rest, reader)?);
        }
        Ok(())
    }
}

impl SampleSource for JsSource {
    async fn feed(&mut self, reader: &mut SampleReader) -> Result<bool, Error> {
        let is_through = self.at >= self.piece.len();
        let asked = if is_through { self.pieces.next() } else { self.pieces.pause() };
        let given = settled(asked).await?;
        if is_through {
            if given.is_undefined() {
                if !self.pieces.packed() {
                    self.decompressor.finish(reader).map_err(unreadable)?;
                }
                return Ok(false);
            }
            // `source.js` gives nothing else, whatever realm the bytes are from.
            let bytes: Uint8Array = given.unchecked_into();
            self.piece.resize(usize::try_from(bytes.length()).unwrap_or_default(), 0);
            bytes.copy_to(&mut self.piece);
            self.at = 0;
        }
        self.read_on(reader).map_err(unreadable)?;
        Ok(true)
    }

    fn bytes(&self) -> (u64, Option<u64>) {
        let whole = |number| u64::try_from(to_whole(number)).unwrap_or_default();
        (whole(self.pieces.bytes_read()), self.pieces.bytes_total().map(whole))
    }
}

impl Drop for JsSource {
    fn drop(&mut self) {
        self.pieces.cancel();
    }
}

#[cold]
fn unreadable(unreadable: UnreadableSource) -> Error {
    Error::from(OptionError::new("source", unreadable.message))
}
