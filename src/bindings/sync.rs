//! `Sync`, what keeps types up to date, and `SyncRun`, one run of it.

use super::app_client::type_of;
use super::clock::HostClock;
use super::failure;
use super::options::Options;
use super::promise;
use super::listener::JsListener;
use super::number::from_count;
use super::plain_object::plain_object;
use super::signal::{Signal, Watch};
use super::store::JsStore;
use super::transport::Fetch;
use crate::api::App;
use crate::api::{BatchType, MAX_SAFE_INTEGER};
use crate::error::OptionError;
use crate::http::{Abort, Lanes};
use crate::sync::{Committer, Delta, MarkCapacity, Run, SyncOptions};
use futures_util::FutureExt;
use humansync_ingest::time::Instant;
use js_sys::{Array, Promise};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Types that are to be kept up to date. Nothing is sent before it is run.
#[wasm_bindgen]
pub struct Sync {
    app: App<Fetch, HostClock>,
    store: JsValue,
    options: SyncOptions,
    signal: Option<Signal>,
}

const SPEC: &str = "types list
store store
since instant
until instant
overlap number
signal signal";
const OVERLAP: u64 = 300_000;
const NO_STORE: &str = "`store` is missing: say where positions are kept between runs, such as `await createStore(folder)` of \
                        humansync/stores/file; without them every run would begin anew";

impl Sync {
    /// As `options` say.
    pub(super) fn new(app: &App<Fetch, HostClock>, options: &JsValue) -> Result<Self, JsValue> {
        let options = Options::read("options", options, SPEC)?;
        let refuse = |option, message: &str| failure::option(&OptionError::new(option, message));
        let store = options.get("store");
        if store.is_undefined() {
            return Err(refuse("store", NO_STORE));
        }
        let mut types: Vec<BatchType> = Vec::new();
        for name in options.list("types").unwrap_or_default() {
            let batch_type = type_of("types", &name)?;
            if types.contains(&batch_type) {
                return Err(refuse("types", "`types` names a type twice; name each once"));
            }
            types.push(batch_type);
        }
        if types.is_empty() {
            if options.list("types").is_some() {
                return Err(refuse("types", "`types` is empty; name some, or leave it out for all"));
            }
            types.extend(BatchType::all());
        }
        let since = options.instant("since")?.map(|since| since.unix_seconds());
        let until = options.instant("until")?.map(rounded_up);
        if matches!((since, until), (Some(since), Some(until)) if until < since) {
            return Err(refuse("until", "`until` must not be earlier than `since`"));
        }
        let overlap = options.whole("overlap", 0, MAX_SAFE_INTEGER, OVERLAP)?.div_ceil(1000);
        let overlap = i64::try_from(overlap).unwrap_or(i64::MAX);
        let signal = options.signal();
        let mark_capacity = MarkCapacity::default();
        let options = SyncOptions { types, since, until, overlap, mark_capacity };
        Ok(Self { app: app.clone(), store, options, signal })
    }
}

fn rounded_up(instant: Instant) -> i64 {
    instant.unix_seconds().saturating_add(i64::from(instant.subsec_nanos() > 0))
}

#[wasm_bindgen]
impl Sync {
    /// A new run; `{ onProgress }` is told how it goes.
    pub fn start(&self, options: &JsValue) -> Result<SyncRun, JsValue> {
        let options = Options::read("options", options, "onProgress function")?;
        let watch = self.signal.as_ref().map(Signal::watch);
        let abort = watch.as_ref().map(Watch::abort).unwrap_or_default();
        let listener = JsListener::new(options.function("onProgress"), None);
        let run =
            self.app.run(Rc::new(JsStore(self.store.clone())), self.options.clone(), abort).with_listener(
                Some(Box::new(move |progress| listener.tell_progress(progress))),
            );
        Ok(SyncRun {
            committer: run.committer(),
            stopping: run.stopping(),
            place: Rc::new(RefCell::new(Some(run))),
            turns: Lanes::new(1),
            watch,
        })
    }
}

/// One run. It takes one call at a time.
#[wasm_bindgen]
pub struct SyncRun {
    place: Rc<RefCell<Option<Run<Fetch, HostClock, JsStore>>>>,
    committer: Rc<Committer<JsStore>>,
    turns: Lanes,
    stopping: Abort,
    /// Kept as long as the run may send.
    watch: Option<Watch>,
}

#[wasm_bindgen]
impl SyncRun {
    /// The next delta, as `[type, since, before, records, number]`, or `undefined` behind the last one; the last one is kept.
    pub fn next(&self) -> Promise {
        let (place, turns) = (self.place.clone(), self.turns.clone());
        let signal = self.watch.as_ref().map(Watch::signal);
        let call = async move {
            let _turn = turns.enter().await;
            let taken = place.borrow_mut().take();
            let Some(mut run) = taken else { return Ok(JsValue::UNDEFINED) };
            let outcome = run.next().await;
            *place.borrow_mut() = Some(run);
            Ok(outcome?.map(delta).unwrap_or_default())
        };
        promise::run(call.boxed_local(), signal)
    }

    /// Keeps what the delta with this number has come to.
    pub fn commit(&self, number: f64) -> Promise {
        let committer = self.committer.clone();
        let number = u64::try_from(super::number::to_whole(number)).unwrap_or_default();
        let call = async move { committer.commit(number).await.map(|()| JsValue::UNDEFINED) };
        promise::run(call.boxed_local(), None)
    }

    /// Ends the run, and cancels what is in flight; done when others may run.
    pub fn stop(&self) -> Promise {
        self.stopping.abort();
        let (place, turns) = (self.place.clone(), self.turns.clone());
        let call = async move {
            let _turn = turns.enter().await;
            let taken = place.borrow_mut().take();
            if let Some(mut run) = taken {
                run.end().await?;
                *place.borrow_mut() = Some(run);
            }
            Ok(JsValue::UNDEFINED)
        };
        promise::run(call.boxed_local(), None)
    }

    /// What it came to so far.
    pub fn report(&self) -> JsValue {
        let report = self.place.borrow().as_ref().map(Run::report);
        report.map(|report| plain_object(&report)).unwrap_or_default()
    }
}

fn delta(delta: Delta<super::records::JsRecords>) -> JsValue {
    let [since, before] = delta.window_text();
    let members: [JsValue; 5] = [
        delta.batch_type.name().into(),
        since.into(),
        before.into(),
        delta.records.0.into(),
        from_count(delta.number).into(),
    ];
    members.iter().collect::<Array>().into()
}
