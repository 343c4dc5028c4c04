//! The clock port over the host's timers.

use super::number;
use crate::clock::Clock;
use crate::latch::Latch;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use std::future::Future;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/src/bindings/imports/turn.js")]
extern "C" {
    #[wasm_bindgen(js_name = nextTurn)]
    fn next_turn() -> Promise;
}

#[wasm_bindgen]
extern "C" {
    // The global functions, looked up at each call: tests replace them.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &js_sys::Function, milliseconds: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// `Date`, `performance`, `setTimeout` and `Math.random`.
#[derive(Clone, Copy)]
pub struct HostClock;

/// Timers of hosts hold 31 bits; a longer one would end at once.
const LONGEST_TIMER: u64 = 2_147_483_647;

impl Clock for HostClock {
    fn now(&self) -> i64 {
        number::to_whole(js_sys::Date::now())
    }

    fn monotonic(&self) -> u64 {
        u64::try_from(number::to_whole(performance_now())).unwrap_or(0)
    }

    fn sleep(&self, milliseconds: u64) -> impl Future<Output = ()> + 'static {
        sleep(milliseconds)
    }

    fn turn(&self) -> impl Future<Output = ()> + 'static {
        // It cannot fail.
        JsFuture::from(next_turn()).map(|_ended| ())
    }

    fn chance(&self) -> f64 {
        js_sys::Math::random()
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        wasm_bindgen_futures::spawn_local(task);
    }
}

async fn sleep(milliseconds: u64) {
    let mut left = milliseconds;
    while left > LONGEST_TIMER {
        Timer::start(LONGEST_TIMER).ended().await;
        left -= LONGEST_TIMER;
    }
    Timer::start(left).ended().await;
}

/// A timer of the host that is cleared when nobody waits for it: it would keep a process alive.
struct Timer {
    handle: JsValue,
    end: Latch,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    fn start(milliseconds: u64) -> Self {
        let end = Latch::default();
        let ended = end.clone();
        let callback = Closure::new(move || ended.raise());
        let function: &JsValue = callback.as_ref();
        let handle = set_timeout(function.unchecked_ref(), number::from_count(milliseconds));
        Self { handle, end, _callback: callback }
    }

    async fn ended(self) {
        self.end.raised().await;
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.handle);
    }
}
