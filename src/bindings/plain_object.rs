//! What goes out as plain objects: reports, plans, progress, events, pages and links.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// Objects rather than a `Map`; an `Option` that is `None` is `undefined`.
const PLAIN: Serializer = Serializer::new().serialize_maps_as_objects(true);

/// `value` as objects, arrays, texts and numbers.
pub fn plain_object<T: Serialize + ?Sized>(value: &T) -> JsValue {
    // Nothing in these types can fail: counts are doubles (`as_double`), also those that a server claims.
    value.serialize(&PLAIN).unwrap_or_default()
}
