//! Lists that are read again: records that move, orders that change, and counts that are short.

use crate::pages::servers::{changing_before, read_list, shared};
use crate::server::{MovingList, Oddities, PagedServer, Totals};
use crate::world::Server;
use humansync::http::Request;
use humansync::pages::People;
use std::collections::HashSet;

#[test]
fn records_that_move_down_are_delivered_once_and_hide_no_others() {
    let list = shared(MovingList::with_ids(950));
    let server = changing_before(&list, 8, |list| list.move_down(0, 50, 350));
    let (reading, short, _) = read_list(&list, 50, People::One, server);
    let came: HashSet<u64> = reading.serials().into_iter().collect();
    assert_eq!((came.len(), reading.serials().len()), (950, 950));
    assert_eq!(short, []);
}

#[test]
fn a_record_that_moves_to_the_front_is_delivered() {
    for (index, arrivals) in [(700, 0), (949, 0), (700, 3)] {
        let list = shared(MovingList::with_ids(950));
        let server = changing_before(&list, 5, move |list| {
            list.touch(index);
            (0..arrivals).for_each(|_| list.insert(0));
        });
        let (reading, short, _) = read_list(&list, 50, People::One, server);
        let came: HashSet<u64> = reading.serials().into_iter().collect();
        assert!((0..950).all(|serial| came.contains(&serial)), "{index}, {arrivals} arrived");
        assert_eq!(short, []);
    }
}

#[test]
fn records_in_an_order_that_changes_are_all_delivered_or_the_walk_reports_how_many_are_missing() {
    for ties in [2, 10, 50, 950] {
        let list = shared(MovingList::with_ids(950));
        let server =
            PagedServer { oddities: Oddities { ties, ..Oddities::none() }, ..PagedServer::new(&list) };
        let (reading, short, _) = read_list(&list, 50, People::One, server);
        let came: HashSet<u64> = reading.serials().into_iter().collect();
        assert_eq!(reading.serials().len(), came.len(), "{ties}: some were delivered twice");
        match short[..] {
            [] => assert_eq!(came.len(), 950, "{ties}"),
            [reported] => assert_eq!(reported, (came.len() as u64, 950), "{ties}"),
            _ => panic!("{ties}: told {} times", short.len()),
        }
        assert!(came.len() > 940, "{ties}: only {}", came.len());
    }
}

#[test]
fn fewer_records_than_the_total_are_reported_with_both_numbers_after_a_second_pass() {
    let list = shared(MovingList::with_ids(100));
    let server = PagedServer { totals: Totals::Off(20), ..PagedServer::new(&list) };
    let (reading, short, requests) = read_list(&list, 50, People::One, server);
    assert_eq!(reading.serials(), (0..100).collect::<Vec<_>>());
    assert_eq!(short, [(100, 120)]);
    assert!(requests <= 2 * (2 + 6), "{requests} requests");
}

#[test]
fn a_total_that_later_answers_do_not_show_is_kept_for_the_next_pass() {
    let list = shared(MovingList::with_ids(100));
    let (mut first, mut others) = (PagedServer::new(&list), PagedServer::new(&list));
    (first.totals, others.totals) = (Totals::Off(20), Totals::Hidden);
    let mut is_first = true;
    let server = move |request: &Request| {
        if std::mem::take(&mut is_first) { first.answer(request) } else { others.answer(request) }
    };
    let (reading, short, _) = read_list(&list, 50, People::One, server);
    assert_eq!(reading.serials(), (0..100).collect::<Vec<_>>());
    assert_eq!(short, [(100, 120)]);
}
