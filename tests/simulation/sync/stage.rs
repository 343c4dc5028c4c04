//! A world with an app's server, a disk, and programs that keep a table in sync.

use super::given_deltas::GivenDeltas;
use super::stored_positions::{StoredPosition, in_checkpoint, person_prefix, positions, positions_below};
use super::table::Table;
use crate::server::{APP_KEY, AppChurn, AppServer, CLIENT_ID, Variant};
use crate::setup::SECRET;
use crate::world::{Chance, Conditions, Disk, DiskStore, Network, Process, World};
use futures_util::FutureExt;
use humansync::api::{AppPath, BatchType, PersonType, QueryInit};
use humansync::clock::Clock;
use humansync::error::Error;
use humansync::http::{Abort, BaseUrl, Client, Config, Credential, Event, Scheme, SecretSource, SecretText};
use humansync::sync::{
    App, CheckpointScope, MarkCapacity, PositionKeeper, Run, SyncOptions, SyncOwner, SyncProgress,
    SyncReport, SyncType,
};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// The types that most worlds have: the second has a path with two levels, the last has no ids.
pub const TYPES: [&str; 3] = ["weights", "heart_rate/summaries", "genetic_traits"];
/// A day in seconds.
pub const DAY: i64 = 86_400;

/// The settings of a stage.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The types.
    pub types: Vec<&'static str>,
    /// Requests in flight at once.
    pub concurrency: usize,
    /// Attempts after the first.
    pub max_retries: u32,
    /// See [`SyncOptions`].
    pub since: Option<i64>,
    /// See [`SyncOptions`].
    pub until: Option<i64>,
    /// See [`SyncOptions`].
    pub overlap: i64,
    /// See [`SyncOptions`].
    pub window_records: u64,
    /// See [`SyncOptions`].
    pub mark_capacity: MarkCapacity,
    /// The consumer stores checkpoints, and there is no store.
    pub has_checkpoints: bool,
    /// How long the consumer is busy before and after it takes a delta, in milliseconds.
    pub busy: RangeInclusive<u64>,
    /// How likely it commits a delta before it asks for the next one.
    pub commits: f64,
    /// It leaves the run after so many deltas, without being done with the last one.
    pub leaves_after: Option<u64>,
    /// How long the disk takes for an operation, in milliseconds.
    pub disk: RangeInclusive<u64>,
    /// The network.
    pub conditions: Conditions,
    /// The server's clock may go back, so that positions claim more than it knows.
    pub may_go_back: bool,
    /// The type whose records have ids and no `updatedAt`.
    pub undated: Option<&'static str>,
    /// Windows may come in any order: a run that begins earlier first finishes what an earlier run left.
    pub any_order: bool,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            types: TYPES.to_vec(),
            concurrency: 6,
            max_retries: 4,
            since: None,
            until: None,
            overlap: 300,
            window_records: 50_000,
            mark_capacity: MarkCapacity::default(),
            has_checkpoints: false,
            busy: 0..=30,
            commits: 0.0,
            leaves_after: None,
            disk: 0..=8,
            conditions: Conditions::uneven(),
            may_go_back: false,
            undated: None,
            any_order: false,
        }
    }
}

/// A world with a server and a disk.
pub struct Stage {
    /// The world.
    pub world: World,
    /// The disk, which outlives programs.
    pub disk: Disk,
    /// The server.
    pub server: AppServer,
    /// The network.
    pub network: Network,
    /// What the consumer has.
    pub table: Table,
    /// The checkpoints that it has stored, by type.
    pub checkpoints: Rc<RefCell<BTreeMap<&'static str, String>>>,
    /// What the consumer of the last run got.
    pub deltas: RefCell<Option<GivenDeltas>>,
    /// The settings.
    pub setting: RefCell<Setting>,
    /// Codes of the warnings so far.
    pub warnings: Rc<RefCell<Vec<&'static str>>>,
}

/// A program.
pub struct Program {
    /// Its process, which can be killed.
    pub process: Process,
    /// Its app.
    pub app: App<Network, Process>,
}

/// How a run ended; `None` if its program died.
pub type Ended = Option<Result<SyncReport, Error>>;

impl Stage {
    /// The world of `seed`, with an empty server.
    pub fn new(seed: u64, variant: Variant, setting: Setting) -> Self {
        let world = World::new(seed);
        // Not every run begins with a full second.
        world.run(world.sleep(world.chance_for("begin").within(0..=3000)));
        let server = AppServer::new(&world, variant);
        let disk = Disk::new(&world, setting.disk.clone());
        disk.record(|key| key.ends_with("/position"));
        Self {
            disk,
            network: Network::new(&world, setting.conditions.clone(), server.clone()),
            server,
            table: Table::default(),
            checkpoints: Rc::default(),
            deltas: RefCell::default(),
            setting: RefCell::new(setting),
            warnings: Rc::default(),
            world,
        }
    }

    /// A server with few records of two types, three on a page.
    pub fn of_few_records(seed: u64) -> Self {
        let setting = Setting { types: vec!["weights", "food/meals"], concurrency: 2, ..Setting::default() };
        let stage = Self::new(seed, Variant::plain(3), setting);
        stage.fill(8, 40);
        stage.set(|setting| setting.since = Some(stage.seconds() - 41 * DAY));
        stage
    }

    /// Any kind of server, with records of the last `days` days.
    pub fn drawn(seed: u64, days: i64, setting: Setting) -> (Self, Chance) {
        let mut chance = Chance::new(seed, "clocks");
        let variant = Variant { cap: chance.pick(&[5, 20, 500]), ..Variant::drawn(&mut chance) };
        let stage = Self::new(seed, variant, setting);
        stage.fill(60, days);
        stage.set(|setting| setting.since = Some(stage.seconds() - (days + 1) * DAY));
        (stage, chance)
    }

    /// A server with many records of one type, and a machine whose clock is wrong by this many seconds.
    pub fn with_host_clock_off_by(seconds: i64) -> Self {
        let setting =
            Setting { types: vec!["weights"], conditions: Conditions::steady(10), ..Setting::default() };
        let stage = Self::new(1, Variant::plain(50), setting);
        stage.fill(2000, 200);
        stage.set(|setting| setting.since = Some(stage.seconds() - 201 * DAY));
        stage.world.jump(seconds * 1000);
        stage.table.may_forget();
        stage
    }

    /// The same world and disk, with another server, its own network and another consumer.
    pub fn beside(&self, origin: &'static str, variant: Variant) -> Self {
        let server = AppServer::at(origin, &self.world, variant);
        let setting = self.setting.borrow().clone();
        Self {
            disk: self.disk.clone(),
            network: Network::new(&self.world, setting.conditions.clone(), server.clone()),
            server,
            table: Table::default(),
            checkpoints: Rc::default(),
            deltas: RefCell::default(),
            setting: RefCell::new(setting),
            warnings: Rc::default(),
            world: self.world.clone(),
        }
    }

    /// The stored positions of this server, by type.
    pub fn positions(&self) -> BTreeMap<String, StoredPosition> {
        if self.setting.borrow().has_checkpoints {
            return in_checkpoints(&self.checkpoints.borrow());
        }
        on_disk(&self.disk, &self.server)
    }

    /// Adds `count` records of each type, updated in the last `days` days.
    pub fn fill(&self, count: u64, days: i64) {
        let mut chance = self.world.chance_for("records");
        let now = self.server.now();
        let setting = self.setting.borrow();
        for name in &setting.types {
            let (nameless, undated) = (name.starts_with("genetic"), setting.undated == Some(*name));
            for _ in 0..count {
                let updated = now - chance.within(0..=(days * DAY * 1000) as u64) as i64;
                // Full seconds and their last milliseconds are where the bounds of windows lie.
                let updated = match chance.within(0..=3) {
                    0 => updated.div_euclid(1000) * 1000,
                    1 => updated.div_euclid(1000) * 1000 + 999,
                    _ => updated,
                };
                let updated = updated.min(now);
                let recorded = updated - chance.within(0..=900_000_000) as i64;
                self.server.add(name, updated, |row| {
                    let row = crate::server::Row { recorded, ..row };
                    let row = if undated { row.undated() } else { row };
                    if nameless { row.nameless() } else { row }
                });
            }
        }
    }

    /// The server's clock, in seconds.
    pub fn seconds(&self) -> i64 {
        self.server.now().div_euclid(1000)
    }

    /// Changes the settings.
    pub fn set(&self, change: impl FnOnce(&mut Setting)) {
        change(&mut self.setting.borrow_mut());
    }

    /// A program that was just started.
    pub fn program(&self) -> Program {
        let process = Process::new(&self.world);
        let setting = self.setting.borrow();
        let of_one_person = self.server.is_of_one_person();
        let path = AppPath::new(CLIENT_ID).unwrap();
        let area = if of_one_person { "/human" } else { path.area() };
        let config = Config {
            base: BaseUrl::new(self.server.origin(), "v1", area, false).unwrap(),
            headers: Vec::new(),
            timeout: 30_000,
            max_retries: setting.max_retries,
            max_retry_delay: 120_000,
            concurrency: setting.concurrency,
        };
        let secret = match of_one_person {
            true => SecretText::new(Scheme::Bearer, "accessToken", SECRET).unwrap(),
            false => SecretText::new(Scheme::Basic, "appKey", APP_KEY).unwrap(),
        };
        let (warnings, table) = (self.warnings.clone(), self.table.clone());
        let listener = move |event| {
            // Tests of walks check the warnings of walks. After these the window is read again, also what is on its way.
            let is_of_walk = match &event {
                Event::CountShort { .. } => true,
                Event::Warning(warning) => warning.code == "order-changes",
                _ => false,
            };
            if is_of_walk {
                table.may_forget();
            }
            if matches!(event, Event::CountShort { .. }) {
                warnings.borrow_mut().push("count-short");
            }
            if let Event::Warning(warning) = event
                && warning.code != "paging-hidden"
            {
                warnings.borrow_mut().push(warning.code);
            }
        };
        let credential = Credential::new(SecretSource::Fixed(secret));
        let client =
            Client::new(self.network.clone(), process.clone(), config, credential, Some(Box::new(listener)));
        Program { app: App::new(Rc::new(client), CLIENT_ID).unwrap(), process }
    }

    /// The options of a run, by the setting.
    pub fn options(&self, app: &App<Network, Process>) -> SyncOptions {
        let setting = self.setting.borrow();
        let sync_type = |name: &&str| match self.server.is_of_one_person() {
            true => SyncType::of_person(PersonType::from_name(name).unwrap()),
            false => app.sync_type(BatchType::from_name(name).unwrap()),
        };
        let types = setting.types.iter().map(sync_type);
        SyncOptions {
            types: types.collect(),
            conditions: QueryInit::default(),
            window_records: setting.window_records,
            only_window: None,
            since: setting.since,
            until: setting.until,
            overlap: setting.overlap,
            mark_capacity: setting.mark_capacity,
        }
    }

    /// A run of a program that has sent nothing yet, with its positions on the disk or those that the consumer has.
    pub fn run_of(&self, program: &Program, abort: &Abort) -> Run<Network, Process, DiskStore> {
        let app = &program.app;
        let position = |(name, text): (&&'static str, &String)| {
            let scope = CheckpointScope { owner: self.owner(app).fingerprint(), name, conditions: 0 };
            (*name, scope.position("from", text).unwrap())
        };
        let keeper = if self.setting.borrow().has_checkpoints {
            PositionKeeper::Consumer(self.checkpoints.borrow().iter().map(position).collect())
        } else {
            PositionKeeper::Store(Rc::new(self.disk.open(&program.process)))
        };
        Run::new(&app.client, self.owner(app), keeper, self.options(app), abort.clone()).unwrap()
    }

    fn owner(&self, app: &App<Network, Process>) -> SyncOwner {
        match self.server.is_of_one_person() {
            true => SyncOwner::person("", app.client.base().own()),
            false => app.owner(),
        }
    }

    /// One run of a program.
    pub fn sync_by(&self, program: &Program, abort: &Abort) -> impl Future<Output = Ended> + use<> {
        let setting = self.setting.borrow();
        let process = program.process.clone();
        let left = self.positions().into_iter().filter_map(|(name, kept)| Some((name, kept.open?.0)));
        let witness = Rc::new(Witness { left: left.collect(), ..Witness::default() });
        let seen = witness.clone();
        let listener = move |progress: &SyncProgress| {
            seen.progress(progress);
            Ok(())
        };
        let store = Some(self.disk.opened()).filter(|_| !setting.has_checkpoints);
        let deltas = GivenDeltas::new(&self.world, &self.disk, store);
        self.deltas.replace(Some(deltas.clone()));
        let mut run = self.run_of(program, abort).with_listener(Some(Box::new(listener)));
        let (table, busy, server) = (self.table.clone(), setting.busy.clone(), self.server.clone());
        let any_order = setting.any_order || setting.may_go_back;
        let (late, may_go_back) = (setting.overlap, setting.may_go_back);
        let (has_checkpoints, checkpoints) = (setting.has_checkpoints, self.checkpoints.clone());
        let (disk, stored_by) = (self.disk.clone(), self.server.clone());
        let positions = move || match has_checkpoints {
            true => in_checkpoints(&checkpoints.borrow()),
            false => on_disk(&disk, &stored_by),
        };
        let checkpoints = self.checkpoints.clone();
        let mut chance = self.world.chance_for(&format!("consumer at {}", self.world.elapsed()));
        let clock = process.clone();
        let (commits, mut leaves_after) = (setting.commits, setting.leaves_after);
        let syncing = async move {
            loop {
                deltas.done();
                let delta = match run.next().await {
                    Ok(Some(delta)) => delta,
                    Ok(None) => break,
                    Err(error) => {
                        table.trouble();
                        deltas.check();
                        if !matches!(error, Error::Store(_)) {
                            deltas.assert_stored();
                        }
                        return Err(error);
                    }
                };
                deltas.give(delta.name, &delta.checkpoint);
                leaves_after = leaves_after.map(|left| left.saturating_sub(1));
                if leaves_after == Some(0) {
                    table.trouble();
                    let ended = run.end().await;
                    if ended.is_ok() {
                        deltas.assert_stored();
                    }
                    return ended.map(|()| run.report());
                }
                table.assert_positions_hold(&server, positions(), late, may_go_back);
                clock.sleep(chance.within(busy.clone())).await;
                deltas.check();
                table.assert_positions_hold(&server, positions(), late, may_go_back);
                witness.delta(delta.name, delta.window.since, delta.records.0.len(), any_order);
                assert!(!delta.records.0.is_empty() || has_checkpoints);
                assert!(delta.records.0.len() <= 500 && delta.checkpoint.len() <= 2000);
                // One transaction.
                table.take(delta.name, &delta.records.0, &server);
                checkpoints.borrow_mut().insert(delta.name, delta.checkpoint);
                clock.sleep(chance.within(busy.clone())).await;
                deltas.check();
                if commits > 0.0 && chance.happens(commits) {
                    deltas.done();
                    match run.committer().commit(delta.number).await {
                        Ok(()) => deltas.assert_stored(),
                        Err(_) => deltas.may_go_on(),
                    }
                }
            }
            deltas.assert_stored();
            let report = run.report();
            witness.assert_tells_of(&report);
            table.assert_positions_hold(&server, positions(), late, may_go_back);
            Ok(report)
        };
        process.run(syncing.boxed_local())
    }

    /// One run of a new program, to its end.
    pub fn sync(&self) -> Result<SyncReport, Error> {
        self.world.run(self.sync_by(&self.program(), &Abort::new())).expect("the program died")
    }

    /// One run that dies after this many steps; true if it ended before.
    pub fn sync_and_die(&self, steps: u64) -> bool {
        let program = self.program();
        let process = program.process.clone();
        self.world.interrupt(self.world.steps() + steps, move || process.kill());
        let ended = self.world.run(self.sync_by(&program, &Abort::new()));
        self.world.interrupt(u64::MAX, || ());
        let Some(ended) = ended else {
            self.table.trouble();
            self.deltas.borrow().as_ref().unwrap().check();
            let setting = self.setting.borrow();
            let (late, may_go_back) = (setting.overlap, setting.may_go_back);
            self.table.assert_positions_hold(&self.server, self.positions(), late, may_go_back);
            return false;
        };
        ended.is_ok()
    }

    /// Lets time pass.
    pub fn pass(&self, milliseconds: u64) {
        use humansync::clock::Clock;
        self.world.run(self.world.sleep(milliseconds));
    }

    /// Stops all changes and makes a last run. Then the table equals the server's, and nothing is in progress.
    pub fn assert_equal_at_last(&self) {
        self.server.set_churn(None);
        self.server.set_echo(None);
        // Changes that become visible late do so now.
        self.pass(self.setting.borrow().overlap.unsigned_abs().max(1) * 1000);
        let tries = if self.setting.borrow().conditions.cut_before > 0.0 { 50 } else { 1 };
        let done = (0..tries).any(|_| self.sync().is_ok());
        assert!(done, "the last run failed");
        self.assert_equal();
        self.assert_nothing_is_left();
    }

    /// Checks that the table equals the server's.
    pub fn assert_equal(&self) {
        self.table.assert_equal(&self.server, &self.setting.borrow().types);
        assert!(self.network.most_in_flight() <= self.setting.borrow().concurrency);
    }

    /// Checks that no request is in flight, no timer is set, no task is left and no lock is held.
    pub fn assert_nothing_is_left(&self) {
        self.world.settle();
        assert_eq!(self.network.in_flight(), 0, "requests in flight");
        assert_eq!(self.world.timers_left(), 0, "timers");
        assert_eq!(self.world.tasks_left(), 0, "tasks");
        assert_eq!(self.disk.locks_held(), 0, "locks");
    }
}

/// An endless stream of changes of every kind.
pub fn drawn_tide(chance: &Chance) -> AppChurn {
    AppChurn::drawn(chance.clone(), u64::MAX, 200_000)
}

pub fn on_disk(disk: &Disk, server: &AppServer) -> BTreeMap<String, StoredPosition> {
    match server.is_of_one_person() {
        true => positions_below(disk, &person_prefix(server.origin())),
        false => positions(disk, server.origin()),
    }
}

fn in_checkpoints(checkpoints: &BTreeMap<&'static str, String>) -> BTreeMap<String, StoredPosition> {
    checkpoints.iter().map(|(name, text)| ((*name).to_owned(), in_checkpoint(text))).collect()
}

/// Watches one run.
#[derive(Default)]
struct Witness {
    /// For each type of which an earlier run has left a window, where that began. It comes first, and then the overlap.
    left: BTreeMap<String, i64>,
    /// For each type, where the last window began and how many records came.
    came: RefCell<BTreeMap<String, (i64, u64)>>,
    reported: RefCell<BTreeMap<String, SyncProgress>>,
    calls: Cell<u64>,
}

impl Witness {
    fn delta(&self, name: &str, since: i64, records: usize, any_order: bool) {
        let mut came = self.came.borrow_mut();
        let (last, count) = came.entry(name.to_owned()).or_insert((i64::MIN, 0));
        assert!(
            *last <= since || any_order || self.left.get(name) == Some(last),
            "{name}: a window that begins at {since} came after one at {last}"
        );
        *last = since;
        *count += records as u64;
    }

    fn progress(&self, now: &SyncProgress) {
        self.calls.set(self.calls.get() + 1);
        let before = self.reported.borrow_mut().insert(now.name.to_owned(), *now);
        assert!(now.windows_done <= now.windows, "{now:?}");
        assert!(now.expected.is_none_or(|expected| expected >= now.records), "{now:?}");
        let before = before.map_or((0, 0), |before| (before.records, before.windows_done));
        assert!(before <= (now.records, now.windows_done), "{before:?}, {now:?}");
    }

    fn assert_tells_of(&self, report: &SyncReport) {
        let came = self.came.borrow();
        let of = |name: &str| came.get(name).map_or(0, |(_, count)| *count);
        for reported in &report.types {
            let name = reported.name;
            assert_eq!(reported.records, of(name), "{name}");
            let last = self.reported.borrow().get(name).copied();
            if let Some(last) = last {
                assert_eq!((last.records, last.windows_done), (of(name), last.windows), "{name}: {last:?}");
            }
        }
        assert_eq!(report.records, came.values().map(|(_, count)| count).sum::<u64>());
    }
}
