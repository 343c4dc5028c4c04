//! The host's timers as the library's clock.

use futures_util::future::LocalBoxFuture;
use humansync::clock::Clock;
use js_sys::{Function, Promise};
use std::future::Future;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: f64) -> JsValue;
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// Resolves after `milliseconds` of real time.
pub async fn pause(milliseconds: u64) {
    let ended = Promise::new(&mut |resolve, _reject| {
        set_timeout(&resolve, milliseconds as f64);
    });
    JsFuture::from(ended).await.unwrap();
}

/// The milliseconds of real time since the page was opened or Node was started.
pub fn elapsed() -> f64 {
    performance_now()
}

/// The host's clock, with a random value that a test chooses.
pub struct HostClock {
    pub chance: f64,
}

impl Clock for HostClock {
    fn now(&self) -> i64 {
        js_sys::Date::now() as i64
    }

    fn monotonic(&self) -> u64 {
        performance_now() as u64
    }

    fn sleep(&self, milliseconds: u64) -> impl Future<Output = ()> + 'static {
        pause(milliseconds)
    }

    fn chance(&self) -> f64 {
        self.chance
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        wasm_bindgen_futures::spawn_local(task);
    }
}
