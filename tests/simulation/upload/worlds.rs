//! Random worlds in which everything that can go wrong with uploads does. The seed decides what.

use super::early_ledger;
use super::odd_server::{EarlyLedger, Mood, ServerSide, moody};
use super::samples::{SampleSupply, TestSample};
use super::stage::{Stage, StageOptions};
use crate::server::Verdict;
use crate::world::{Census, Chance, Conditions, worlds};
use humansync::error::Error;
use std::cell::Cell;
use std::rc::Rc;

/// The answer of a gateway with a broken clock.
const YEAR_9999: Verdict = Verdict::DeferredUntil("Fri, 31 Dec 9999 23:59:59 GMT");
const HOUR: u64 = 3_600_000;

struct OddWorld {
    chance: Chance,
    supply: SampleSupply,
    sides: Vec<ServerSide>,
    early: EarlyLedger,
    census: Census,
}

impl OddWorld {
    fn new(seed: u64, census: &Census) -> Self {
        let mut chance = Chance::new(seed, "odd");
        let cuts = chance.pick(&[0.0, 0.0, 0.05]);
        let options = StageOptions {
            batch_size: chance.pick(&[3, 5, 12]),
            hold: chance.happens(0.3),
            concurrency: chance.pick(&[1, 3, 6]),
            max_retries: chance.pick(&[0, 1, 3]),
            conditions: Conditions { cut_before: cuts, cut_after: cuts, ..Conditions::uneven() },
            disk: 0..=3,
            lingering: chance.pick(&[0.0, 0.5]),
            pieces: 2,
        };
        let mood = Rc::new(Cell::new(Mood::Odd(chance.pick(&[0.0, 0.15, 0.4]))));
        let here = Stage::new(seed, options, moody(&mood, Chance::new(seed, "here"), census));
        let mut sides = vec![ServerSide::new(here, mood.clone())];
        if chance.happens(0.4) {
            census.count("two servers, one store");
            let judge = moody(&mood, Chance::new(seed, "there"), census);
            let there = sides[0].stage.beside("https://trial.example", judge);
            sides.push(ServerSide::new(there, mood));
        }
        let mut supply = SampleSupply::new(Chance::new(seed, "samples"), 2, 50);
        let mut early = EarlyLedger {
            prefix: early_ledger::prefix(),
            is_unowned: false,
            accepted: Vec::new(),
            held: Vec::new(),
        };
        if chance.happens(0.3) {
            census.count("ledger of an early version");
            early.is_unowned = true;
            early.accepted = supply.some(3 + chance.index(15));
            early.held = if chance.happens(0.5) { supply.some(1 + chance.index(2)) } else { Vec::new() };
            early_ledger::write(&sides[0].stage.disk, &early.accepted, &early.held);
            // All sources still have these samples.
            sides.iter_mut().for_each(|side| side.samples.extend(early.accepted.clone()));
        }
        Self { chance, supply, sides, early, census: census.clone() }
    }

    /// Uploads one or two samples, which are held, and whose source is gone then.
    fn leave_some(&mut self, side: usize) {
        let few = self.supply.some(1 + self.chance.index(2));
        let side = &mut self.sides[side];
        let program = side.stage.program();
        match side.upload(&program, &few, &mut self.early) {
            Some(Ok(report)) if report.held == few.len() as u64 && report.carried == 0 => {
                side.kept.extend(few);
            }
            _ => side.samples.extend(few),
        }
    }

    /// One upload, during which something may happen to the machine, the store or the program.
    fn round(&mut self, side: usize) {
        let count = self.chance.index(16);
        let more: Vec<TestSample> = self.supply.some(count);
        let side = &mut self.sides[side];
        side.samples.extend(more);
        if self.chance.happens(0.25) {
            side.lose(&mut self.chance, &self.census);
        }
        let program = side.stage.program();
        let step = side.stage.world.steps() + self.chance.within(1..=90);
        let milliseconds = self.chance.within(31_000..=900_000);
        let (world, network) = (side.stage.world.clone(), side.stage.network.clone());
        let (process, census) = (program.process.clone(), self.census.clone());
        match self.chance.within(0..=4) {
            0 | 1 => side.stage.world.interrupt(step, move || {
                if network.in_flight() > 0 {
                    census.count("asleep with requests under way");
                }
                world.suspend(milliseconds);
            }),
            2 => side.stage.world.interrupt(step, move || {
                census.count("killed");
                process.kill();
            }),
            _ => {}
        }
        let samples = side.samples.clone();
        side.upload(&program, &samples, &mut self.early);
    }

    /// The server asks for a pause without end: it is obeyed and reported, but only for a while.
    fn endless_pause(&mut self, side: usize) {
        let more = self.supply.some(6);
        let side = &mut self.sides[side];
        side.samples.extend(more);
        let before = side.mood.replace(Mood::Only(YEAR_9999));
        let (program, samples) = (side.stage.program_with(false), side.samples.clone());
        let ended = side.upload(&program, &samples, &mut self.early);
        side.mood.set(before);
        let is_paused = |stopped: &humansync::upload::StoppedUpload| match &stopped.error {
            Error::Api(error) => error.status == 429 && error.retry_at.is_some(),
            _ => false,
        };
        if !ended.unwrap().is_err_and(|stopped| is_paused(&stopped)) {
            return;
        }
        self.census.count("Retry-After of the year 9999");
        let sent = side.stage.post.sent();
        let ended = side.upload(&program, &samples, &mut self.early);
        assert!(ended.unwrap().is_err_and(|stopped| is_paused(&stopped)));
        assert_eq!(side.stage.post.sent(), sent, "sent during a pause");
        side.stage.world.run(humansync::clock::Clock::sleep(&side.stage.world, HOUR));
        side.upload(&program, &samples, &mut self.early);
        assert!(side.stage.post.sent() > sent, "the pause has no end");
    }

    fn live(mut self) {
        for side in 0..self.sides.len() {
            if self.chance.happens(0.5) {
                self.leave_some(side);
            }
        }
        for _ in 0..2 + self.chance.index(3) {
            let side = self.chance.index(self.sides.len());
            if self.chance.happens(0.1) {
                self.endless_pause(side);
            }
            self.round(side);
        }
        for side in 0..self.sides.len() {
            let more = self.supply.some(4);
            self.sides[side].come_to_an_end(more, &mut self.early);
        }
    }
}

#[test]
fn odd_worlds() {
    worlds("uploads", 300, |seed, census| OddWorld::new(seed, census).live());
}
