//! `Sync`, what keeps types up to date, and `SyncRun`, one run of it.

use super::Client;
use super::clock::HostClock;
use super::failure;
use super::listener::JsListener;
use super::number::from_count;
use super::options::Options;
use super::plain_object::plain_object;
use super::promise;
use super::signal::{Signal, Watch};
use super::store::JsStore;
use super::transport::Fetch;
use crate::http::{Abort, Lanes};
use crate::options::{CheckpointInit, SyncInit, SyncTypes, no_store, store_and_from};
use crate::sync::{Committer, Delta, PositionKeeper, Run, SyncOptions, SyncOwner};
use js_sys::{Array, Promise};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Types that are to be kept up to date, or one window. Nothing is sent before it is run.
#[wasm_bindgen]
pub struct Sync {
    client: Client,
    owner: SyncOwner,
    keeper: PositionKeeper<JsStore>,
    options: SyncOptions,
    signal: Option<Signal>,
}

impl Sync {
    /// Of the `types` that `owner` has, as the rest of `options` says.
    pub(super) fn new(
        client: &Client,
        owner: SyncOwner,
        types: &SyncTypes,
        mut options: Options,
    ) -> Result<Self, JsValue> {
        let init: SyncInit = options.read()?;
        let store = options.store("store")?;
        let signal = options.signal()?;
        options.end()?;
        let checked = init.checked(types).map_err(failure::option)?;
        let positions = init.positions(types, &owner, &checked).map_err(failure::option)?;
        let keeper = match (store, positions) {
            (Some(store), None) => PositionKeeper::Store(Rc::new(JsStore(store))),
            (None, Some(positions)) => PositionKeeper::Consumer(positions),
            (None, None) => return Err(failure::option(no_store())),
            (Some(_), Some(_)) => return Err(failure::option(store_and_from())),
        };
        Ok(Self { client: client.clone(), owner, keeper, options: checked, signal })
    }

    /// Of the one window in `checked`.
    pub(super) fn of_window(
        client: &Client,
        owner: SyncOwner,
        checked: SyncOptions,
        mut options: Options,
    ) -> Result<Self, JsValue> {
        let init: CheckpointInit = options.read()?;
        let signal = options.signal()?;
        options.end()?;
        let positions = init.positions(&owner, &checked).map_err(failure::option)?;
        let keeper = PositionKeeper::Consumer(positions);
        Ok(Self { client: client.clone(), owner, keeper, options: checked, signal })
    }
}

#[wasm_bindgen]
impl Sync {
    /// A new run; `{ onProgress }` is told how it goes.
    pub fn start(&self, options: &JsValue) -> Result<SyncRun, JsValue> {
        let mut options = Options::open("options", options)?;
        let listener = JsListener::new(options.function("onProgress")?, None);
        options.end()?;
        let watch = self.signal.as_ref().map(Signal::watch);
        let abort = watch.as_ref().map(Watch::abort).unwrap_or_default();
        let (owner, keeper) = (self.owner.clone(), self.keeper.clone());
        let run = Run::new(&self.client, owner, keeper, self.options.clone(), abort)
            .map_err(failure::option)?
            .with_listener(Some(Box::new(listener)));
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
    /// The next delta, as `[type, since, before, records, number, checkpoint]`, or `undefined` after the last
    /// one. Asking for it says that the one before is done: its position is stored meanwhile.
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
        promise::run(call, signal)
    }

    /// Keeps what the delta with this number has come to.
    pub fn commit(&self, number: f64) -> Promise {
        let committer = self.committer.clone();
        let number = u64::try_from(super::number::to_whole(number)).unwrap_or_default();
        let call = async move { committer.commit(number).await.map(|()| JsValue::UNDEFINED) };
        promise::run(call, None)
    }

    /// Ends the run, and cancels what is in flight; done when all is stored that is done, and others may run.
    pub fn stop(&self) -> Promise {
        self.stopping.abort();
        let (place, turns) = (self.place.clone(), self.turns.clone());
        let call = async move {
            let _turn = turns.enter().await;
            let taken = place.borrow_mut().take();
            if let Some(mut run) = taken {
                let ended = run.end().await;
                *place.borrow_mut() = Some(run);
                ended?;
            }
            Ok(JsValue::UNDEFINED)
        };
        promise::run(call, None)
    }

    /// What it came to so far.
    pub fn report(&self) -> JsValue {
        let report = self.place.borrow().as_ref().map(Run::report);
        report.map(|report| plain_object(&report)).unwrap_or_default()
    }
}

fn delta(delta: Delta<super::records::JsRecords>) -> JsValue {
    let [since, before] = delta.window_text();
    let members: [JsValue; 6] = [
        delta.name.into(),
        since.into(),
        before.into(),
        delta.records.0.into(),
        from_count(delta.number).into(),
        delta.checkpoint.into(),
    ];
    members.iter().collect::<Array>().into()
}
