//! Passes that are read in pieces: what a cursor says of the pass so far, and what a later walk makes of it.

use crate::pages::reading::{activities, activities_after, list_of, read_all, read_pages, walk};
use crate::pages::servers::{changing_before, shared};
use crate::server::{MovingList, Oddities, PagedServer, Totals, parameter};
use crate::setup::Setup;
use crate::world::{Census, Chance, Conditions, Network, Server, World};
use humansync::http::{Event, Request};
use humansync::pages::People;
use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

#[test]
fn the_cursor_of_a_walk_for_some_records_leads_to_the_first_one_left_out() {
    for list in [MovingList::with_ids(234), MovingList::without_ids(234)] {
        for wanted in [1, 7, 49, 50, 51, 120, 233, 234, 300] {
            let world = World::new(wanted);
            let list = Rc::new(RefCell::new(list.clone()));
            let network = Network::new(&world, Conditions::uneven(), PagedServer::new(&list));
            let client = Setup::default().client(&world, &network);
            let some = world.run(read_all(walk(&client, activities(50)).at_most(wanted)));
            assert_eq!(some.serials(), (0..wanted.min(234)).collect::<Vec<_>>());
            let rest = world.run(read_all(walk(&client, activities_after(50, &some.cursor()))));
            assert_eq!(rest.serials(), (wanted.min(234)..234).collect::<Vec<_>>(), "{wanted} wanted");
        }
    }
}

#[test]
fn if_the_order_changes_between_cursors_records_are_missing_only_with_a_warning() {
    let mut orders_told = 0;
    for seed in 0..200 {
        let list = shared(MovingList::with_ids(40));
        let changing =
            Oddities { ties: 40, ..Oddities::drawn_by(Chance::new(seed, "order"), &Census::default()) };
        let world = World::new(seed);
        let network = Network::new(
            &world,
            Conditions::uneven(),
            PagedServer { oddities: changing, ..PagedServer::new(&list) },
        );
        let (client, events) = Setup::default().client_with_events(&world, &network);
        let (mut cursor, mut came): (Option<String>, HashSet<u64>) = (None, HashSet::new());
        for pages in [1, 4, 7, usize::MAX] {
            let walk = walk(&client, list_of(People::One, 7, cursor.as_deref()));
            let reading = world.run(read_pages(walk, pages));
            assert!(reading.error.is_none());
            came.extend(reading.serials());
            cursor = reading.pages.last().map(|page| page.cursor.to_text()).or(cursor);
        }
        let events = events.borrow();
        let short = events.iter().any(|(_, event)| matches!(event, Event::CountShort { .. }));
        let order = events
            .iter()
            .any(|(_, event)| matches!(event, Event::Warning(warning) if warning.code == "order-changes"));
        orders_told += u32::from(order);
        assert!(came.len() == 40 || short || order, "seed {seed}: {} delivered, and no warning", came.len());
    }
    assert!(orders_told > 0);
}

#[test]
fn a_list_of_one_record_a_page_is_read_to_the_end_cursor_by_cursor() {
    for totals in [Totals::True, Totals::Hidden] {
        let list = shared(MovingList::with_ids(20));
        let server = PagedServer { totals, cap: 1, ..PagedServer::new(&list) };
        let world = World::new(20);
        let network = Network::new(&world, Conditions::uneven(), server);
        let client = Setup::default().client(&world, &network);
        let (mut cursor, mut came): (Option<String>, Vec<u64>) = (None, Vec::new());
        loop {
            let walk = walk(&client, list_of(People::One, 50, cursor.as_deref()));
            let page = world.run(read_pages(walk, 1)).pages.remove(0);
            if page.records.0.is_empty() {
                break;
            }
            came.extend(page.records.0.iter().map(|record| record.serial));
            assert!(came.len() <= 40, "{totals:?}: {came:?}");
            cursor = Some(page.cursor.to_text());
        }
        assert_eq!(came[..20], (0..20).collect::<Vec<_>>(), "{totals:?}");
    }
}

#[test]
fn a_walk_for_some_records_that_ends_in_a_later_pass_can_be_resumed_there() {
    let (list, late) = (shared(MovingList::with_ids(100)), shared(MovingList::with_ids(100)));
    late.borrow_mut().insert(10);
    late.borrow_mut().insert(10);
    let mut first = PagedServer { totals: Totals::Off(2), ..PagedServer::new(&list) };
    let mut later = PagedServer::new(&late);
    let mut begun = 0;
    let server = move |request: &Request| {
        // From the second pass on, the list shows two records more.
        begun += u32::from(parameter(&request.url, "offset").is_none_or(|offset| offset == "0"));
        if begun > 1 { later.answer(request) } else { first.answer(request) }
    };
    let world = World::new(100);
    let network = Network::new(&world, Conditions::uneven(), server);
    let client = Setup::with_concurrency(1).client(&world, &network);
    let some = world.run(read_all(walk(&client, list_of(People::One, 50, None)).at_most(101)));
    assert_eq!(some.serials().len(), 101);
    let cursor = some.cursor();
    let rest = world.run(read_all(walk(&client, list_of(People::One, 50, Some(&cursor)))));
    let came: HashSet<u64> = some.serials().into_iter().chain(rest.serials()).collect();
    assert_eq!(came.len(), 102);
}

#[test]
fn a_resumed_walk_that_misses_records_reports_it() {
    let list = shared(MovingList::with_ids(100));
    let server = PagedServer { totals: Totals::Off(20), ..PagedServer::new(&list) };
    let world = World::new(20);
    let network = Network::new(&world, Conditions::uneven(), server);
    let (client, events) = Setup::default().client_with_events(&world, &network);
    let begun = world.run(read_pages(walk(&client, list_of(People::One, 50, None)), 1));
    let cursor = begun.pages[0].cursor.to_text();
    let rest = world.run(read_all(walk(&client, list_of(People::One, 50, Some(&cursor)))));
    assert!(rest.error.is_none());
    let short = |event: &Event| matches!(event, Event::CountShort { given: 100, total: 120, .. });
    assert!(events.borrow().iter().any(|(_, event)| short(event)));
}

#[test]
fn after_a_pass_over_the_front_the_last_cursor_leads_to_the_end_of_the_list() {
    let list = shared(MovingList::with_ids(200));
    let server = changing_before(&list, 4, |list| list.insert(0));
    let world = World::new(200);
    let network = Network::new(&world, Conditions::uneven(), server);
    let client = Setup { concurrency: 1, ..Setup::default() }.client(&world, &network);
    let reading = world.run(read_all(walk(&client, list_of(People::One, 50, None))));
    assert!(reading.error.is_none());
    let before = network.requests();
    let cursor = &reading.pages.last().unwrap().cursor.to_text();
    let again = world.run(read_all(walk(&client, list_of(People::One, 50, Some(cursor)))));
    assert_eq!(again.serials(), Vec::<u64>::new());
    assert!(network.requests() - before <= 3, "{} requests", network.requests() - before);
}
