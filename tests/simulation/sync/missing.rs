//! Which records of a consumer the server has no more, judged by the server's own records: those that it has are never
//! reported, and those that were gone before the call always are.

use super::stage::{DAY, Setting, Stage};
use crate::server::{AppChurn, AppServer, Document, OddDate, OddDates, Row, Variant, ok, status};
use crate::world::{Census, Chance, Conditions, Outcome, Process, worlds};
use humansync::api::BatchType;
use humansync::clock::Clock;
use humansync::error::Error;
use humansync::http::Abort;
use humansync::sync::{KnownRecord, KnownRecords};
use std::cell::Cell;
use std::collections::BTreeSet;

const NAME: &str = "weights";

/// What identifies a record: its person and its id.
type Key = (String, String);

fn key(row: &Row) -> Key {
    (row.human.clone(), row.id.clone().unwrap_or_default())
}

fn visible(server: &AppServer) -> BTreeSet<Key> {
    server.visible(NAME).iter().map(key).collect()
}

/// The records of a consumer who goes on keeping them in sync, and so gets new ones while they are streamed.
struct Consumer {
    server: Option<AppServer>,
    clock: Process,
    chance: Chance,
    /// Those that are still to come.
    waiting: Vec<Key>,
    given: BTreeSet<Key>,
    chunk: Vec<Key>,
    kept: Vec<Key>,
}

impl Consumer {
    fn new(stage: &Stage, clock: &Process, known: &BTreeSet<Key>) -> Self {
        Self {
            server: Some(stage.server.clone()),
            clock: clock.clone(),
            chance: stage.world.chance_for("consumer"),
            waiting: known.iter().cloned().collect(),
            given: known.clone(),
            chunk: Vec::new(),
            kept: Vec::new(),
        }
    }
}

impl KnownRecords for Consumer {
    async fn next(&mut self) -> Result<Option<Vec<KnownRecord>>, Error> {
        self.clock.sleep(self.chance.pick(&[0, 0, 50, 20_000, 900_000])).await;
        if let Some(server) = &self.server {
            let new: Vec<Key> = visible(server).difference(&self.given).cloned().collect();
            self.given.extend(new.iter().cloned());
            self.waiting.extend(new);
        }
        let length = (self.chance.within(1..=100) as usize).min(self.waiting.len());
        self.chunk = self.waiting.drain(..length).collect();
        let record = |(human, id): &Key| KnownRecord::of_id(id.as_bytes(), human.as_bytes());
        Ok((length > 0).then(|| self.chunk.iter().map(record).collect()))
    }

    fn keep(&mut self, indices: &[usize]) {
        assert!(indices.is_sorted());
        self.kept.extend(indices.iter().map(|index| self.chunk[*index].clone()));
    }

    fn narrow(&mut self) {
        self.server = None;
        self.waiting = std::mem::take(&mut self.kept);
    }
}

fn missing(stage: &Stage, known: &BTreeSet<Key>, since: i64) -> Result<BTreeSet<Key>, Error> {
    missing_unless_aborted(stage, known, since, Abort::new())
}

fn missing_unless_aborted(
    stage: &Stage,
    known: &BTreeSet<Key>,
    since: i64,
    abort: Abort,
) -> Result<BTreeSet<Key>, Error> {
    let program = stage.program();
    let mut consumer = Consumer::new(stage, &program.process, known);
    let weights = BatchType::from_name(NAME).unwrap();
    stage.world.run(program.app.missing(weights, &mut consumer, since, abort))?;
    let kept = consumer.kept.len();
    let reported: BTreeSet<Key> = consumer.kept.into_iter().collect();
    assert_eq!(reported.len(), kept, "a record was reported twice");
    Ok(reported)
}

#[test]
fn worlds_of_deletions() {
    worlds("missing", 300, world);
}

fn world(seed: u64, census: &Census) {
    let mut chance = Chance::new(seed, "missing");
    let variant = Variant {
        tick: chance.pick(&[1, 1, 1000, 60_000]),
        cap: chance.pick(&[1, 2, 7, 20, 500]),
        ..Variant::drawn(&mut chance)
    };
    if variant.ids_of_persons {
        census.count("ids of persons");
    }
    if !variant.totals {
        census.count("no totals");
    }
    let cuts = chance.pick(&[0.0, 0.0, 0.03]);
    let setting = Setting {
        types: vec![NAME],
        concurrency: chance.pick(&[1, 6]),
        conditions: Conditions { cut_before: cuts, cut_after: cuts, ..Conditions::uneven() },
        max_retries: 20,
        ..Setting::default()
    };
    let (tick, single) = (variant.tick, variant.cap == 1);
    let stage = Stage::new(seed, variant, setting);
    let days = chance.pick(&[0, 3, 40, 100]);
    stage.fill(chance.within(0..=60), days);
    let since = stage.seconds() - (days + 1) * DAY;
    if chance.happens(0.3) {
        census.count("this machine's clock is off");
        stage.world.jump(chance.pick(&[-400 * DAY, -3600, 3600, 200 * DAY]) * 1000);
    }
    if chance.happens(0.3) {
        census.count("odd dates");
        let dates = [OddDate::At(0), OddDate::At(4_084_000_000_000), OddDate::Off(-20 * 60_000)];
        stage.server.set_odd_dates(Some(OddDates {
            first: chance.pick(&[0, 1, 5]),
            every: chance.pick(&[None, Some(7)]),
            date: chance.pick(&dates),
        }));
    }

    // The consumer has got everything so far, and has missed what happens now.
    let mut known = visible(&stage.server);
    let mut churn = AppChurn::drawn(chance.clone(), u64::MAX, 200_000).ticking(tick);
    stage.server.turn(&mut churn, chance.within(0..=40));
    stage.pass(chance.pick(&[0, 1000, 4_000_000]));
    known.extend(visible(&stage.server));
    let strangers = chance.within(0..=3);
    known.extend((0..strangers).map(|number| (format!("{number:032x}"), format!("none-{number}"))));
    let gone: BTreeSet<Key> = known.difference(&visible(&stage.server)).cloned().collect();

    let moves = chance.happens(0.7);
    if moves {
        // With small pages, records may come faster than they can be read.
        let changes = chance.pick(&[20, 100, 500]);
        let drawn = AppChurn::drawn(chance.clone(), changes, 200_000);
        let churn = if chance.happens(0.3) { AppChurn::away(chance.clone(), changes) } else { drawn };
        stage.server.set_churn(Some(churn.ticking(tick)));
    }
    let reported = missing(&stage, &known, since);
    stage.assert_nothing_is_left();
    let left = visible(&stage.server);
    match reported {
        Ok(reported) => {
            let wrong: Vec<_> = reported.intersection(&left).collect();
            let wrong: Vec<_> =
                stage.server.visible(NAME).into_iter().filter(|row| wrong.contains(&&key(row))).collect();
            assert!(wrong.is_empty(), "the server has {wrong:?}, and its clock is {}", stage.server.now());
            let overlooked: Vec<_> = gone.difference(&reported).collect();
            assert!(overlooked.is_empty(), "{overlooked:?} were not reported");
            census.count(if moves { "answered while the list moved" } else { "answered" });
            if !reported.is_empty() {
                census.count("some missing");
            }
        }
        Err(Error::Protocol(error)) if moves => census.count(error.code),
        Err(Error::Protocol(error)) if error.code == "clock-unknown" => census.count(error.code),
        // Pages of a single record do not overlap, so that nothing is proved.
        Err(Error::Protocol(error)) if single && error.code == "order-changes" => {
            census.count("a single record at a time");
        }
        Err(error) => panic!("{error:?}"),
    }
}

/// A stage of some records, what its consumer has, and where they begin.
fn still_stage(variant: Variant) -> (Stage, BTreeSet<Key>, i64) {
    let stage = Stage::new(0, variant, Setting { types: vec![NAME], ..Setting::default() });
    stage.fill(60, 90);
    let (known, since) = (visible(&stage.server), stage.seconds() - 91 * DAY);
    (stage, known, since)
}

#[test]
fn a_list_whose_total_is_too_high_is_refused() {
    let (stage, known, since) = still_stage(Variant::plain(3));
    // Two records of one person have the same id: there seems to be one record less than the total says.
    let latest = stage.server.visible(NAME).into_iter().max_by_key(|row| row.updated).unwrap();
    stage.server.add(NAME, latest.updated - 5 * DAY * 1000, |row| Row {
        id: latest.id.clone(),
        human: latest.human.clone(),
        ..row
    });
    let error = missing(&stage, &known, since).unwrap_err();
    assert!(matches!(error, Error::Protocol(error) if error.code == "count-short"), "{error:?}");
}

#[test]
fn a_list_with_a_record_without_an_id_is_refused() {
    let (stage, known, since) = still_stage(Variant::plain(20));
    stage.server.add(NAME, stage.server.now(), |row| Row { id: None, ..row });
    let error = missing(&stage, &known, since).unwrap_err();
    assert!(matches!(error, Error::Protocol(error) if error.code == "no-ids"), "{error:?}");
}

#[test]
fn a_server_without_a_clock_is_refused() {
    let (stage, known, since) = still_stage(Variant { dates: false, ..Variant::plain(20) });
    let error = missing(&stage, &known, since).unwrap_err();
    assert!(matches!(error, Error::Protocol(error) if error.code == "clock-unknown"), "{error:?}");
}

#[test]
fn a_record_that_does_not_say_whose_it_is_is_known_by_its_id() {
    let (stage, known, since) = still_stage(Variant::plain(20));
    stage.server.add(NAME, stage.server.now(), |row| Row { human: String::new(), ..row });
    let nobodys = stage.server.visible(NAME).into_iter().find(|row| row.human.is_empty()).unwrap();
    let id = nobodys.id.unwrap();
    let known =
        known.into_iter().chain([("anna".to_owned(), id), ("anna".to_owned(), "5502".to_owned())]).collect();
    let reported = missing(&stage, &known, since).unwrap();
    assert_eq!(reported, BTreeSet::from([("anna".to_owned(), "5502".to_owned())]));
}

#[test]
fn what_is_dated_before_since_is_taken_for_missing_and_what_is_dated_in_the_future_is_not() {
    let (stage, _, since) = still_stage(Variant::plain(20));
    let now = stage.server.now();
    for days in [1, 10, 30, 100, 370] {
        stage.server.add(NAME, now + days * DAY * 1000, |row| row);
    }
    stage.server.add(NAME, (since - 5) * 1000, |row| row);
    let known = visible(&stage.server);
    let reported = missing(&stage, &known, since).unwrap();
    let old = stage.server.visible(NAME).into_iter().find(|row| row.updated < since * 1000).unwrap();
    assert_eq!(reported, BTreeSet::from([key(&old)]));
    assert_eq!(missing(&stage, &known, since - 5).unwrap(), BTreeSet::new());
}

#[test]
fn an_answer_without_records_that_the_server_has_reports_none_of_them() {
    for wrong in 0..45 {
        let (stage, mut known, since) = still_stage(Variant { totals: wrong % 2 == 0, ..Variant::plain(20) });
        known.insert(("anna".to_owned(), "5502".to_owned()));
        let asked = Cell::new(0);
        stage.server.set_judge(move |_| {
            let number = asked.replace(asked.get() + 1);
            (number == wrong).then(|| Outcome::Reply(ok(Document::List(Vec::new()))))
        });
        match missing(&stage, &known, since) {
            Ok(reported) => assert_eq!(reported, BTreeSet::from([("anna".to_owned(), "5502".to_owned())])),
            Err(error) => assert!(matches!(error, Error::Protocol(_)), "{error:?}"),
        }
    }
}

#[test]
fn a_beginning_after_everything_is_refused() {
    let (stage, known, _) = still_stage(Variant::plain(20));
    let error = missing(&stage, &known, stage.seconds() + DAY).unwrap_err();
    assert!(matches!(error, Error::Option(error) if error.option == "since"));
}

#[test]
fn records_that_are_updated_again_and_again_are_not_reported() {
    for seed in 0..60 {
        let variant = Variant::plain([2, 3, 7][seed as usize % 3]);
        let stage = Stage::new(seed, variant, Setting { types: vec![NAME], ..Setting::default() });
        stage.fill(40, 0);
        let known = visible(&stage.server);
        // Every request finds a record changed in the moment in which it is read, and others in its window moved.
        stage.server.set_echo(Some((stage.world.chance_for("echo"), 1.0)));
        stage.server.set_churn(Some(AppChurn::away(stage.world.chance_for("away"), u64::MAX)));
        match missing(&stage, &known, stage.seconds() - DAY) {
            Ok(reported) => assert_eq!(reported, BTreeSet::new(), "seed {seed}"),
            Err(Error::Protocol(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[test]
fn if_nothing_changes_it_reads_the_list_and_once_more_if_anything_is_missing() {
    let (stage, mut known, since) = still_stage(Variant::plain(500));
    assert_eq!(missing(&stage, &known, since).unwrap(), BTreeSet::new());
    // Three closed windows, the open one, those of a year to come, and a request for the clock. Until the server has sent a
    // longer page, a second one shows that a list is over.
    let whole = stage.network.requests();
    assert!(whole <= 19, "{whole}");
    known.insert(("anna".to_owned(), "5502".to_owned()));
    assert_eq!(missing(&stage, &known, since).unwrap().len(), 1);
    assert!(stage.network.requests() - whole <= 2 * whole, "{} {whole}", stage.network.requests());
}

#[test]
fn a_refusal_a_signal_and_an_error_of_the_consumer_end_it() {
    let (stage, known, since) = still_stage(Variant::plain(20));
    stage.server.set_judge(|_| Some(Outcome::Reply(status(403))));
    let error = missing(&stage, &known, since).unwrap_err();
    assert!(matches!(&error, Error::Api(error) if error.status == 403), "{error:?}");
    stage.server.clear_judge();
    for steps in (0..60).step_by(3) {
        let abort = Abort::new();
        let flag = abort.clone();
        stage.world.interrupt(stage.world.steps() + steps, move || flag.abort());
        let ended = missing_unless_aborted(&stage, &known, since, abort);
        stage.world.interrupt(u64::MAX, || ());
        assert!(matches!(ended, Err(Error::Aborted)) || steps > 20 && ended.is_ok(), "{steps}: {ended:?}");
        stage.assert_nothing_is_left();
    }
}
