//! Walks in odd worlds: every kind of server, list and network by which a walk was ever known to lose records, mixed by
//! a seed.
//!
//! `cargo xtask worlds walks` runs tens of thousands of them.

use super::reading::{Reading, list_of, read_all, read_pages, walk};
use crate::server::{LinkForm, ListChurn, MovingList, Oddities, Overload, PagedServer, Record, Totals};
use crate::setup::Setup;
use crate::world::{Census, Chance, Conditions, Network, World, worlds};
use humansync::error::Error;
use humansync::http::Event;
use humansync::pages::People;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// How ids are given to records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    /// Each record has an id of its own.
    Unique,
    /// Some records have the id of another.
    SomeTwice,
    /// Each record has an id of its own, as text or as a number: "17" and 17 are two ids.
    TextAndNumbers,
    /// Ids are unique only for each of three people.
    PerPerson,
}

/// What a seed decides.
#[derive(Debug)]
struct Scenario {
    limit: u64,
    length: u64,
    naming: Naming,
    totals: Totals,
    links: LinkForm,
    cap: usize,
    changes: u64,
    breaks: f64,
    lanes: usize,
    /// In how many pieces the list is read, each from the cursor of the one before.
    sittings: usize,
    /// The client has read this list before, with a filter that left several pages.
    has_read_another: bool,
}

impl Scenario {
    fn drawn(chance: &mut Chance) -> Self {
        let limit = chance.pick(&[1, 2, 3, 7, 20, 50]);
        Self {
            limit,
            length: chance.within(0..=(limit * 20).min(300)),
            naming: chance.pick(&[
                Naming::Unique,
                Naming::Unique,
                Naming::Unique,
                Naming::SomeTwice,
                Naming::TextAndNumbers,
                Naming::PerPerson,
            ]),
            totals: match chance.within(0..=9) {
                0 => Totals::Off(-(chance.within(1..=100) as i64)),
                1 => Totals::Off(chance.within(1..=40) as i64),
                2 | 3 => Totals::Hidden,
                _ => Totals::True,
            },
            links: chance.pick(&[
                LinkForm::Wire,
                LinkForm::Wire,
                LinkForm::Relative,
                LinkForm::Unfiltered,
                LinkForm::Hidden,
                LinkForm::Unrelated,
                LinkForm::Empty,
            ]),
            cap: if chance.happens(0.2) { chance.pick(&[1, 1, 2, 5, 30]) } else { 500 },
            changes: chance.pick(&[0, 0, 3, 30]),
            breaks: chance.pick(&[0.0, 0.0, 0.0, 0.05]),
            lanes: chance.pick(&[1, 6]),
            sittings: chance.pick(&[1, 1, 1, 2, 2, 4, 12]),
            has_read_another: chance.happens(0.5),
        }
    }

    fn oddities(&self, chance: &mut Chance, census: &Census, world: &World) -> Oddities {
        let mut oddities = Oddities::drawn_by(world.chance_for("oddities"), census);
        match chance.within(0..=7) {
            0 => oddities.at_least = chance.within(self.limit..=self.limit * 3) as usize,
            1 => oddities.short_pages = chance.pick(&[0.02, 0.2]),
            2 => oddities.first_is_short = true,
            // If the order differs in each answer, records can be missed unless a total counts them. The README says
            // so.
            3 if self.totals == Totals::True && self.changes == 0 => {
                oddities.ties = chance.pick(&[2, 5, 30]);
            }
            4 => {
                let overload = chance.pick(&[
                    Overload::Status(500),
                    Overload::Status(502),
                    Overload::Status(504),
                    Overload::Silence,
                    Overload::Cut,
                ]);
                oddities.overload = Some((chance.pick(&[1, 2, 5, 20]), overload));
            }
            5 => oddities.pursuits = chance.pick(&[1, 4, 5, 12]),
            _ => {}
        }
        oddities
    }

    fn list(&self, chance: &mut Chance) -> MovingList {
        let name = |serial: u64| format!("{:024x}", serial.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let record = |serial: u64| {
            let mut record = Record::new(serial, Some(name(serial)), format!("record {serial}"));
            match self.naming {
                Naming::Unique => {}
                Naming::SomeTwice => {
                    if chance.happens(0.05) {
                        record.id = Some(name(chance.within(0..=serial)));
                    }
                }
                Naming::TextAndNumbers => {
                    record.is_number = serial % 2 == 1;
                    record.id = Some((serial / 2).to_string());
                }
                Naming::PerPerson => {
                    record.human = format!("{:032x}", serial % 3);
                    record.id = Some(name(serial / 3));
                }
            }
            record
        };
        MovingList::of((0..self.length).map(record).collect())
    }
}

/// What identifies a record.
type Identity = (String, bool, String);

fn identity(record: &Record) -> Identity {
    (record.human.clone(), record.is_number, record.id.clone().unwrap())
}

/// What all sittings delivered, and what the client warned of.
struct Outcome {
    readings: Vec<Reading>,
    short: Vec<(u64, u64)>,
    /// It warned that the order changes.
    in_doubt: bool,
}

fn read(world: &World, scenario: &Scenario, network: &Network) -> Outcome {
    let setup = Setup { concurrency: scenario.lanes, max_retries: 20, ..Setup::default() };
    let (client, events) = setup.client_with_events(world, network);
    if scenario.has_read_another {
        // The largest page that the server sends, seen with another filter.
        client.largest_page("/v1/human/activities", (scenario.cap as u64).min(scenario.limit));
    }
    let people = if scenario.naming == Naming::PerPerson { People::Many } else { People::One };
    let mut readings = Vec::new();
    let mut cursor: Option<String> = None;
    let mut chance = world.chance_for("sittings");
    for sitting in 1..=scenario.sittings {
        let walk = walk(&client, list_of(people, scenario.limit, cursor.as_deref()));
        let reading = if sitting < scenario.sittings {
            world.run(read_pages(walk, 1 + chance.index(4)))
        } else {
            world.run(read_all(walk))
        };
        cursor = reading.pages.last().map(|page| page.cursor.to_text()).or(cursor);
        readings.push(reading);
    }
    let short = |event: &Event| match event {
        Event::CountShort { given, total, .. } => Some((*given, *total)),
        _ => None,
    };
    let short = events.borrow().iter().filter_map(|(_, event)| short(event)).collect();
    let in_doubt = events
        .borrow()
        .iter()
        .any(|(_, event)| matches!(event, Event::Warning(warning) if warning.code == "order-changes"));
    Outcome { readings, short, in_doubt }
}

fn odd_world(seed: u64, census: &Census) {
    let world = World::new(seed);
    let mut chance = world.chance_for("scenario");
    let scenario = Scenario::drawn(&mut chance);
    let rows = scenario.list(&mut world.chance_for("list"));
    let names: HashMap<u64, Identity> =
        rows.rows().iter().map(|record| (record.serial, identity(record))).collect();
    let list = Rc::new(RefCell::new(rows));
    let mut churn = ListChurn::drawn(world.chance_for("tide"), scenario.changes);
    if scenario.totals == Totals::True && scenario.sittings == 1 && chance.happens(0.3) {
        churn = if chance.happens(0.5) { churn.of_moves_only() } else { churn.with_moves_down() };
    }
    let has_moves_only = churn.has_moves_only() || scenario.changes == 0;
    let reorders = churn.reorders() && scenario.changes > 0;
    let oddities = scenario.oddities(&mut chance, census, &world);
    let case = format!(
        "seed {seed}: {scenario:?}, {churn:?}, at least {}, short {} {}, ties {}, {:?}",
        oddities.at_least, oddities.short_pages, oddities.first_is_short, oddities.ties, oddities.overload
    );
    let has_ties = oddities.ties > 1;
    let pursues = oddities.pursuits > 0;
    let comes_short = oddities.short_pages > 0.0 || oddities.first_is_short;
    let stands_still = scenario.changes == 0
        && scenario.breaks == 0.0
        && scenario.cap == 500
        && scenario.sittings == 1
        && oddities.ties == 1
        && oddities.short_pages == 0.0
        && oddities.pursuits == 0
        && oddities.overload.is_none();
    let bearable = oddities.overload.map_or(usize::MAX, |(most, _)| most);
    let gives_one_at_a_time = scenario.cap == 1 || bearable == 1;
    let server = PagedServer {
        churn: Some(churn),
        totals: scenario.totals,
        links: scenario.links,
        cap: scenario.cap,
        oddities,
        ..PagedServer::new(&list)
    };
    let conditions =
        Conditions { cut_before: scenario.breaks, cut_after: scenario.breaks, ..Conditions::uneven() };
    let network = Network::new(&world, conditions, server);
    let Outcome { readings, short, in_doubt } = read(&world, &scenario, &network);

    let turns_in_circles =
        |error: &Error| matches!(error, Error::Protocol(error) if error.code == "no-progress");
    if pursues && readings.iter().filter_map(|reading| reading.error.as_ref()).any(turns_in_circles) {
        // The list moved by exactly the distances of the probes for a server that ignores the offset. The walk ends
        // with an error, so that nothing is lost silently.
        census.count("lists that move as if their server ignored the offset");
        return;
    }
    for reading in &readings {
        assert!(reading.error.is_none(), "{:?}\n{case}", reading.error);
    }
    count_kinds(census, &scenario, reorders);
    let given: Vec<&Record> = readings.iter().flat_map(Reading::records).collect();
    let came: HashSet<Identity> = given.iter().map(|record| identity(record)).collect();
    let list = list.borrow();
    // If totals are right, records that moved are delivered too, unless others arrive and leave at the same moment.
    let moved_ones_come = scenario.totals == Totals::True && scenario.sittings == 1 && has_moves_only;
    let missed = |serials: Vec<u64>| -> Vec<u64> {
        serials.into_iter().filter(|serial| !came.contains(&names[serial])).collect()
    };
    let is_told = !short.is_empty() || in_doubt;
    if in_doubt {
        census.count("orders that change while a list is read in pieces");
    }
    if is_told && (has_ties || reorders) {
        census.count("orders that change too fast, and that is told");
    } else if moved_ones_come {
        assert_eq!(missed(list.present()), Vec::<u64>::new(), "records were missed\n{case}");
    }
    // Pages of one record do not overlap: while the list changes, each pass may miss records.
    let overlaps = !(gives_one_at_a_time && scenario.changes > 0);
    // A page of two shows one known record. If its id is in the list twice, and the list has lost exactly as many
    // records as are between the two, the page looks right, and only a count would show the gap. The README says so.
    let may_deceive = scenario.naming == Naming::SomeTwice
        && scenario.totals != Totals::True
        && scenario.changes > 0
        && (scenario.limit == 1 || scenario.cap <= 2 || bearable <= 2);
    // An id that is in the list twice may join pages that do not follow one another. The walk notices that and reads
    // the list again. If the program stops in that pass too, it gets a warning.
    let stops_again = scenario.naming == Naming::SomeTwice && scenario.sittings > 1 && scenario.changes > 0;
    if stops_again && is_told {
        census.count("false seams of a list that is read in pieces, and that is told");
    }
    // A first page that was cut short and a total that is too small may agree by chance, and are believed. The README
    // says so too.
    let shows_links = matches!(scenario.links, LinkForm::Wire | LinkForm::Relative | LinkForm::Unfiltered);
    let agree_by_chance = matches!(scenario.totals, Totals::Off(by) if by < 0) && !shows_links && comes_short;
    if overlaps && !may_deceive && !agree_by_chance && !(is_told && (has_ties || stops_again)) {
        assert_eq!(
            missed(list.constant()),
            Vec::<u64>::new(),
            "records were missed that never moved\n{case}"
        );
    }
    for (given_in_all, total) in short {
        census.count("counts that were short");
        assert!(given_in_all < total, "{given_in_all} of {total}\n{case}");
    }
    if scenario.sittings == 1 {
        assert_no_double(&readings[0], &case);
    }
    if stands_still {
        // Two passes, if the count is short.
        let pages = scenario.length / scenario.limit + 4;
        let most = 2 * pages + 2 * scenario.lanes as u64 + 8;
        assert!(network.requests() as u64 <= most, "{} requests, not {most}\n{case}", network.requests());
    }
    assert!(network.most_in_flight() <= scenario.lanes, "{case}");
    world.settle();
    assert_eq!((network.in_flight(), world.timers_left(), world.tasks_left()), (0, 0, 0), "{case}");
}

/// Checks that no record is delivered in two pages.
fn assert_no_double(reading: &Reading, case: &str) {
    let mut seen = HashSet::new();
    for page in &reading.pages {
        let here: HashSet<Identity> = page.records.0.iter().map(identity).collect();
        for identity in here {
            assert!(seen.insert(identity.clone()), "{identity:?} was delivered twice\n{case}");
        }
    }
}

fn count_kinds(census: &Census, scenario: &Scenario, reorders: bool) {
    census.count(match scenario.naming {
        Naming::Unique => "ids of their own",
        Naming::SomeTwice => "ids that stand in a list twice",
        Naming::TextAndNumbers => "ids as text and as numbers",
        Naming::PerPerson => "ids unique per person only",
    });
    census.count(match scenario.totals {
        Totals::Hidden => "totals hidden",
        Totals::True => "totals true",
        Totals::Off(by) if by < 0 => "totals that lag",
        Totals::Off(_) => "totals too high",
    });
    census.count(match scenario.links {
        LinkForm::Hidden => "links hidden",
        LinkForm::Unrelated => "links of another relation",
        LinkForm::Empty => "links empty",
        LinkForm::Unfiltered => "links without the filter",
        _ => "links",
    });
    match scenario.cap {
        1 => census.count("one record a page"),
        2..500 => census.count("bounds of the server's own"),
        _ => {}
    }
    if scenario.has_read_another {
        census.count("lists that were read before");
    }
    if scenario.sittings > 1 {
        census.count("walks by cursors");
    }
    if scenario.changes > 0 {
        census.count("lists that change");
    }
    if reorders {
        census.count("records that move");
    }
    if scenario.breaks > 0.0 {
        census.count("connections that break");
    }
}

#[test]
fn odd_worlds() {
    worlds("walks", 1500, odd_world);
}
