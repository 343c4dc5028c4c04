//! Programs on several machines that share a store, and lose its locks at any moment: they were too slow, or stopped, and
//! another one has the lock since.

use super::oracle::{assert_arrived, assert_watermarks, contents, died_soon_after};
use super::samples::{SampleSupply, TestSample, facts, ndjson};
use super::stage::{Program, Stage, StageOptions, UploadOutcome};
use crate::server::{Fact, Verdict};
use crate::world::{Census, Chance, Conditions, Told, worlds};
use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, join, join_all};
use humansync::clock::Clock;
use humansync::error::Error;
use humansync::http::Abort;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Until when programs that lost their locks may not have known it, by their numbers.
type Losses = Rc<RefCell<BTreeMap<u64, u64>>>;

struct SharedStore {
    stage: Stage,
    chance: Chance,
    samples: Vec<TestSample>,
    /// Whether the endpoint fails now and then.
    is_moody: Rc<Cell<bool>>,
    losses: Losses,
    census: Census,
}

impl SharedStore {
    fn new(seed: u64, census: &Census) -> Self {
        let mut chance = Chance::new(seed, "lost locks");
        let cuts = chance.pick(&[0.0, 0.0, 0.05]);
        let options = StageOptions {
            batch_size: chance.pick(&[3, 5, 12]),
            hold: chance.happens(0.2),
            concurrency: chance.pick(&[1, 3, 6]),
            max_retries: chance.pick(&[0, 3]),
            conditions: Conditions { cut_before: cuts, cut_after: cuts, ..Conditions::uneven() },
            // Slow ones write long after the lock is lost.
            disk: chance.pick(&[0..=3, 0..=8, 0..=400]),
            lingering: chance.pick(&[0.0, 0.5]),
            ..StageOptions::default()
        };
        let is_moody = Rc::new(Cell::new(chance.happens(0.5)));
        let (mood, mut drawn) = (is_moody.clone(), Chance::new(seed, "endpoint"));
        let stage = Stage::new(seed, options, move |_| match drawn.within(0..=19) {
            0 if mood.get() => Verdict::Deferred(429, 2),
            1 if mood.get() => Verdict::Refused(503),
            _ => Verdict::Accepted,
        });
        let count = 20 + chance.index(41);
        let samples = SampleSupply::new(Chance::new(seed, "samples"), 2, 40).some(count);
        Self { stage, chance, samples, is_moody, losses: Losses::default(), census: census.clone() }
    }

    /// Several programs at once, each with a part of the samples.
    fn round(&mut self) {
        let count = 2 + self.chance.index(2);
        let programs: Vec<Program> = (0..count).map(|_| self.stage.program()).collect();
        let mut uploads = Vec::new();
        for program in &programs {
            let share = self.chance.pick(&[0.5, 1.0]);
            let part: Vec<_> = self.samples.iter().filter(|_| self.chance.happens(share)).cloned().collect();
            let begin = self.stage.world.sleep(self.chance.within(0..=300));
            let program = program.clone();
            uploads.push(async move {
                begin.await;
                (program.number, program.upload(&ndjson(&part), &Abort::new()).await)
            });
        }
        for _ in 0..self.chance.within(0..=3) {
            let at = self.chance.within(0..=900);
            self.lose_at(at);
        }
        let step = self.stage.world.steps() + self.chance.within(1..=150);
        let (victim, dies) = (self.chance.pick(&programs).process, self.chance.happens(0.3));
        let lose = self.loser();
        self.stage.world.interrupt(step, move || if dies { victim.kill() } else { lose() });
        let looks = self.look_now_and_then();
        let (ended, ()) = self.stage.world.run(join(join_all(uploads), looks));
        self.stage.world.interrupt(u64::MAX, || ());
        for (number, ended) in ended {
            self.assert_ended_well(number, ended.as_ref());
        }
        // What is on its way comes to its end.
        self.stage.world.run(self.stage.world.sleep(5000));
    }

    /// Reads the ledger without its lock while others write: what is read may be out of date, but it is never damaged.
    fn look_now_and_then(&mut self) -> LocalBoxFuture<'static, ()> {
        let looks = self.chance.within(0..=2);
        let waits: Vec<_> = (0..looks).map(|_| self.stage.world.sleep(self.chance.within(0..=900))).collect();
        let (program, lines) = (self.stage.program(), ndjson(&self.samples));
        async move {
            for wait in waits {
                wait.await;
                let planned = program.plan(&lines).await;
                assert!(planned.is_ok(), "{planned:?}");
                let watermarks = program.watermarks().await;
                assert!(watermarks.is_ok(), "{watermarks:?}");
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

    fn lose_at(&mut self, milliseconds: u64) {
        let (lose, wait) = (self.loser(), self.stage.world.sleep(milliseconds));
        self.stage.world.spawn(
            async move {
                wait.await;
                lose();
            }
            .boxed_local(),
        );
    }

    /// A program that has lost its lock may end with the error that says so; no other one may.
    fn assert_ended_well(&self, number: u64, ended: Option<&UploadOutcome>) {
        let Some(Err(stopped)) = ended else { return };
        if let Error::Store(error) = &stopped.error {
            assert!(matches!(error.code, "lock-lost" | "fenced"), "{error:?}");
            assert!(self.losses.borrow().contains_key(&number), "{number} has not lost its lock: {error:?}");
            self.census.count(match error.code {
                "fenced" => "an upload ended by a refused write",
                _ => "an upload ended by the loss",
            });
        }
    }

    /// Nothing is sent by one who knows that the lock is lost. Nobody who has the lock sends what was acknowledged to
    /// one who could record it.
    fn judge_letters(&self) {
        let (losses, letters) = (self.losses.borrow(), self.stage.post.letters());
        let mut acknowledged: BTreeSet<Fact> = BTreeSet::new();
        for (number, contents) in contents(&self.stage).into_iter().enumerate() {
            let letter = &letters[number];
            let known = losses.get(&letter.sender).copied().unwrap_or(u64::MAX);
            let lost = self.stage.disk.superseded(letter.sender).unwrap_or(u64::MAX);
            assert!(letter.sent <= known, "request {number} was sent after the loss of the lock was known");
            if letter.sent <= lost {
                let again = contents.iter().find(|fact| acknowledged.contains(*fact));
                assert!(again.is_none(), "request {number} has {again:?} again");
            }
            let is_recorded =
                |at| at + self.stage.longest_write() < lost && !died_soon_after(&self.stage, at);
            if letter.acknowledged().is_some_and(is_recorded) {
                acknowledged.extend(contents);
            }
        }
    }

    fn come_to_an_end(&mut self) {
        self.is_moody.set(false);
        let done = (0..60).any(|_| {
            let upload = self.stage.program_with(false).upload(&ndjson(&self.samples), &Abort::new());
            let ended = self.stage.world.run(upload).unwrap();
            ended.is_ok_and(|report| report.failed + report.unknown == 0 && report.warnings.is_empty())
        });
        assert!(done, "sixty uploads, and none came to its end");
        self.judge_letters();
        let arrived: BTreeSet<Fact> = self.stage.inbox.arrivals().into_keys().collect();
        let open: BTreeSet<Fact> = facts(&self.samples).difference(&arrived).cloned().collect();
        assert!(open.len() < 3, "{} have not arrived", open.len());
        let sent = self.stage.post.sent();
        let again = self.stage.upload(&self.samples).unwrap();
        assert_eq!((again.sent, self.stage.post.sent()), (0, sent), "{again:?}");
        let arrived: Vec<TestSample> =
            self.samples.iter().filter(|sample| !open.contains(&sample.fact())).cloned().collect();
        assert_arrived(&self.stage, &arrived);
        // What is held may have arrived by one who could not record it.
        if again.held + again.unknown == 0 {
            let watermarks = self.stage.world.run(self.stage.program().watermarks()).unwrap();
            assert_watermarks(&watermarks, &facts(&arrived), &open, "at the end");
        }
        for _ in 0..self.stage.disk.refused() {
            self.census.count("a write refused");
        }
        self.stage.assert_nothing_is_left("at the end");
    }
}

#[test]
fn odd_worlds_of_lost_locks() {
    worlds("lost-upload-locks", 300, |seed, census| {
        let mut shared = SharedStore::new(seed, census);
        for _ in 0..1 + shared.chance.index(3) {
            shared.round();
        }
        shared.come_to_an_end();
    });
}
