//! The sandbox's state: the data as it is now, the samples that arrived, the faults that are on, and what was seen.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::app_data::{AppData, Size};
use crate::apps::{CLIENT_ID, Log, Sorted};
use crate::data::Dataset;
use crate::faults::{Faults, RateWindow};
use crate::recorder::Recorder;
use crate::samples::Store;

/// How the sandbox was started; `reset` goes back to it.
#[derive(Clone, Debug)]
pub struct Settings {
    pub seed: u64,
    /// The sandbox's clock at the start, in Unix seconds.
    pub now: i64,
    pub faults: Faults,
    /// Query parameters that are not known, but let through.
    pub allow_params: BTreeSet<String>,
    /// The app that there is.
    pub client_id: String,
    pub app_size: Size,
}

impl Default for Settings {
    fn default() -> Self {
        // 2025-06-30T12:00:00Z, a Monday.
        Self {
            seed: 1,
            now: 1_751_284_800,
            faults: Faults::default(),
            allow_params: BTreeSet::new(),
            client_id: CLIENT_ID.to_owned(),
            app_size: Size::default(),
        }
    }
}

/// Shared by all requests.
#[derive(Debug)]
pub struct Sandbox {
    pub settings: Settings,
    pub recorder: Arc<Recorder>,
    dataset: Mutex<Dataset>,
    app_data: Mutex<AppData>,
    app_log: Mutex<Log>,
    app_sorted: Mutex<Sorted>,
    samples: Mutex<Store>,
    faults: Mutex<Faults>,
    rate_window: Mutex<RateWindow>,
    resets: AtomicU64,
}

impl Sandbox {
    #[must_use]
    pub fn new(settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            recorder: Arc::new(Recorder::default()),
            dataset: Mutex::new(Dataset::new(settings.seed, settings.now)),
            app_data: Mutex::new(AppData::new(settings.seed, settings.now, settings.app_size)),
            app_log: Mutex::default(),
            app_sorted: Mutex::default(),
            samples: Mutex::default(),
            faults: Mutex::new(settings.faults.clone()),
            rate_window: Mutex::default(),
            resets: AtomicU64::new(0),
            settings,
        })
    }

    /// The data, held until the guard is dropped.
    pub fn dataset(&self) -> MutexGuard<'_, Dataset> {
        locked(&self.dataset)
    }

    /// The app's data, held until the guard is dropped. Where both are needed, `dataset` first.
    pub fn app_data(&self) -> MutexGuard<'_, AppData> {
        locked(&self.app_data)
    }

    /// What was asked of the app's lists.
    pub fn app_log(&self) -> MutexGuard<'_, Log> {
        locked(&self.app_log)
    }

    /// The last of the app's lists that had to be sorted.
    pub fn app_sorted(&self) -> MutexGuard<'_, Sorted> {
        locked(&self.app_sorted)
    }

    /// The samples that arrived, held until the guard is dropped.
    pub fn samples(&self) -> MutexGuard<'_, Store> {
        locked(&self.samples)
    }

    /// The faults as they are now.
    pub fn faults(&self) -> Faults {
        locked(&self.faults).clone()
    }

    /// The faults themselves, held until the guard is dropped.
    pub fn faults_mut(&self) -> MutexGuard<'_, Faults> {
        locked(&self.faults)
    }

    /// The rate limit's memory.
    pub fn rate_window(&self) -> MutexGuard<'_, RateWindow> {
        locked(&self.rate_window)
    }

    /// How often everything was reset.
    pub fn resets(&self) -> u64 {
        self.resets.load(Ordering::SeqCst)
    }

    /// Everything as it was at the start: data of both sides, clock, no samples, faults, log, and the counters that draws depend on.
    /// A request that is waiting meanwhile is refused.
    pub fn reset(&self) {
        self.resets.fetch_add(1, Ordering::SeqCst);
        *self.dataset() = Dataset::new(self.settings.seed, self.settings.now);
        *self.app_data() = AppData::new(self.settings.seed, self.settings.now, self.settings.app_size);
        *self.app_log() = Log::default();
        *self.app_sorted() = Sorted::default();
        *self.samples() = Store::default();
        *self.faults_mut() = self.settings.faults.clone();
        *self.rate_window() = RateWindow::default();
        self.recorder.reset();
    }
}

/// A handler that panicked leaves nothing half-done here that others could not go on with.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
