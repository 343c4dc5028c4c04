//! The source port over whatever JavaScript has samples in; which that is, `source.js` finds out.

use super::number::to_whole;
use super::zip::Unzipper;
use crate::error::{Error, Foreign};
use crate::samples::Source;
use humansync_samples::{Format, Intake, Numbers};
use js_sys::{Promise, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/src/js/source.js")]
extern "C" {
    #[wasm_bindgen(js_name = Source)]
    type Pieces;
    #[wasm_bindgen(catch, js_name = openSource)]
    fn open_source(source: &JsValue, format: Option<String>, unzipper: &JsValue) -> Result<Pieces, JsValue>;
    #[wasm_bindgen(method)]
    fn next(this: &Pieces) -> Promise;
    #[wasm_bindgen(method, getter)]
    fn packed(this: &Pieces) -> bool;
    #[wasm_bindgen(method, getter, js_name = brokenOff)]
    fn broken_off(this: &Pieces) -> bool;
    #[wasm_bindgen(method, getter, js_name = bytesRead)]
    fn bytes_read(this: &Pieces) -> f64;
    #[wasm_bindgen(method, getter, js_name = bytesTotal)]
    fn bytes_total(this: &Pieces) -> Option<f64>;
    #[wasm_bindgen(method)]
    fn cancel(this: &Pieces);
}

// What `source.js` imports is only packaged where it is named here as well.
#[wasm_bindgen(module = "/src/js/objects.js")]
extern "C" {
    #[allow(dead_code)]
    type Packer;
}

#[wasm_bindgen(module = "/src/js/blob.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = feedOfBlob)]
    fn feed_of_blob(blob: &JsValue, size: f64) -> JsValue;
}

#[wasm_bindgen(module = "/src/js/unzip.js")]
extern "C" {
    #[allow(dead_code)]
    fn unzip(source: &JsValue, unzipper: &JsValue) -> JsValue;
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
    buffer: Vec<u8>,
}

impl JsSource {
    /// Over `source`; nothing is read yet.
    pub fn open(source: &JsValue, format: Option<Format>) -> Result<Self, JsValue> {
        let format = format.map(|format| format.name().to_owned());
        let pieces = open_source(source, format, &Unzipper::new().into())?;
        Ok(Self { pieces, buffer: Vec::new() })
    }

    fn take_in(&mut self, piece: &JsValue, intake: &mut Intake) -> bool {
        let Some(bytes) = piece.dyn_ref::<Uint8Array>() else {
            if self.pieces.broken_off() {
                // No text has this byte: also where the cut fell between two lines, the reader tells that it is there.
                intake.feed(&[0]);
            }
            return false;
        };
        let length = usize::try_from(bytes.length()).unwrap_or_default();
        self.buffer.resize(length, 0);
        bytes.copy_to(&mut self.buffer);
        if self.pieces.packed() {
            intake.feed_packed(&self.buffer);
        } else {
            intake.feed(&self.buffer);
        }
        true
    }
}

impl Source for JsSource {
    async fn feed(&mut self, intake: &mut Intake) -> Result<bool, Error> {
        let piece = JsFuture::from(self.pieces.next()).await;
        let piece = piece.map_err(|error| Error::Thrown(Foreign(Rc::new(error))))?;
        Ok(self.take_in(&piece, intake))
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
