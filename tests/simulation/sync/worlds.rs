//! Worlds in which everything may be odd at once: the clocks on both sides, stamps, ids, little room for marks, and the
//! rest.

use super::owner::TRIAL;
use super::stage::{DAY, Setting, Stage};
use super::stored_positions::{is_unowned, make_early};
use crate::server::{AppChurn, OddDate, OddDates, Variant};
use crate::world::{Census, Chance, Conditions, FailurePoint, Verb, worlds};
use humansync::sync::MarkCapacity;

/// Room for four marks at least.
const LITTLE: MarkCapacity = MarkCapacity { slots: 3, marks_per_slot: 2 };
const HOUR: i64 = 3600;
const YEAR: i64 = 365 * DAY;

#[test]
fn odd_worlds() {
    worlds("sync", 400, world);
}

/// What is odd about the clocks of a world. All in seconds.
#[derive(Clone, Debug)]
struct Clocks {
    /// How far this machine's clock is wrong.
    host: i64,
    /// This machine's clock jumps between runs.
    host_jumps: bool,
    /// How far the server's clock is wrong from the beginning.
    server: i64,
    /// The server's clock is set back by this between two runs, and is right again later.
    set_back: Option<i64>,
    /// The server's clock is this far ahead during the first run, and right after it.
    ahead_at_first: Option<i64>,
    /// There is no run for months, so that this is in the past.
    pauses_for_months: bool,
    /// Some answers have another date.
    odd: Option<OddDates>,
    /// The answers have no date.
    hidden: bool,
}

impl Clocks {
    fn drawn(chance: &mut Chance, census: &Census) -> Self {
        let mut clocks = Self {
            host: 0,
            host_jumps: false,
            server: 0,
            set_back: None,
            ahead_at_first: None,
            pauses_for_months: false,
            odd: None,
            hidden: false,
        };
        if chance.happens(0.15) {
            census.count("dates hidden");
            // Within the minute that a run leaves.
            clocks.host = chance.pick(&[-50, 0, 50]);
            clocks.hidden = true;
            return clocks;
        }
        match chance.within(0..=5) {
            0 => {
                census.count("this machine's clock off by minutes");
                clocks.host = chance.pick(&[-35 * 60, -7 * 60, 7 * 60, 35 * 60]);
            }
            1 => {
                census.count("this machine's clock off by hours");
                clocks.host = chance.pick(&[-5 * HOUR, 5 * HOUR]);
            }
            2 => {
                census.count("this machine's clock off by years");
                clocks.host = chance.pick(&[-54 * YEAR, -YEAR, YEAR, 75 * YEAR]);
            }
            3 => clocks.host_jumps = true,
            _ => {}
        }
        if chance.happens(0.15) {
            census.count("the server's clock off by years");
            clocks.server = chance.pick(&[-40 * YEAR, -YEAR, YEAR, 75 * YEAR]);
        }
        if chance.happens(0.15) {
            clocks.set_back = Some(chance.pick(&[600, 7200, 90_000, 9 * DAY]));
        }
        if chance.happens(0.4) {
            let dates = [
                OddDate::At(0),
                OddDate::At(4_084_000_000_000),
                OddDate::Off(20 * 60_000),
                OddDate::Off(-20 * 60_000),
                OddDate::Off(3 * DAY * 1000),
            ];
            clocks.odd = Some(OddDates {
                first: chance.pick(&[0, 0, 0, 1, 2, 5]),
                every: chance.pick(&[None, Some(4), Some(7)]),
                date: chance.pick(&dates),
            });
        }
        clocks
    }
}

fn world(seed: u64, census: &Census) {
    let mut chance = Chance::new(seed, "odd sync");
    let mut clocks = Clocks::drawn(&mut chance, census);
    let variant = Variant {
        // A clock that is set back writes the same stamps again, and with stamps of a minute nobody could tell them
        // apart.
        tick: if clocks.set_back.is_some() { 1 } else { chance.pick(&[1, 1000, 60_000]) },
        cap: chance.pick(&[1, 2, 7, 500]),
        dates: !clocks.hidden,
        ..Variant::drawn(&mut chance)
    };
    match variant.tick {
        1 => census.count("stamps in milliseconds"),
        1000 => census.count("stamps in seconds"),
        _ => census.count("stamps in minutes"),
    }
    if variant.ids_of_persons {
        census.count("ids of persons");
    }
    let overlap = chance.pick(&[0, 1, 60, 300, 300, HOUR]);
    let cuts = chance.pick(&[0.0, 0.0, 0.0, 0.05]);
    let mut storing = Chance::new(seed, "storing");
    let setting = Setting {
        types: chance.pick(&[vec!["weights"], vec!["weights"], vec!["weights", "genetic_traits"]]),
        concurrency: chance.pick(&[1, 6]),
        overlap,
        conditions: Conditions { cut_before: cuts, cut_after: cuts, ..Conditions::uneven() },
        max_retries: 20,
        may_go_back: clocks.set_back.is_some(),
        any_order: true,
        disk: storing.pick(&[0..=8, 0..=8, 0..=300, 0..=5000]),
        commits: storing.pick(&[0.0, 0.0, 0.3]),
        ..Setting::default()
    };
    let stage = Stage::new(seed, variant, setting);
    stage.server.set_clock(clocks.server * 1000);
    let count = chance.within(0..=30);
    if chance.happens(0.3) {
        census.count("no beginning given");
        stage.fill(count, chance.pick(&[0, 1, 30]));
        let mut ahead = Chance::new(seed, "ahead at first");
        if !clocks.hidden && ahead.happens(0.3) {
            clocks.ahead_at_first = Some(ahead.pick(&[40 * DAY, 80 * DAY, YEAR, 75 * YEAR]));
            clocks.pauses_for_months = ahead.happens(0.5);
            clocks.set_back = None;
            stage.set(|setting| setting.may_go_back = true);
        }
    } else {
        stage.fill(count, chance.pick(&[0, 1, 40]));
        stage.set(|setting| setting.since = Some(stage.seconds() - 41 * DAY));
    }
    if chance.happens(0.2) {
        census.count("little memory");
        stage.set(|setting| setting.mark_capacity = LITTLE);
        stage.table.may_forget();
    }
    let mut later = Chance::new(seed, "windows and checkpoints");
    let window_records = later.pick(&[50_000, 50_000, 40, 10, 3, 1]);
    if window_records < 50_000 {
        census.count("windows of few records");
        stage.set(|setting| setting.window_records = window_records);
    }
    if later.happens(0.3) {
        census.count("a consumer with checkpoints");
        stage.set(|setting| setting.has_checkpoints = true);
        stage.table.may_forget();
    }
    stage.server.set_odd_dates(clocks.odd.clone());
    stage.world.jump(clocks.host * 1000);
    if std::env::var("HUMANSYNC_SEED").is_ok() {
        // For whoever replays a world.
        eprintln!("{clocks:?}, {:?}", stage.setting.borrow());
    }
    let mut apart = Chance::new(seed, "another server");
    let trial = apart.happens(0.2).then(|| {
        census.count("another server with the same store");
        let drawn = Variant::drawn(&mut apart);
        let trial =
            stage.beside(TRIAL, Variant { tick: 1, cap: apart.pick(&[7, 500]), dates: true, ..drawn });
        trial.set(|setting| setting.since = Some(trial.seconds() - 41 * DAY));
        trial.table.may_forget();
        trial.fill(apart.within(1..=10), 40);
        trial
    });
    let others = Others { trial, chance: apart, storing };
    run(&stage, &mut chance, &clocks, overlap, others, census);
    for (kind, times) in stage.server.noted() {
        (0..times).for_each(|_| census.count(kind));
    }
}

/// Other users of the store, and what else happens to it.
struct Others {
    /// Another server with the same store.
    trial: Option<Stage>,
    chance: Chance,
    storing: Chance,
}

impl Others {
    /// Sometimes turns the stored positions into those of an early version.
    fn before_this_one(&mut self, stage: &Stage, census: &Census) {
        if self.chance.happens(0.2) && !stage.positions().is_empty() {
            census.count("positions of an early version");
            make_early(&stage.disk, stage.server.origin());
        }
    }

    /// Sometimes makes a run whose consumer leaves it, or whose store fails now and then.
    fn run_that_is_cut_short(&mut self, stage: &Stage, census: &Census) {
        if self.storing.happens(0.15) {
            census.count("a consumer that leaves");
            stage.set(|setting| setting.leaves_after = Some(self.storing.within(1..=15)));
            let _ = stage.sync();
            stage.set(|setting| setting.leaves_after = None);
        }
        if self.storing.happens(0.15) {
            census.count("a store that fails now and then");
            let mut failing = self.storing.clone();
            stage.disk.fail(move |operation| {
                let is_change = matches!(operation.verb, Verb::Set | Verb::Delete);
                (is_change && failing.happens(0.1))
                    .then(|| failing.pick(&[FailurePoint::Before, FailurePoint::After]))
            });
            let _ = stage.sync();
            stage.disk.heal();
        }
    }

    /// A run with the other server, which has more records each time. Positions that no server owns are left to this
    /// one.
    fn sync(&mut self) {
        let Some(trial) = self.trial.as_ref().filter(|trial| !is_unowned(&trial.disk)) else { return };
        trial.fill(self.chance.within(0..=2), 0);
        let _ = trial.sync();
    }
}

fn run(
    stage: &Stage,
    chance: &mut Chance,
    clocks: &Clocks,
    overlap: i64,
    mut others: Others,
    census: &Census,
) {
    // A clock that seems earlier than it is lets records come again.
    let is_odd = clocks.host != 0
        || clocks.server != 0
        || clocks.host_jumps
        || clocks.set_back.is_some()
        || clocks.ahead_at_first.is_some()
        || clocks.odd.is_some();
    if is_odd || clocks.hidden {
        stage.table.may_forget();
    }
    let late = (overlap as u64 * 1000).saturating_sub(4000);
    let tick = stage.server.tick();
    let mut between = AppChurn::drawn(chance.clone(), u64::MAX, late).ticking(tick);
    if let Some(ahead) = clocks.ahead_at_first {
        census.count("a first run by a clock far ahead");
        stage.server.set_clock((clocks.server + ahead) * 1000);
        sync(stage, census);
        stage.server.set_clock(clocks.server * 1000);
    }
    sync(stage, census);
    let types = stage.setting.borrow().types.len();
    if stage.setting.borrow().since.is_some()
        && stage.positions().len() == types
        && others.chance.happens(0.4)
    {
        census.count("a beginning given to the first run only");
        stage.set(|setting| setting.since = None);
    }
    others.before_this_one(stage, census);
    let rounds = chance.within(2..=5);
    let set_back_in = chance.within(0..=1);
    for round in 0..rounds {
        if chance.happens(0.5) {
            stage.server.touch_again(chance);
        }
        stage.server.turn(&mut between, chance.pick(&[0, 2, 6]));
        if chance.happens(0.4) {
            stage.server.set_churn(Some(AppChurn::drawn(chance.clone(), 6, late).ticking(tick)));
        }
        stage.server.set_echo(chance.happens(0.4).then(|| (chance.clone(), 0.5)));
        if chance.happens(0.2) {
            census.count("a longer overlap for once");
            stage.set(|setting| setting.overlap = chance.pick(&[7200, 80_000]));
        }
        // Without totals, nothing shows that a record was missed.
        if others.chance.happens(0.1) && stage.server.shows_totals() {
            census.count("an order that changes with each answer");
            stage.table.may_forget();
            let before = stage.seconds() - others.chance.pick(&[-40, 1, 20]) * DAY;
            stage.server.vary(|variant| variant.shuffled_before = before);
            let _ = stage.sync();
            stage.server.vary(|variant| variant.shuffled_before = i64::MIN);
        }
        if chance.happens(0.2) {
            census.count("a program that dies");
            stage.sync_and_die(chance.within(1..=200));
        }
        others.run_that_is_cut_short(stage, census);
        sync(stage, census);
        others.sync();
        stage.set(|setting| setting.overlap = overlap);
        stage.pass(chance.pick(&[0, 0, 1, 300, 4321, 90_000, 3_600_000]));
        if clocks.pauses_for_months && round == 0 {
            census.count("a pause of months");
            for _ in 0..chance.within(4..=12) {
                stage.pass(10 * DAY as u64 * 1000);
                stage.server.turn(&mut between, 2);
            }
        }
        if clocks.host_jumps {
            census.count("this machine's clock jumps");
            stage.world.jump(chance.pick(&[-3 * HOUR, -2000, 2000, 3 * HOUR, -YEAR, YEAR]) * 1000);
        }
        if let Some(back) = clocks.set_back
            && round == set_back_in
        {
            census.count("the server's clock set back");
            // The run that discovers the mistake promises to read what changes from then on.
            sync(stage, census);
            stage.server.set_clock((clocks.server - back) * 1000);
            stage.server.set_churn(None);
            stage.server.set_echo(None);
            // That very run reads what was updated within the overlap.
            let age = chance.within(0..=late) as i64;
            let added = stage.server.now() - age;
            stage.server.add("weights", added, |row| row);
            if sync(stage, census) {
                for row in stage.server.visible("weights").iter().filter(|row| row.updated == added) {
                    assert!(
                        stage.table.has("weights", row),
                        "{row:?} did not come with the run that found the clock set back"
                    );
                }
            }
        }
    }
    if clocks.set_back.is_some() && chance.happens(0.5) {
        census.count("the server's clock right again");
        stage.server.set_clock(clocks.server * 1000);
    }
    stage.assert_equal_at_last();
    assert_moves(stage, clocks);
    if let Some(trial) = &others.trial {
        trial.assert_equal_at_last();
    }
    // Without a store there are no marks.
    let has_marks = !stage.setting.borrow().has_checkpoints;
    if !is_odd && has_marks && stage.setting.borrow().mark_capacity == LITTLE {
        assert_forgets_no_more_than_it_must(stage, census);
    }
}

/// Checks that the marks of the latest updates are kept however many there are, even of a list that comes newest first.
fn assert_forgets_no_more_than_it_must(stage: &Stage, census: &Census) {
    stage.server.vary(|variant| variant.by_update = true);
    stage.set(|setting| setting.overlap = 80_000);
    // Nothing of it can change any more without getting another stamp.
    stage.pass(200_000);
    sync(stage, census);
    sync(stage, census);
    let types = stage.setting.borrow().types.clone();
    let before: Vec<u64> = types.iter().map(|name| stage.table.again_of(name)).collect();
    sync(stage, census);
    for (name, before) in types.iter().zip(before) {
        let came = stage.table.again_of(name) - before;
        let (since, now) = (stage.server.now() - 80_000_000, stage.server.now());
        if stage.server.latest_stamp(name) > now {
            // A record ahead of the clock may occupy all the room for days.
            continue;
        }
        let read = stage.server.visible(name).iter().filter(|row| row.updated >= since).count() as u64;
        if read > 10 {
            census.count("more records in the overlap than there is memory for");
        }
        assert!(came < read.max(1), "{name}: all of {read} came again");
    }
}

/// Makes one run, which must not take more requests than there is to read; whether it succeeded.
fn sync(stage: &Stage, census: &Census) -> bool {
    let ends = || stage.positions().values().filter_map(super::stored_positions::StoredPosition::end).min();
    let from = ends().unwrap_or(i64::MAX).min(stage.seconds() - 41 * DAY);
    let windows = (stage.seconds() - from).max(0) as usize / (29 * DAY as usize);
    let before = stage.network.requests();
    let is_done = stage.sync().is_ok();
    if !is_done {
        census.count("a run that fails");
    }
    // A list that moves costs more if it comes in pages of one or two.
    let most = if stage.server.cap() < 7 { 8000 } else { 400 } + 2 * windows;
    let requests = stage.network.requests() - before;
    assert!(requests <= most, "{requests} requests in a run, and {most} must do");
    is_done
}

/// Checks that no clock has kept a position from moving up to what can be known, but for what one server may be behind
/// another.
fn assert_moves(stage: &Stage, clocks: &Clocks) {
    if clocks.set_back.is_some() || clocks.ahead_at_first.is_some() {
        return;
    }
    use humansync::clock::Clock;
    let (server, host) = (stage.seconds(), stage.world.now().div_euclid(1000));
    let known = if (server - host).abs() <= DAY { server.min(host) } else { server };
    let since = stage.setting.borrow().since.unwrap_or(i64::MIN);
    for (name, kept) in stage.positions() {
        let end = kept.end().unwrap_or(since);
        assert!(end >= known - 1500, "{name}: the position is at {end}, and it is {known}");
        let latest = server.max(host.min(server)) + 60;
        assert!(end <= latest, "{name}: the position is at {end}, and it is {server} for the server");
    }
}
