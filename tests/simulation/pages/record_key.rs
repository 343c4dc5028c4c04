//! Records without an id, lists of records with and without ids, and ids of any form.

use crate::pages::oracle::{assert_complete, assert_no_id_twice};
use crate::pages::reading::{activities, read_all, walk};
use crate::pages::servers::{read_list, shared};
use crate::server::{LinkForm, MovingList, PagedServer, Record, Totals};
use crate::setup::Setup;
use crate::world::{Conditions, Network, World, seeds};
use humansync::pages::People;
use std::cell::RefCell;
use std::rc::Rc;

/// Which records of a list have an id.
#[derive(Clone, Copy, Debug)]
enum Ids {
    None,
    Some,
    Few,
}

/// How the contents of records repeat.
#[derive(Clone, Copy, Debug)]
enum Contents {
    Different,
    Alike,
    InTurns(u64),
}

fn list(length: u64, ids: Ids, contents: Contents, world: &World) -> MovingList {
    let mut chance = world.chance_for("ids");
    let record = |serial: u64| {
        let has_id = match ids {
            Ids::None => false,
            Ids::Some => chance.happens(0.5),
            Ids::Few => chance.happens(0.05),
        };
        let content = match contents {
            Contents::Different => format!("record {serial}"),
            Contents::Alike => "the same".to_owned(),
            Contents::InTurns(period) => format!("turn {}", serial % period),
        };
        Record::new(serial, has_id.then(|| format!("record-{serial}")), content)
    };
    MovingList::of((0..length).map(record).collect())
}

#[test]
fn in_a_list_that_does_not_change_records_without_an_id_are_delivered_once() {
    for seed in seeds(60) {
        for ids in [Ids::None, Ids::Some, Ids::Few] {
            for contents in [
                Contents::Different,
                Contents::Alike,
                Contents::InTurns(2),
                Contents::InTurns(3),
                Contents::InTurns(7),
            ] {
                let world = World::new(seed);
                let mut chance = world.chance_for("scenario");
                let limit = chance.pick(&[1, 2, 3, 4, 7, 50, 500]);
                let length = chance.within(0..=limit * 9);
                let totals = chance.pick(&[Totals::True, Totals::Hidden, Totals::Off(30)]);
                let links = chance.pick(&[LinkForm::Wire, LinkForm::Hidden]);
                let lanes = chance.pick(&[1, 6]);
                let list = Rc::new(RefCell::new(list(length, ids, contents, &world)));
                let server = PagedServer { totals, links, ..PagedServer::new(&list) };
                let network = Network::new(&world, Conditions::uneven(), server);
                let client = Setup::with_concurrency(lanes).client(&world, &network);
                let reading = world.run(read_all(walk(&client, activities(limit))));
                let case = format!(
                    "{length} by {limit}, {ids:?}, {contents:?}, {totals:?}, {links:?}, {lanes} lanes"
                );
                assert!(reading.error.is_none(), "{case}: {:?}", reading.error);
                assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>(), "{case}");
            }
        }
    }
}

#[test]
fn in_a_list_that_changes_all_records_with_an_id_are_delivered_among_others_without() {
    for seed in seeds(60) {
        let world = World::new(seed);
        let mut chance = world.chance_for("scenario");
        let limit = chance.pick(&[2, 7, 50]);
        let length = chance.within(limit..=limit * 9);
        let rows = list(length, Ids::Some, Contents::Different, &world);
        let list = Rc::new(RefCell::new(rows));
        let churn = crate::server::ListChurn::drawn(world.chance_for("tide"), 20).without_touches();
        let server = PagedServer { churn: Some(churn), ..PagedServer::new(&list) };
        let network = Network::new(&world, Conditions::uneven(), server);
        let client = Setup::default().client(&world, &network);
        let reading = world.run(read_all(walk(&client, activities(limit))));
        assert!(reading.error.is_none(), "{:?}", reading.error);
        let list = list.borrow();
        let has_id = |serial: &u64| reading.records().iter().any(|record| record.serial == *serial);
        let with_ids = list.rows().iter().filter(|record| record.id.is_some()).map(|record| record.serial);
        let constant = list.constant();
        let missed: Vec<u64> =
            with_ids.filter(|serial| constant.contains(serial) && !has_id(serial)).collect();
        assert!(missed.is_empty(), "missed: {missed:?}");
        assert_no_id_twice(&reading.records());
    }
}

#[test]
fn two_records_with_the_same_id_on_one_page_are_both_delivered() {
    let world = World::new(0);
    let row = |serial: u64, id: &str| Record::new(serial, Some(id.to_owned()), format!("record {serial}"));
    let rows = vec![row(0, "a"), row(1, "b"), row(2, "b"), row(3, "c"), row(4, "d"), row(5, "d")];
    let list = Rc::new(RefCell::new(MovingList::of(rows)));
    let network = Network::new(&world, Conditions::uneven(), PagedServer::new(&list));
    let client = Setup::default().client(&world, &network);
    let reading = world.run(read_all(walk(&client, activities(4))));
    assert_eq!(reading.serials(), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn ids_of_any_form_are_told_apart() {
    let world = World::new(0);
    let ids = [
        "",
        "a",
        "0a",
        "A",
        "ab",
        "5502b1e1bfc3ab1c00be0a17",
        "5502B1E1BFC3AB1C00BE0A17",
        "ä",
        "activity:17",
    ];
    let long = "f".repeat(64);
    let rows = ids.iter().map(|id| (*id).to_owned()).chain([long.clone(), format!("{long}f")]).enumerate();
    let rows: Vec<Record> =
        rows.map(|(serial, id)| Record::new(serial as u64, Some(id), String::new())).collect();
    let length = rows.len() as u64;
    let list = Rc::new(RefCell::new(MovingList::of(rows)));
    let network = Network::new(&world, Conditions::uneven(), PagedServer::new(&list));
    let client = Setup::default().client(&world, &network);
    let reading = world.run(read_all(walk(&client, activities(2))));
    assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>());
    assert_complete(&list.borrow(), &reading);
}

#[test]
fn the_same_id_of_two_people_is_two_records() {
    let record = |serial: u64| Record {
        human: format!("{:032x}", serial % 2),
        ..Record::new(serial, Some(format!("{:024x}", serial / 2)), String::new())
    };
    let list = shared(MovingList::of((0..200).map(record).collect()));
    let (reading, short, _) = read_list(&list, 7, People::Many, PagedServer::new(&list));
    assert_eq!(reading.serials(), (0..200).collect::<Vec<_>>());
    assert_eq!(short, []);
}

#[test]
fn a_number_and_the_same_digits_as_text_are_two_ids() {
    let record = |serial: u64| Record {
        is_number: serial >= 100,
        ..Record::new(serial, Some((serial % 100).to_string()), String::new())
    };
    let list = shared(MovingList::of((0..200).map(record).collect()));
    let (reading, _, _) = read_list(&list, 7, People::One, PagedServer::new(&list));
    assert_eq!(reading.serials(), (0..200).collect::<Vec<_>>());
}
