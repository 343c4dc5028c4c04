//! Where two pages are joined: lists that lose records between two pages, pages without a seam, and false seams.

use crate::pages::oracle::assert_complete;
use crate::pages::reading::{activities, read_all, walk};
use crate::pages::servers::{changing_before, number, read_list, shared};
use crate::server::{Document, LinkForm, MovingList, PagedServer, Record, parameter};
use crate::setup::Setup;
use crate::world::{Conditions, Network, Outcome, Server, World};
use humansync::http::{Body, Request, Response};
use humansync::pages::People;
use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

#[test]
fn the_example_in_the_documentation_of_the_walk() {
    let list = shared(MovingList::with_ids(8));
    let mut server = changing_before(&list, 2, |list| (0..2).for_each(|_| list.remove(0)));
    let world = World::new(0);
    let network = Network::new(&world, Conditions::uneven(), move |request: &Request| {
        let mut outcome = server.answer(request);
        if let Outcome::Reply(response) = &mut outcome {
            response.headers.total_count = None;
        }
        outcome
    });
    let client = Setup::default().client(&world, &network);
    let reading = world.run(read_all(walk(&client, activities(3))));
    let requests: Vec<_> = network.log().into_iter().map(|exchange| exchange.request).take(4).collect();
    let requested: Vec<_> =
        requests.iter().map(|request| (number(request, "offset"), number(request, "limit"))).collect();
    assert_eq!(requested, [(0, 3), (2, 4), (1, 5), (0, 6)]);
    let delivered: Vec<Vec<u64>> = reading
        .pages
        .iter()
        .map(|page| page.records.0.iter().map(|record| record.serial).collect())
        .collect();
    assert_eq!(delivered, [vec![0, 1, 2], vec![3, 4, 5, 6, 7]]);
}

#[test]
fn a_list_that_loses_many_records_at_once_is_caught_up_with_in_a_few_steps_back() {
    for (lost, lanes) in [(1, 1), (10, 1), (100, 1), (600, 1), (600, 6)] {
        let world = World::new(lost);
        let list = Rc::new(RefCell::new(MovingList::with_ids(1500)));
        let mut paged = PagedServer::new(&list);
        let mut requests = 0;
        let network = Network::new(&world, Conditions::uneven(), move |request: &Request| {
            requests += 1;
            if requests == 101 {
                (0..lost).for_each(|_| paged.list.borrow_mut().remove(0));
            }
            paged.answer(request)
        });
        let client = Setup::with_concurrency(lanes).client(&world, &network);
        let reading = world.run(read_all(walk(&client, activities(7))));
        assert_complete(&list.borrow(), &reading);
        // The rest in pages of 7, steps back that double (1, 2, 4 …), and pages that were prefetched in vain.
        let steps = u64::from(lost.ilog2()) + 2;
        let most = (1500 - lost) / 7 + lost.min(100 * 7) / 7 + steps + 3 * lanes as u64;
        assert!(
            network.requests() as u64 <= most,
            "{lost} lost: {} requests, and {most} must be enough",
            network.requests()
        );
    }
}

#[test]
fn an_id_that_is_in_a_list_twice_makes_no_false_seam() {
    // The second record with this id gets to where the walk goes on, when records before it leave.
    let record = |serial: u64| {
        let name = if serial == 600 { 10 } else { serial };
        Record::new(serial, Some(format!("{name:024x}")), format!("record {serial}"))
    };
    let list = shared(MovingList::of((0..1200).map(record).collect()));
    let server = changing_before(&list, 7, |list| (0..299).for_each(|_| list.remove(0)));
    let (reading, _, _) = read_list(&list, 50, People::One, server);
    let came: HashSet<u64> = reading.serials().into_iter().collect();
    let stayed = list.borrow().constant();
    let missed: Vec<u64> =
        stayed.into_iter().filter(|serial| !came.contains(serial) && *serial != 600).collect();
    assert_eq!(missed, Vec::<u64>::new());
}

#[test]
fn one_page_of_a_single_record_loses_nothing_and_causes_no_second_pass() {
    for short in 1..26 {
        let list = shared(MovingList::with_ids(1200));
        let (mut server, mut requests) = (PagedServer::new(&list), 0);
        let (reading, _, requests) = read_list(&list, 50, People::One, move |request: &Request| {
            requests += 1;
            server.cap = if requests == short { 1 } else { 500 };
            server.answer(request)
        });
        assert_eq!(reading.serials(), (0..1200).collect::<Vec<_>>(), "request {short}");
        assert!(requests <= 24 + 6 + 3, "request {short}: {requests} requests");
    }
}

#[test]
fn a_list_that_becomes_shorter_after_a_short_page_does_not_end_there() {
    for limit in [2, 7, 50] {
        let list = shared(MovingList::with_ids(300));
        let mut server = PagedServer { links: LinkForm::Hidden, ..PagedServer::new(&list) };
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
        let (reading, _, _) = read_list(&list, limit, People::One, server);
        assert!(reading.error.is_none(), "{limit}: {:?}", reading.error);
        let came: HashSet<u64> = reading.serials().into_iter().collect();
        assert!((120..300).all(|serial| came.contains(&serial)), "{limit}: {} came", came.len());
    }
}
