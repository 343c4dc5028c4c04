//! Programs on several machines that share a store, and lose its locks at any moment: they were too slow, or stopped, and
//! another one has the lock since. Their consumer writes only what is newer.

use super::given_deltas::{GivenDeltas, MOST_AGAIN};
use super::stage::{DAY, Setting, Stage};
use crate::server::{AppChurn, Variant};
use crate::world::{Census, Chance, Conditions, Told, worlds};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, join_all};
use humansync::clock::Clock;
use humansync::error::Error;
use humansync::http::Abort;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Until when programs that lost their locks may not have known it, by the numbers of their accesses to the disk.
type Losses = Rc<RefCell<BTreeMap<u64, u64>>>;

struct SharedStore {
    stage: Stage,
    chance: Chance,
    losses: Losses,
    census: Census,
}

impl SharedStore {
    fn new(seed: u64, census: &Census) -> Self {
        let mut chance = Chance::new(seed, "lost locks");
        // With coarser stamps, two states of a record may have the same one, and nothing tells which is newer.
        let variant = Variant { tick: 1, cap: chance.pick(&[2, 7, 500]), ..Variant::drawn(&mut chance) };
        let of_one_person = chance.happens(0.4);
        let variant = match of_one_person {
            // Of a list that is read whole, the states of all records are stored.
            true => Variant {
                of_one_person,
                ids_of_persons: false,
                ignores_updates: chance.happens(0.5),
                ..variant
            },
            false => variant,
        };
        let types = match of_one_person {
            true => [vec!["weight"], vec!["weight", "activities/summaries"]],
            false => [vec!["weights"], vec!["weights", "sleeps"]],
        };
        let cuts = chance.pick(&[0.0, 0.0, 0.03]);
        let setting = Setting {
            types: chance.pick(&types),
            concurrency: chance.pick(&[1, 3, 6]),
            overlap: chance.pick(&[60, 300]),
            window_records: chance.pick(&[50_000, 50_000, 10, 3]),
            busy: chance.pick(&[0..=0, 0..=30, 0..=400]),
            disk: Chance::new(seed, "disk").pick(&[0..=8, 0..=8, 0..=400]),
            conditions: Conditions { cut_before: cuts, cut_after: cuts, ..Conditions::uneven() },
            max_retries: 20,
            any_order: true,
            ..Setting::default()
        };
        let is_whole = of_one_person && variant.ignores_updates;
        let stage = Stage::new(seed, variant, setting);
        stage.table.may_forget();
        stage.table.keep_newest();
        let count = chance.within(5..=40);
        stage.fill(count, 40);
        if of_one_person {
            census.count(if is_whole { "a person's lists, read whole" } else { "a person's lists" });
        } else {
            stage.set(|setting| setting.since = Some(stage.seconds() - 41 * DAY));
        }
        Self { stage, chance, losses: Losses::default(), census: census.clone() }
    }

    fn late(&self) -> i64 {
        self.stage.setting.borrow().overlap
    }

    /// Several programs at once.
    fn round(&mut self) {
        let late = self.late() as u64 * 1000 - 4000;
        self.stage.server.set_churn(Some(AppChurn::drawn(self.chance.clone(), 8, late)));
        let count = 2 + self.chance.index(2);
        let runs: Vec<_> = (0..count).map(|_| self.run()).collect();
        for _ in 0..self.chance.within(0..=3) {
            let (lose, wait) = (self.loser(), self.stage.world.sleep(self.chance.within(0..=2500)));
            let loss = async move {
                wait.await;
                lose();
            };
            self.stage.world.spawn(loss.boxed_local());
        }
        let step = self.stage.world.steps() + self.chance.within(1..=200);
        let lose = self.loser();
        self.stage.world.interrupt(step, lose);
        for (number, ended) in self.stage.world.run(join_all(runs)) {
            self.assert_ended_well(number, ended);
        }
        self.stage.world.interrupt(u64::MAX, || ());
        self.stage.server.set_churn(None);
        // What is on its way comes to its end.
        self.stage.pass(5000);
    }

    /// A run of a new program, and the number of its access to the disk.
    fn run(&mut self) -> LocalBoxFuture<'static, (u64, Result<(), Error>)> {
        let begin = self.stage.world.sleep(self.chance.within(0..=500));
        let program = self.stage.program();
        let number = self.stage.disk.opened();
        let mut run = self.stage.run_of(&program, &Abort::new());
        let (table, server, losses) =
            (self.stage.table.clone(), self.stage.server.clone(), self.losses.clone());
        let (busy, mut chance) = (self.stage.setting.borrow().busy.clone(), self.chance.clone());
        let (late, disk, clock) = (self.late(), self.stage.disk.clone(), self.stage.world.clone());
        let deltas = GivenDeltas::new(&clock, &disk, Some(number));
        let mut later = 0;
        async move {
            begin.await;
            loop {
                deltas.done();
                let delta = match run.next().await {
                    Ok(Some(delta)) => delta,
                    Ok(None) => return (number, Ok(())),
                    Err(error) => return (number, Err(error)),
                };
                let now = clock.elapsed();
                let known = losses.borrow().get(&number).copied().unwrap_or(u64::MAX);
                assert!(now <= known, "a delta came after the loss of the lock was known");
                deltas.give(delta.name, &delta.checkpoint);
                // Each of them is done and not stored, or the one that the consumer has.
                later += usize::from(disk.superseded(number).is_some_and(|at| at < now));
                assert!(later <= MOST_AGAIN, "{later} deltas came after another had the lock");
                clock.sleep(chance.within(busy.clone())).await;
                table.take(delta.name, &delta.records.0, &server);
                table.assert_positions_hold(&server, super::stage::on_disk(&disk, &server), late, false);
                clock.sleep(chance.within(busy.clone())).await;
            }
        }
        .boxed_local()
    }

    /// Takes the locks away, and notes whose they were.
    fn loser(&mut self) -> impl Fn() + 'static {
        let told = match self.chance.within(0..=2) {
            0 => Told::InTime,
            1 => Told::Late(self.chance.within(0..=2000)),
            _ => Told::Never,
        };
        let (disk, world) = (self.stage.disk.clone(), self.stage.world.clone());
        let (losses, census) = (self.losses.clone(), self.census.clone());
        move || {
            for number in disk.lose_locks(told) {
                let now = world.elapsed();
                let (kind, known) = match told {
                    Told::InTime => ("a lock lost, and its holder told in time", now),
                    Told::Late(later) => ("a lock lost, and its holder told late", now + later),
                    Told::Never => ("a lock lost, and its holder never told", u64::MAX),
                };
                census.count(kind);
                losses.borrow_mut().entry(number).or_insert(known);
            }
        }
    }

    /// A run that has lost its lock may end with the error that says so; no other one may.
    fn assert_ended_well(&self, number: u64, ended: Result<(), Error>) {
        let Err(Error::Store(error)) = ended else { return };
        assert!(matches!(error.code, "lock-lost" | "fenced"), "{error:?}");
        assert!(self.losses.borrow().contains_key(&number), "{number} has not lost its lock: {error:?}");
        self.census.count(match error.code {
            "fenced" => "a run ended by a refused write",
            _ => "a run ended by the loss",
        });
    }

    fn come_to_an_end(&self) {
        // Changes that become visible late do so now.
        self.stage.pass(self.late().unsigned_abs() * 1000);
        // Of what is dated ahead of the clock, a run that comes from far behind leaves the rest to the next one.
        let done = (0..50).filter(|_| self.stage.sync().is_ok()).take(2).count();
        assert_eq!(done, 2, "the last runs failed");
        let types = self.stage.setting.borrow().types.clone();
        self.stage.table.assert_equal(&self.stage.server, &types);
        for _ in 0..self.stage.disk.refused() {
            self.census.count("a write refused");
        }
        self.stage.assert_nothing_is_left();
    }
}

#[test]
fn odd_worlds_of_lost_locks() {
    worlds("lost-sync-locks", 300, |seed, census| {
        let mut shared = SharedStore::new(seed, census);
        for _ in 0..1 + shared.chance.index(3) {
            shared.round();
        }
        shared.come_to_an_end();
    });
}
