//! The smallest input of each kind of oddity that records were once lost by; `worlds` has them mixed, by the thousand.

use crate::pages::reading::{Reading, list_of, read_all, read_pages, walk};
use crate::server::{Document, LinkForm, MovingList, Oddities, Overload, Paged, Record, Totals, parameter};
use crate::setup::Setup;
use crate::world::{Census, Chance, Conditions, Network, Outcome, Server, World};
use humansync::http::{Body, Event, Request, Response};
use humansync::pages::People;
use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

/// Reads `list` with six lanes; what the client told of short counts comes along, and the number of requests.
fn read(
    list: &Rc<RefCell<MovingList>>,
    limit: u64,
    people: People,
    server: impl Server + 'static,
) -> (Reading, Vec<(u64, u64)>, usize) {
    let world = World::new(list.borrow().len() as u64);
    let network = Network::new(&world, Conditions::uneven(), server);
    let (client, told) = Setup::default().client_that_tells(&world, &network);
    let reading = world.run(read_all(walk(&client, list_of(people, limit, None))));
    let short = |event: &Event| match event {
        Event::CountShort { given, total } => Some((*given, *total)),
        _ => None,
    };
    let short = told.borrow().iter().filter_map(|(_, event)| short(event)).collect();
    (reading, short, network.requests())
}

fn shared(list: MovingList) -> Rc<RefCell<MovingList>> {
    Rc::new(RefCell::new(list))
}

fn oddities() -> Oddities {
    Oddities::drawn_by(Chance::new(0, "oddities"), &Census::default())
}

/// A server of `list` that does `act` to it before the request with this number.
fn acting(
    list: &Rc<RefCell<MovingList>>,
    before_request: usize,
    act: impl FnOnce(&mut MovingList) + 'static,
) -> impl Server + 'static {
    let mut server = Paged::new(list);
    let (list, mut act, mut requests) = (list.clone(), Some(act), 0);
    move |request: &Request| {
        requests += 1;
        if requests == before_request
            && let Some(act) = act.take()
        {
            act(&mut list.borrow_mut());
        }
        server.answer(request)
    }
}

#[test]
fn a_server_that_gives_one_record_a_page_is_read_to_the_end_with_six_lanes() {
    let list = shared(MovingList::with_ids(1200));
    let (reading, _, _) = read(&list, 50, People::One, Paged { cap: 1, ..Paged::new(&list) });
    assert!(reading.error.is_none(), "{:?}", reading.error);
    assert_eq!(reading.serials(), (0..1200).collect::<Vec<_>>());
}

#[test]
fn a_single_page_of_one_record_loses_nothing_and_costs_no_second_pass() {
    for short in 1..26 {
        let list = shared(MovingList::with_ids(1200));
        let (mut server, mut requests) = (Paged::new(&list), 0);
        let (reading, _, requests) = read(&list, 50, People::One, move |request: &Request| {
            requests += 1;
            server.cap = if requests == short { 1 } else { 500 };
            server.answer(request)
        });
        assert_eq!(reading.serials(), (0..1200).collect::<Vec<_>>(), "request {short}");
        assert!(requests <= 24 + 6 + 3, "request {short}: {requests} requests");
    }
}

#[test]
fn pages_larger_than_asked_for_are_no_end_where_headers_are_hidden() {
    let list = shared(MovingList::with_ids(1000));
    let (totals, links) = (Totals::Hidden, LinkForm::Hidden);
    let server =
        Paged { totals, links, oddities: Oddities { at_least: 100, ..oddities() }, ..Paged::new(&list) };
    let (reading, _, _) = read(&list, 50, People::One, server);
    assert_eq!(reading.serials(), (0..1000).collect::<Vec<_>>());
}

#[test]
fn a_total_that_lags_ends_nothing_where_no_link_agrees() {
    for links in [LinkForm::Hidden, LinkForm::Unrelated, LinkForm::Empty] {
        let list = shared(MovingList::with_ids(1000));
        let server = Paged { totals: Totals::Off(-100), links, ..Paged::new(&list) };
        let (reading, _, _) = read(&list, 50, People::One, server);
        assert_eq!(reading.serials(), (0..1000).collect::<Vec<_>>(), "{links:?}");
    }
}

#[test]
fn a_link_field_that_speaks_of_no_page_is_no_end() {
    for links in [LinkForm::Unrelated, LinkForm::Empty] {
        let list = shared(MovingList::with_ids(1000));
        let server = Paged { totals: Totals::Hidden, links, ..Paged::new(&list) };
        let (reading, _, _) = read(&list, 500, People::One, server);
        assert_eq!(reading.serials(), (0..1000).collect::<Vec<_>>(), "{links:?}");
    }
}

#[test]
fn an_id_that_stands_in_a_list_twice_makes_no_false_seam() {
    // The second one comes to stand where the walk goes on, when those before it leave.
    let record = |serial: u64| {
        let name = if serial == 600 { 10 } else { serial };
        Record::new(serial, Some(format!("{name:024x}")), format!("record {serial}"))
    };
    let list = shared(MovingList::of((0..1200).map(record).collect()));
    let server = acting(&list, 7, |list| (0..299).for_each(|_| list.remove(0)));
    let (reading, _, _) = read(&list, 50, People::One, server);
    let came: HashSet<u64> = reading.serials().into_iter().collect();
    let stayed = list.borrow().constant();
    let missed: Vec<u64> =
        stayed.into_iter().filter(|serial| !came.contains(serial) && *serial != 600).collect();
    assert_eq!(missed, Vec::<u64>::new());
}

#[test]
fn the_same_id_of_two_people_is_two_records() {
    let record = |serial: u64| Record {
        human: format!("{:032x}", serial % 2),
        ..Record::new(serial, Some(format!("{:024x}", serial / 2)), String::new())
    };
    let list = shared(MovingList::of((0..200).map(record).collect()));
    let (reading, short, _) = read(&list, 7, People::Many, Paged::new(&list));
    assert_eq!(reading.serials(), (0..200).collect::<Vec<_>>());
    assert_eq!(short, []);
}

#[test]
fn an_id_that_is_a_number_is_not_taken_for_the_text_of_it() {
    let record = |serial: u64| Record {
        is_number: serial >= 100,
        ..Record::new(serial, Some((serial % 100).to_string()), String::new())
    };
    let list = shared(MovingList::of((0..200).map(record).collect()));
    let (reading, _, _) = read(&list, 7, People::One, Paged::new(&list));
    assert_eq!(reading.serials(), (0..200).collect::<Vec<_>>());
}

#[test]
fn records_that_move_down_take_none_with_them() {
    let list = shared(MovingList::with_ids(950));
    let server = acting(&list, 8, |list| list.move_down(0, 50, 350));
    let (reading, short, _) = read(&list, 50, People::One, server);
    let came: HashSet<u64> = reading.serials().into_iter().collect();
    assert_eq!((came.len(), reading.serials().len()), (950, 950));
    assert_eq!(short, []);
}

#[test]
fn a_record_that_moves_to_the_front_is_given() {
    for (index, arrivals) in [(700, 0), (949, 0), (700, 3)] {
        let list = shared(MovingList::with_ids(950));
        let server = acting(&list, 5, move |list| {
            list.touch(index);
            (0..arrivals).for_each(|_| list.insert(0));
        });
        let (reading, short, _) = read(&list, 50, People::One, server);
        let came: HashSet<u64> = reading.serials().into_iter().collect();
        assert!((0..950).all(|serial| came.contains(&serial)), "{index}, {arrivals} arrived");
        assert_eq!(short, []);
    }
}

#[test]
fn records_of_equal_times_in_an_order_that_changes_all_come_or_it_is_told() {
    for ties in [2, 10, 50, 950] {
        let list = shared(MovingList::with_ids(950));
        let server = Paged { oddities: Oddities { ties, ..oddities() }, ..Paged::new(&list) };
        let (reading, short, _) = read(&list, 50, People::One, server);
        let came: HashSet<u64> = reading.serials().into_iter().collect();
        assert_eq!(reading.serials().len(), came.len(), "{ties}: some came twice");
        match short[..] {
            [] => assert_eq!(came.len(), 950, "{ties}"),
            [told] => assert_eq!(told, (came.len() as u64, 950), "{ties}"),
            _ => panic!("{ties}: told {} times", short.len()),
        }
        assert!(came.len() > 940, "{ties}: only {}", came.len());
    }
}

#[test]
fn an_order_that_changes_under_cursors_loses_nothing_without_a_word() {
    let mut orders_told = 0;
    for seed in 0..200 {
        let list = shared(MovingList::with_ids(40));
        let changing =
            Oddities { ties: 40, ..Oddities::drawn_by(Chance::new(seed, "order"), &Census::default()) };
        let world = World::new(seed);
        let network =
            Network::new(&world, Conditions::uneven(), Paged { oddities: changing, ..Paged::new(&list) });
        let (client, told) = Setup::default().client_that_tells(&world, &network);
        let (mut cursor, mut came): (Option<String>, HashSet<u64>) = (None, HashSet::new());
        for pages in [1, 4, 7, usize::MAX] {
            let walk = walk(&client, list_of(People::One, 7, cursor.as_deref()));
            let reading = world.run(read_pages(walk, pages));
            assert!(reading.error.is_none());
            came.extend(reading.serials());
            cursor = reading.pages.last().map(|page| page.cursor.clone()).or(cursor);
        }
        let told = told.borrow();
        let short = told.iter().any(|(_, event)| matches!(event, Event::CountShort { .. }));
        let order = told
            .iter()
            .any(|(_, event)| matches!(event, Event::Warning(warning) if warning.code == "order-changes"));
        orders_told += u32::from(order);
        assert!(came.len() == 40 || short || order, "seed {seed}: {} came, and nothing was told", came.len());
    }
    assert!(orders_told > 0);
}

#[test]
fn one_short_first_page_makes_no_later_one_short() {
    let list = shared(MovingList::with_ids(5000));
    let server = Paged { oddities: Oddities { first_is_short: true, ..oddities() }, ..Paged::new(&list) };
    let (reading, _, requests) = read(&list, 500, People::One, server);
    assert_eq!(reading.serials(), (0..5000).collect::<Vec<_>>());
    assert!(requests <= 13, "{requests} requests");
}

#[test]
fn what_a_gateway_cannot_give_at_once_is_asked_for_by_halves() {
    for overload in [
        Overload::Status(500),
        Overload::Status(502),
        Overload::Status(504),
        Overload::Silence,
        Overload::Cut,
    ] {
        for most in [1, 2, 100, 499] {
            let list = shared(MovingList::with_ids(if most == 1 { 100 } else { 1500 }));
            let length = list.borrow().len() as u64;
            let server = Paged {
                oddities: Oddities { overload: Some((most, overload)), ..oddities() },
                ..Paged::new(&list)
            };
            let (reading, _, requests) = read(&list, 500, People::One, server);
            assert!(reading.error.is_none(), "{overload:?} above {most}: {:?}", reading.error);
            assert_eq!(reading.serials(), (0..length).collect::<Vec<_>>(), "{overload:?} above {most}");
            // Halves of 500 lie between the bound and half of it; it is asked for more now and then.
            let gain = (most as u64 / 2).max(1);
            assert!(
                requests as u64 <= 4 * (length / gain + 30),
                "{overload:?} above {most}: {requests} requests"
            );
        }
    }
}

#[test]
fn fewer_records_than_the_total_are_told_with_both_numbers_after_a_second_pass() {
    let list = shared(MovingList::with_ids(100));
    let server = Paged { totals: Totals::Off(20), ..Paged::new(&list) };
    let (reading, short, requests) = read(&list, 50, People::One, server);
    assert_eq!(reading.serials(), (0..100).collect::<Vec<_>>());
    assert_eq!(short, [(100, 120)]);
    assert!(requests <= 2 * (2 + 6), "{requests} requests");
}

#[test]
fn a_still_list_takes_no_request_more_than_it_did() {
    // Before the end had to be seen: 170 in pages of 50, and 18 in pages of 499.
    for (limit, before) in [(50, 170), (500, 18)] {
        let list = shared(MovingList::with_ids(8490));
        let (reading, _, requests) = read(&list, limit, People::One, Paged::new(&list));
        assert_eq!(reading.serials().len(), 8490);
        assert_eq!(requests, before, "in pages of {limit}");
    }
    let list = shared(MovingList::with_ids(0));
    let (_, _, requests) = read(&list, 50, People::One, Paged::new(&list));
    assert_eq!(requests, 1);
}

#[test]
fn a_page_without_links_is_the_only_one_where_it_is_below_what_this_list_gives_and_the_total_agrees() {
    for (length, cap, totals, largest, expected) in [
        (30, 500, Totals::True, 120, 1),
        (30, 500, Totals::True, 31, 1),
        // It may be at a bound of the server's own.
        (30, 500, Totals::True, 30, 3),
        (30, 500, Totals::True, 0, 3),
        // As many as were asked for.
        (50, 500, Totals::True, 120, 3),
        (30, 500, Totals::Hidden, 120, 3),
        // The total says that there is more.
        (30, 10, Totals::True, 120, 6),
    ] {
        let list = shared(MovingList::with_ids(length));
        let server = Paged { cap, totals, links: LinkForm::Hidden, ..Paged::new(&list) };
        let world = World::new(length);
        let network = Network::new(&world, Conditions::uneven(), server);
        let client = Setup { concurrency: 1, ..Setup::default() }.client(&world, &network);
        client.largest_page("/v1/human/activities", largest);
        client.largest_page("/v1/human/sleeps", 500);
        let reading = world.run(read_all(walk(&client, list_of(People::One, 50, None))));
        assert_eq!(reading.serials().len(), length as usize);
        assert_eq!(network.requests(), expected, "{length} records, {cap} a page, {totals:?}, {largest}");
    }
}

#[test]
fn a_total_that_later_answers_do_not_show_is_not_forgotten_by_the_next_pass() {
    let list = shared(MovingList::with_ids(100));
    let (mut first, mut others) = (Paged::new(&list), Paged::new(&list));
    (first.totals, others.totals) = (Totals::Off(20), Totals::Hidden);
    let mut is_first = true;
    let server = move |request: &Request| {
        if std::mem::take(&mut is_first) { first.answer(request) } else { others.answer(request) }
    };
    let (reading, short, _) = read(&list, 50, People::One, server);
    assert_eq!(reading.serials(), (0..100).collect::<Vec<_>>());
    assert_eq!(short, [(100, 120)]);
}

#[test]
fn a_list_that_grows_as_fast_as_it_is_asked_for_comes_to_an_end() {
    for (totals, links) in [
        (Totals::Hidden, LinkForm::Hidden),
        (Totals::Hidden, LinkForm::Wire),
        (Totals::True, LinkForm::Hidden),
    ] {
        let list = shared(MovingList::with_ids(950));
        let mut server = Paged { totals, links, ..Paged::new(&list) };
        let growing = list.clone();
        let server = move |request: &Request| {
            growing.borrow_mut().insert(0);
            server.answer(request)
        };
        let (reading, _, requests) = read(&list, 100, People::One, server);
        assert!(reading.error.is_none(), "{totals:?} {links:?}: {:?}", reading.error);
        let came: HashSet<u64> = reading.serials().into_iter().collect();
        assert!((0..950).all(|serial| came.contains(&serial)), "{totals:?} {links:?}");
        assert!(requests < 70, "{totals:?} {links:?}: {requests} requests");
    }
}

#[test]
fn a_list_that_moves_down_page_by_page_is_not_at_its_end() {
    // Each page ends with the last record known, and holds no more than the server gives at once.
    for (cap, limit) in [(2, 50), (2, 499), (50, 60), (100, 499)] {
        for (totals, links) in [
            (Totals::Hidden, LinkForm::Hidden),
            (Totals::Hidden, LinkForm::Empty),
            (Totals::Off(-290), LinkForm::Hidden),
        ] {
            let list = shared(MovingList::with_ids(300));
            let mut server = Paged { totals, links, cap, ..Paged::new(&list) };
            let growing = list.clone();
            // Where a page goes on at that record, the list moves so that the page ends with it.
            let (edge, mut moves) = (2 * (cap as u64 - 1), 5);
            let server = move |request: &Request| {
                let offset =
                    parameter(&request.url, "offset").map_or(0, |offset| offset.parse::<usize>().unwrap());
                let first = growing.borrow().rows().get(offset).map(|record| record.serial);
                if moves > 0 && first == Some(edge) {
                    moves -= 1;
                    (1..cap).for_each(|_| growing.borrow_mut().insert(0));
                }
                server.answer(request)
            };
            let (reading, _, _) = read(&list, limit, People::One, server);
            assert!(reading.error.is_none(), "{cap} {totals:?} {links:?}: {:?}", reading.error);
            let came: HashSet<u64> = reading.serials().into_iter().collect();
            assert!(
                (0..300).all(|serial| came.contains(&serial)),
                "{cap} {totals:?} {links:?}: {}",
                came.len()
            );
        }
    }
}

#[test]
fn a_list_that_becomes_shorter_after_a_short_page_does_not_end_there() {
    for limit in [2, 7, 50] {
        let list = shared(MovingList::with_ids(300));
        let mut server = Paged { links: LinkForm::Hidden, ..Paged::new(&list) };
        let shrinking = list.clone();
        let mut is_short = false;
        let server = move |request: &Request| {
            if std::mem::take(&mut is_short) {
                (0..120).for_each(|_| shrinking.borrow_mut().remove(0));
            }
            let mut outcome = server.answer(request);
            let offset = parameter(&request.url, "offset").map_or(0, |offset| offset.parse::<u64>().unwrap());
            if let Outcome::Reply(Response { body: Body::Document(Document::List(records)), .. }) =
                &mut outcome
                && offset + 1 == limit * 200_u64.div_ceil(limit)
                && shrinking.borrow().len() == 300
            {
                records.truncate(1);
                is_short = true;
            }
            outcome
        };
        let (reading, _, _) = read(&list, limit, People::One, server);
        assert!(reading.error.is_none(), "{limit}: {:?}", reading.error);
        let came: HashSet<u64> = reading.serials().into_iter().collect();
        assert!((120..300).all(|serial| came.contains(&serial)), "{limit}: {} came", came.len());
    }
}

#[test]
fn cursor_by_cursor_a_list_of_one_record_a_page_comes_to_an_end() {
    for totals in [Totals::True, Totals::Hidden] {
        let list = shared(MovingList::with_ids(20));
        let server = Paged { totals, cap: 1, ..Paged::new(&list) };
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
            cursor = Some(page.cursor);
        }
        assert_eq!(came[..20], (0..20).collect::<Vec<_>>(), "{totals:?}");
    }
}

#[test]
fn a_walk_for_some_records_that_ends_in_a_later_pass_is_gone_on_with_where_it_ended() {
    let (list, late) = (shared(MovingList::with_ids(100)), shared(MovingList::with_ids(100)));
    late.borrow_mut().insert(10);
    late.borrow_mut().insert(10);
    let mut first = Paged { totals: Totals::Off(2), ..Paged::new(&list) };
    let mut later = Paged::new(&late);
    let mut begun = 0;
    let server = move |request: &Request| {
        // From the second time over the list on, it shows two records more.
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
fn a_resumed_walk_that_is_short_of_records_tells_it() {
    let list = shared(MovingList::with_ids(100));
    let server = Paged { totals: Totals::Off(20), ..Paged::new(&list) };
    let world = World::new(20);
    let network = Network::new(&world, Conditions::uneven(), server);
    let (client, told) = Setup::default().client_that_tells(&world, &network);
    let begun = world.run(read_pages(walk(&client, list_of(People::One, 50, None)), 1));
    let cursor = begun.pages[0].cursor.clone();
    let rest = world.run(read_all(walk(&client, list_of(People::One, 50, Some(&cursor)))));
    assert!(rest.error.is_none());
    let short = |event: &Event| matches!(event, Event::CountShort { given: 100, total: 120 });
    assert!(told.borrow().iter().any(|(_, event)| short(event)));
}

#[test]
fn after_a_look_at_the_front_the_last_cursor_leads_to_the_end() {
    let list = shared(MovingList::with_ids(200));
    let server = acting(&list, 4, |list| list.insert(0));
    let world = World::new(200);
    let network = Network::new(&world, Conditions::uneven(), server);
    let client = Setup { concurrency: 1, ..Setup::default() }.client(&world, &network);
    let reading = world.run(read_all(walk(&client, list_of(People::One, 50, None))));
    assert!(reading.error.is_none());
    let before = network.requests();
    let cursor = &reading.pages.last().unwrap().cursor;
    let again = world.run(read_all(walk(&client, list_of(People::One, 50, Some(cursor)))));
    assert_eq!(again.serials(), Vec::<u64>::new());
    assert!(network.requests() - before <= 3, "{} requests", network.requests() - before);
}

#[test]
fn links_without_positions_survive_an_answer_that_lost_its_link() {
    let list = shared(MovingList::with_ids(300));
    let mut server = Paged { totals: Totals::Hidden, links: LinkForm::Opaque, ..Paged::new(&list) };
    let mut requests = 0;
    let server = move |request: &Request| {
        requests += 1;
        let mut outcome = server.answer(request);
        if let Outcome::Reply(response) = &mut outcome
            && requests == 3
        {
            response.headers.link = None;
        }
        outcome
    };
    let (reading, _, _) = read(&list, 50, People::One, server);
    assert_eq!(reading.serials(), (0..300).collect::<Vec<_>>());
}
