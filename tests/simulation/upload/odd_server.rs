//! A server and its senders in a world where everything that can go wrong does, and what must be true of them at any
//! time.

use super::early_ledger::month_key;
use super::oracle::{acknowledged, assert_watermarks, contents, died_soon_after};
use super::samples::{TestSample, facts, ndjson};
use super::stage::{Program, Stage, UploadOutcome};
use crate::server::{Fact, Page, Parcel, Verdict};
use crate::world::{Census, Chance};
use humansync::http::Abort;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// How an endpoint answers.
#[derive(Clone, Copy, PartialEq)]
pub enum Mood {
    /// Accepts everything.
    Well,
    /// Always this.
    Only(Verdict),
    /// Fails in any way, with this probability.
    Odd(f64),
}

/// An endpoint whose mood the test sets.
pub fn moody(
    mood: &Rc<Cell<Mood>>,
    mut chance: Chance,
    census: &Census,
) -> impl FnMut(&Parcel) -> Verdict + 'static {
    let (mood, census) = (mood.clone(), census.clone());
    move |_| match mood.get() {
        Mood::Well => Verdict::Accepted,
        Mood::Only(verdict) => verdict,
        Mood::Odd(badness) if !chance.happens(badness) => Verdict::Accepted,
        Mood::Odd(_) => odd(&mut chance, &census),
    }
}

fn odd(chance: &mut Chance, census: &Census) -> Verdict {
    let status = chance.pick(&[500, 502, 504]);
    let (kind, verdict) = match chance.within(0..=13) {
        0 => ("page of a proxy under 200", Verdict::Strange(Page::Html)),
        1 => ("another 2xx", Verdict::Strange(Page::Status(chance.pick(&[201, 202, 204, 206])))),
        2 => ("207", Verdict::Strange(Page::Status(207))),
        3 => ("JSON that says that it failed", Verdict::Strange(Page::Failure)),
        4 | 5 => ("answer that breaks off", Verdict::BrokenOff),
        6 => ("answer that does not come or end", Verdict::Unanswered { accepted: chance.happens(0.5) }),
        7..=9 => ("400 of a gateway", Verdict::Refused(400)),
        10 => ("422", Verdict::Refused(422)),
        11 => ("accepted under a 5xx", Verdict::AcceptedUnder(status)),
        12 => ("429 or 503", Verdict::Deferred(chance.pick(&[429, 503]), 2)),
        _ => ("5xx", Verdict::Refused(status)),
    };
    census.count(kind);
    verdict
}

/// A server, and all that is known of it without the library.
pub struct ServerSide {
    /// The endpoint and its programs.
    pub stage: Stage,
    /// The mood of its endpoint.
    pub mood: Rc<Cell<Mood>>,
    /// The samples in its source.
    pub samples: Vec<TestSample>,
    /// Samples that are held, and in no source any more.
    pub kept: Vec<TestSample>,
    /// What its programs can know to be acknowledged.
    acknowledged: BTreeSet<Fact>,
    /// How many requests were checked already.
    judged: usize,
    /// The prefixes of its keys.
    pub prefixes: BTreeSet<String>,
    /// Whether a part of its ledger was lost and no program has reported it yet; `None` if the one that did may have
    /// died.
    owed: Option<bool>,
    /// Whether a part of its ledger was ever lost.
    was_robbed: bool,
    /// Whether it owns an early ledger.
    owns_early: bool,
}

impl ServerSide {
    /// The server of `stage`, whose endpoint follows `mood`.
    pub fn new(stage: Stage, mood: Rc<Cell<Mood>>) -> Self {
        Self {
            stage,
            mood,
            samples: Vec::new(),
            kept: Vec::new(),
            acknowledged: BTreeSet::new(),
            judged: 0,
            prefixes: BTreeSet::new(),
            owed: Some(false),
            was_robbed: false,
            owns_early: false,
        }
    }

    /// Runs one upload until it ends or its program dies.
    pub fn upload(
        &mut self,
        program: &Program,
        source: &[TestSample],
        early: &mut EarlyLedger,
    ) -> Option<UploadOutcome> {
        let before = self.stage.disk.keys();
        let first = self.stage.post.sent();
        let ended = self.stage.world.run(program.upload(&ndjson(source), &Abort::new()));
        self.stage.world.interrupt(u64::MAX, || ());
        for key in self.stage.disk.keys() {
            let Some(end) = key.match_indices('/').nth(1) else { continue };
            let prefix = &key[..=end.0];
            if early.is_unowned && key == format!("{}server", early.prefix) {
                early.is_unowned = false;
                self.owns_early = true;
                self.acknowledged.extend(facts(&early.accepted));
                self.kept.append(&mut early.held);
                self.prefixes.insert(early.prefix.clone());
            } else if prefix != early.prefix && !before.contains(&key) {
                self.prefixes.insert(prefix.to_owned());
            }
        }
        self.judge_letters();
        match &ended {
            None => self.owed = self.owed.filter(|owed| !owed),
            Some(ended) => {
                let report = match ended {
                    Ok(report) => report,
                    Err(stopped) => &stopped.report,
                };
                let told = report.warnings.iter().any(|warning| warning.code == "ledger-incomplete");
                assert!(self.owed.is_none_or(|owed| owed == told), "{:?}, {ended:?}", self.owed);
                self.owed = Some(false);
                assert_eq!(report.resent, self.resent_since(first), "{ended:?}");
            }
        }
        ended
    }

    /// Asserts that nothing was sent again that was acknowledged.
    fn judge_letters(&mut self) {
        let (letters, contents) = (self.stage.post.letters(), contents(&self.stage));
        for number in self.judged..letters.len() {
            for fact in &contents[number] {
                assert!(!self.acknowledged.contains(fact), "request {number} has {fact:?} again");
            }
            let at = letters[number].acknowledged();
            if at.is_some_and(|at| !died_soon_after(&self.stage, at)) {
                self.acknowledged.extend(contents[number].iter().cloned());
            }
        }
        self.judged = letters.len();
    }

    /// How many samples were resent, in the requests from this one on, though the server may have had them.
    fn resent_since(&self, first: usize) -> u64 {
        let (mut doubtful, mut resent) = (BTreeSet::new(), BTreeSet::new());
        let letters = self.stage.post.letters();
        for (letter, contents) in letters.iter().zip(contents(&self.stage)).skip(first) {
            resent.extend(contents.iter().filter(|fact| doubtful.contains(*fact)).cloned());
            if letter.is_in_doubt() {
                doubtful.extend(contents);
            }
        }
        resent.len() as u64
    }

    /// The store loses a value of the ledger. What nobody can know any more counts as new.
    pub fn lose(&mut self, chance: &mut Chance, census: &Census) {
        let is_its_own = |key: &&String| self.prefixes.iter().any(|prefix| key.starts_with(prefix.as_str()));
        let keys = self.stage.disk.keys();
        let its_own: Vec<&String> = keys.iter().filter(is_its_own).collect();
        let has = |part: &str| its_own.iter().any(|key| key.contains(part));
        // While batches are unsettled, a loss may look like the death of a program.
        if self.owed != Some(false) || has("/batch/") || !has("/sent/") || !has("/index") {
            return;
        }
        let index = chance.happens(0.5);
        let part = if index { "/index" } else { "/sent/" };
        let candidates: Vec<&String> = its_own.into_iter().filter(|key| key.contains(part)).collect();
        let key = chance.pick(&candidates).clone();
        let prefix = &key[..key.find(part).unwrap() + 1];
        if !index {
            self.acknowledged.retain(|fact| month_key(prefix, &fact.device, fact.month()) != key);
        }
        self.stage.disk.lose(&key);
        census.count(if index { "the index is lost" } else { "a month is lost" });
        (self.owed, self.was_robbed) = (Some(true), true);
    }

    /// Everything works again: all samples arrive, and the watermarks are right.
    pub fn come_to_an_end(&mut self, more: Vec<TestSample>, early: &mut EarlyLedger) {
        self.mood.set(Mood::Well);
        self.samples.extend(more);
        let done = (0..60).any(|_| {
            let (program, samples) = (self.stage.program_with(false), self.samples.clone());
            let ended = self.upload(&program, &samples, early);
            ended.unwrap().is_ok_and(|report| report.failed + report.unknown == 0)
        });
        assert!(done, "sixty uploads, and none came to its end");
        self.stage.world.settle();
        let mut arrived: BTreeSet<Fact> = self.stage.inbox.arrivals().into_keys().collect();
        if self.owns_early {
            arrived.extend(facts(&early.accepted));
        }
        let wanted: BTreeSet<Fact> = facts(self.samples.iter().chain(&self.kept));
        let missing: Vec<&Fact> = wanted.difference(&arrived).collect();
        // One or two may be held.
        assert!(missing.len() < 3, "{} are missing: {missing:?}", missing.len());
        let held = self.stage.world.run(self.stage.program().plan(b"")).unwrap();
        // Some of these may have arrived without their sender knowing.
        assert!(held.samples + held.held >= missing.len() as u64, "{missing:?}");

        let in_vain = |exchange: &crate::world::Exchange| {
            exchange.is_given_up_in_vain() && !self.stage.deaths().contains(&exchange.ended)
        };
        assert!(!self.stage.network.log().iter().any(in_vain), "an answer was there, and not read");
        // A program that died may have known of acknowledgements that it could not record.
        if !self.was_robbed && !self.owns_early && self.stage.deaths().is_empty() {
            let watermarks = self.stage.world.run(self.stage.program().watermarks()).unwrap();
            let accepted = acknowledged(&self.stage);
            let open = wanted.difference(&accepted).cloned().collect();
            assert_watermarks(&watermarks, &accepted, &open, "at the end");
        }
    }
}

/// A ledger of an early version.
pub struct EarlyLedger {
    /// The prefix of its keys.
    pub prefix: String,
    /// Whether no server owns it yet.
    pub is_unowned: bool,
    /// Samples that were acknowledged.
    pub accepted: Vec<TestSample>,
    /// Samples that are held.
    pub held: Vec<TestSample>,
}
