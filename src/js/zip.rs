//! Zip archives, taken apart for `unzip.js`, which has the host inflate what is in them.

use humansync_samples::zip::{Event, Method, Unzip, ZipError, is_export, may_be_export};
use js_sys::Uint8Array;
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;

/// Gives the entries of an archive that may be an export from Apple Health; all others are skipped.
#[wasm_bindgen]
#[derive(Default)]
pub struct Unzipper {
    archive: RefCell<Unzip>,
    entries: Cell<u32>,
    /// The entry now open is of no interest.
    skipping: Cell<bool>,
}

#[wasm_bindgen]
impl Unzipper {
    /// Before the first byte of an archive.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of the archive.
    pub fn feed(&self, bytes: &[u8]) {
        self.archive.borrow_mut().feed(bytes);
    }

    /// `true` or `false` where an entry begins, deflated or stored; bytes of it; `null` at its end; `undefined` where more
    /// must be fed. Throws a text that says what is wrong with the archive.
    #[wasm_bindgen(js_name = next)]
    pub fn next_event(&self) -> Result<JsValue, JsValue> {
        let mut archive = self.archive.borrow_mut();
        loop {
            let begun = match archive.next().map_err(thrown)? {
                None => return Ok(JsValue::UNDEFINED),
                Some(Event::Data(bytes)) => return Ok(Uint8Array::from(bytes).into()),
                Some(Event::EntryEnd) if self.skipping.replace(false) => continue,
                Some(Event::EntryEnd) => return Ok(JsValue::NULL),
                Some(Event::EntryStart { name, method }) => {
                    let folders = u32::from(name.ends_with(b"/"));
                    self.entries.set(self.entries.get().saturating_add(1).saturating_sub(folders));
                    may_be_export(name).then_some(method)
                }
            };
            match begun {
                Some(method) => return Ok(JsValue::from(matches!(method, Method::Deflated))),
                None => {
                    self.skipping.set(true);
                    archive.skip();
                }
            }
        }
    }

    /// Passes over the rest of the entry that is open.
    pub fn skip(&self) {
        self.archive.borrow_mut().skip();
    }

    /// Throws where the archive is not at its end.
    pub fn finish(&self) -> Result<(), JsValue> {
        self.archive.borrow().finish().map_err(thrown)
    }

    /// Files that began so far.
    #[wasm_bindgen(getter)]
    pub fn entries(&self) -> u32 {
        self.entries.get()
    }

    /// Whether the first bytes of a file are those of an export; `undefined` where more are needed.
    #[wasm_bindgen(js_name = isExport)]
    pub fn is_export(&self, first: &[u8]) -> Option<bool> {
        is_export(first)
    }
}

fn thrown(error: ZipError) -> JsValue {
    JsValue::from_str(error.message())
}
