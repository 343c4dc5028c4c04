//! The state of the sandbox: the current data, the samples that arrived, the faults that are on, and the log.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::app_data::{AppData, Size, StreamSize};
use crate::apps::{CLIENT_ID, Log, Sorted};
use crate::data::Dataset;
use crate::faults::{Faults, RateWindow};
use crate::notifications::Notifications;
use crate::recorder::Recorder;
use crate::samples::Store;

/// The settings with which the sandbox was started, and to which `reset` returns.
#[derive(Clone, Debug)]
pub struct Settings {
    pub seed: u64,
    /// The sandbox's clock at the start, in Unix seconds.
    pub now: i64,
    pub faults: Faults,
    /// Unknown query parameters that are accepted.
    pub allow_params: BTreeSet<String>,
    /// The id of the only app.
    pub client_id: String,
    pub app_size: Size,
    /// The type of the app that is streamed.
    pub stream: Option<StreamSize>,
    /// Whether the clock runs with real time.
    pub clock_runs: bool,
}

impl Settings {
    fn dataset(&self) -> Dataset {
        let mut dataset = Dataset::new(self.seed, self.now);
        dataset.clock.run(self.clock_runs);
        dataset
    }

    fn app_data(&self) -> AppData {
        AppData::new(self.seed, self.now, self.app_size).streaming(self.stream)
    }
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
            stream: None,
            clock_runs: false,
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
    notifications: Mutex<Notifications>,
    faults: Mutex<Faults>,
    rate_window: Mutex<RateWindow>,
    resets: AtomicU64,
}

impl Sandbox {
    #[must_use]
    pub fn new(settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            recorder: Arc::new(Recorder::default()),
            dataset: Mutex::new(settings.dataset()),
            app_data: Mutex::new(settings.app_data()),
            app_log: Mutex::default(),
            app_sorted: Mutex::default(),
            samples: Mutex::default(),
            notifications: Mutex::default(),
            faults: Mutex::new(settings.faults.clone()),
            rate_window: Mutex::default(),
            resets: AtomicU64::new(0),
            settings,
        })
    }

    /// The data, locked until the guard is dropped.
    pub fn dataset(&self) -> MutexGuard<'_, Dataset> {
        locked(&self.dataset)
    }

    /// The app's data, locked until the guard is dropped. If both are needed, `dataset` must be locked first.
    pub fn app_data(&self) -> MutexGuard<'_, AppData> {
        locked(&self.app_data)
    }

    /// The log of requests for the app's lists.
    pub fn app_log(&self) -> MutexGuard<'_, Log> {
        locked(&self.app_log)
    }

    /// The cache of the app's lists that had to be sorted.
    pub fn app_sorted(&self) -> MutexGuard<'_, Sorted> {
        locked(&self.app_sorted)
    }

    /// The samples that arrived, locked until the guard is dropped.
    pub fn samples(&self) -> MutexGuard<'_, Store> {
        locked(&self.samples)
    }

    /// Where notifications go, and how many went, locked until the guard is dropped.
    pub fn notifications(&self) -> MutexGuard<'_, Notifications> {
        locked(&self.notifications)
    }

    /// A copy of the current faults.
    pub fn faults(&self) -> Faults {
        locked(&self.faults).clone()
    }

    /// The faults, locked until the guard is dropped.
    pub fn faults_mut(&self) -> MutexGuard<'_, Faults> {
        locked(&self.faults)
    }

    /// The rate limit's memory.
    pub fn rate_window(&self) -> MutexGuard<'_, RateWindow> {
        locked(&self.rate_window)
    }

    /// The number of resets.
    pub fn resets(&self) -> u64 {
        self.resets.load(Ordering::SeqCst)
    }

    /// Restores the state at the start: the data of both APIs, the clock, no samples, no notifications, the faults, the
    /// log, and the counters that draws depend on. A request that is waiting during a reset is refused.
    pub fn reset(&self) {
        self.resets.fetch_add(1, Ordering::SeqCst);
        *self.dataset() = self.settings.dataset();
        *self.app_data() = self.settings.app_data();
        *self.app_log() = Log::default();
        *self.app_sorted() = Sorted::default();
        *self.samples() = Store::default();
        *self.notifications() = Notifications::default();
        *self.faults_mut() = self.settings.faults.clone();
        *self.rate_window() = RateWindow::default();
        self.recorder.reset();
    }
}

/// Locks a mutex even if a handler has panicked, because handlers leave no inconsistent state.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
