//! Walks that stop after a page and go on from its cursor, in another process, while the list changes.

use crate::pages::oracle::{assert_constant_records_came, assert_no_id_twice};
use crate::pages::reading::{Reading, activities, activities_after, read_all, read_pages, walk};
use crate::server::{LinkForm, ListChurn, MovingList, PagedServer, Record, Totals};
use crate::setup::Setup;
use crate::world::{Conditions, Network, World, seeds};
use std::cell::RefCell;
use std::rc::Rc;

/// A server whose list is read by several processes, one after the other.
struct Shared {
    world: World,
    list: Rc<RefCell<MovingList>>,
    totals: Totals,
    links: LinkForm,
    cap: usize,
}

impl Shared {
    /// Reads pages in a new process, whose client knows nothing of earlier ones.
    fn read(
        &self,
        limit: u64,
        cursor: Option<&str>,
        pages: usize,
        churn: Option<ListChurn>,
    ) -> (Reading, usize) {
        let server = PagedServer {
            churn,
            totals: self.totals,
            links: self.links,
            cap: self.cap,
            ..PagedServer::new(&self.list)
        };
        let network = Network::new(&self.world, Conditions::uneven(), server);
        let client = Setup::default().client(&self.world, &network);
        let listing = cursor.map_or_else(|| activities(limit), |cursor| activities_after(limit, cursor));
        let reading = self.world.run(read_pages(walk(&client, listing), pages));
        (reading, network.requests())
    }
}

#[test]
fn a_list_that_does_not_change_is_read_exactly_from_the_cursor_of_any_page() {
    for ids in [true, false] {
        for (length, limit) in [(0, 50), (1, 1), (9, 1), (10, 2), (50, 50), (51, 50), (234, 7), (2000, 500)] {
            for (totals, links) in [(Totals::True, LinkForm::Wire), (Totals::Hidden, LinkForm::Hidden)] {
                let list = if ids { MovingList::with_ids(length) } else { MovingList::without_ids(length) };
                let list = Rc::new(RefCell::new(list));
                let shared = Shared { world: World::new(length), list, totals, links, cap: 500 };
                let (whole, _) = shared.read(limit, None, usize::MAX, None);
                for stop in 1..=whole.pages.len() {
                    let (first, _) = shared.read(limit, None, stop, None);
                    let (rest, _) = shared.read(limit, Some(&first.cursor()), usize::MAX, None);
                    let case = format!("{length} by {limit}, ids {ids}, {links:?}, stopped after {stop}");
                    assert!(rest.error.is_none(), "{case}: {:?}", rest.error);
                    let both: Vec<u64> = first.serials().into_iter().chain(rest.serials()).collect();
                    assert_eq!(both, (0..length).collect::<Vec<_>>(), "{case}");
                }
            }
        }
    }
}

#[test]
fn a_walk_may_go_on_after_a_cursor_in_pages_of_another_size() {
    let list = Rc::new(RefCell::new(MovingList::with_ids(300)));
    let shared = Shared { world: World::new(0), list, totals: Totals::True, links: LinkForm::Wire, cap: 500 };
    for (before, after) in [(50, 1), (1, 500), (7, 50), (500, 7)] {
        let (first, _) = shared.read(before, None, 1, None);
        let (rest, _) = shared.read(after, Some(&first.cursor()), usize::MAX, None);
        let both: Vec<u64> = first.serials().into_iter().chain(rest.serials()).collect();
        assert_eq!(both, (0..300).collect::<Vec<_>>(), "{before} then {after}");
    }
}

/// Changes a list, but leaves most of what was read in place, so that seams survive.
///
/// Returns whether records arrived and unread ones left: then the total says that more records are unread than are
/// left.
fn stir(list: &mut MovingList, world: &World, read_before: &[u64]) -> bool {
    let read = read_before.len();
    let mut chance = world.chance_for("stir");
    let (mut arrived, mut left_unread) = (false, false);
    for _ in 0..chance.pick(&[0_u64, 1, 10, 60]) {
        let before = list.len();
        match chance.within(0..=3) {
            0 => list.insert(0),
            1 => list.insert(chance.index(list.len() + 1)),
            2 => list.insert(list.len()),
            _ if list.len() > 1 && chance.happens(0.5) => {
                let index = chance.index(list.len().min(read + 20));
                left_unread |= !read_before.contains(&list.rows()[index].serial);
                list.remove(index)
            }
            _ => continue,
        }
        arrived |= list.len() > before;
    }
    arrived && left_unread
}

#[test]
fn nothing_is_missed_or_delivered_twice_if_the_list_changes_between_two_processes() {
    for seed in seeds(300) {
        let world = World::new(seed);
        let mut chance = world.chance_for("scenario");
        let limit = chance.pick(&[1, 2, 7, 50, 500]);
        let length = chance.within(0..=(limit * 30).min(1500));
        let (totals, links) = chance.pick(&[
            (Totals::True, LinkForm::Wire),
            (Totals::True, LinkForm::Hidden),
            (Totals::Hidden, LinkForm::Relative),
            (Totals::Hidden, LinkForm::Hidden),
        ]);
        let list = Rc::new(RefCell::new(MovingList::with_ids(length)));
        let shared = Shared { world: world.clone(), list: list.clone(), totals, links, cap: 500 };
        let stop = 1 + chance.index(6);
        let (first, _) = shared.read(limit, None, stop, None);
        let counted_wrong = stir(&mut list.borrow_mut(), &world, &first.serials());
        let (rest, requests) = shared.read(limit, Some(&first.cursor()), usize::MAX, None);
        assert!(rest.error.is_none(), "{:?}", rest.error);

        let came: Vec<&Record> = first.records().into_iter().chain(rest.records()).collect();
        assert_constant_records_came(&list.borrow(), &came);
        // Which seams survive is chance. If the last two records are still next to each other, it is certain where to
        // go on, and no record is delivered again.
        let read = first.serials();
        let now: Vec<u64> = list.borrow().rows().iter().map(|record| record.serial).collect();
        let last_two = &read[read.len().saturating_sub(2)..];
        let survives = !last_two.is_empty() && now.windows(last_two.len()).any(|pair| pair == last_two);
        if survives && !counted_wrong {
            let again: Vec<u64> = rest.serials().into_iter().filter(|serial| read.contains(serial)).collect();
            assert!(
                again.is_empty(),
                "{length} by {limit}, stopped after {}: delivered again: {again:?}",
                read.len()
            );
        }
        let passes = if counted_wrong { 2 } else { 1 };
        let most = passes * (2 * (length as usize + 60) / limit.min(499) as usize + 20);
        assert!(requests <= most, "{requests} requests, and {most} must be enough");
    }
}

#[test]
fn a_walk_of_many_processes_over_a_list_that_keeps_changing_misses_nothing() {
    for seed in seeds(200) {
        let world = World::new(seed);
        let mut chance = world.chance_for("scenario");
        let limit = chance.pick(&[2, 7, 50]);
        let length = chance.within(0..=limit * 20);
        let list = Rc::new(RefCell::new(MovingList::with_ids(length)));
        let shared = Shared {
            world: world.clone(),
            list: list.clone(),
            totals: Totals::True,
            links: LinkForm::Wire,
            cap: 500,
        };
        let mut cursor: Option<String> = None;
        let mut came: Vec<Record> = Vec::new();
        for process in 0.. {
            assert!(process < 200, "no end after {process} processes");
            let churn = (process < 20)
                .then(|| ListChurn::drawn(world.chance_for(&format!("tide {process}")), 4).without_touches());
            let (reading, _) = shared.read(limit, cursor.as_deref(), 1 + chance.index(3), churn);
            assert!(reading.error.is_none(), "{:?}", reading.error);
            came.extend(reading.records().into_iter().cloned());
            // The list ends with a page without records, or without a page.
            let Some(page) = reading.pages.last().filter(|page| !page.records.0.is_empty()) else { break };
            cursor = Some(page.cursor.to_text());
        }
        assert_constant_records_came(&list.borrow(), &came.iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_walk_starts_over_if_the_list_has_lost_every_seam_of_its_cursor() {
    let list = Rc::new(RefCell::new(MovingList::with_ids(100)));
    let shared = Shared {
        world: World::new(0),
        list: list.clone(),
        totals: Totals::True,
        links: LinkForm::Wire,
        cap: 500,
    };
    let (first, _) = shared.read(50, None, 1, None);
    for _ in 0..50 {
        list.borrow_mut().remove(0);
    }
    let (rest, requests) = shared.read(50, Some(&first.cursor()), usize::MAX, None);
    assert_eq!(rest.serials(), (50..100).collect::<Vec<_>>());
    assert!(requests < 12, "{requests} requests");
    assert_no_id_twice(&rest.records());
}

#[test]
fn the_last_cursor_leads_to_records_that_arrived_at_the_end_since() {
    let list = Rc::new(RefCell::new(MovingList::with_ids(60)));
    let shared = Shared {
        world: World::new(0),
        list: list.clone(),
        totals: Totals::True,
        links: LinkForm::Wire,
        cap: 500,
    };
    let (whole, _) = shared.read(50, None, usize::MAX, None);
    let (nothing, _) = shared.read(50, Some(&whole.cursor()), usize::MAX, None);
    assert_eq!(nothing.serials(), Vec::<u64>::new());
    list.borrow_mut().insert(60);
    let (late, _) = shared.read(50, Some(&whole.cursor()), usize::MAX, None);
    assert_eq!(late.serials(), [60]);
}

#[test]
fn a_walk_that_failed_goes_on_after_the_cursor_of_its_last_page() {
    let list = Rc::new(RefCell::new(MovingList::with_ids(300)));
    let world = World::new(0);
    let conditions = Conditions { cut_before: 0.7, ..Conditions::uneven() };
    let network = Network::new(&world, conditions, PagedServer::new(&list));
    let client = Setup { max_retries: 1, ..Setup::default() }.client(&world, &network);
    let mut came = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..200 {
        let listing = cursor.as_deref().map_or_else(|| activities(7), |cursor| activities_after(7, cursor));
        let reading = world.run(read_all(walk(&client, listing)));
        came.extend(reading.serials());
        cursor = reading.pages.last().map(|page| page.cursor.to_text()).or(cursor);
        if reading.error.is_none() {
            break;
        }
    }
    // If pages of one record were all that got through, the list is read again.
    let mut seen = std::collections::HashSet::new();
    came.retain(|serial| seen.insert(*serial));
    assert_eq!(came, (0..300).collect::<Vec<_>>());
}

#[test]
fn the_place_of_a_cursor_is_found_far_from_where_it_was_taken() {
    for (arrived, left) in [(600, 0), (1500, 0), (0, 250), (600, 250)] {
        let list = Rc::new(RefCell::new(MovingList::with_ids(2000)));
        let shared = Shared {
            world: World::new(0),
            list: list.clone(),
            totals: Totals::True,
            links: LinkForm::Wire,
            cap: 500,
        };
        let (first, _) = shared.read(7, None, 43, None);
        assert_eq!(first.serials().len(), 301);
        (0..left).for_each(|_| list.borrow_mut().remove(0));
        (0..arrived).for_each(|_| list.borrow_mut().insert(0));
        let (rest, requests) = shared.read(500, Some(&first.cursor()), usize::MAX, None);
        assert_eq!(rest.serials(), (301..2000).collect::<Vec<_>>(), "{arrived} arrived, {left} left");
        // The rest in pages of 499, and the search in both directions.
        assert!(
            requests <= 4 + 2 + 2 * arrived / 500 + 2,
            "{arrived} arrived, {left} left: {requests} requests"
        );
    }
}
