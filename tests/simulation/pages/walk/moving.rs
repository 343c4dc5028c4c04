//! Lists that change while they are read, with answers that overtake each other and connections that break.

use crate::pages::oracle::assert_complete;
use crate::pages::reading::{activities, read_all, walk};
use crate::server::{LinkForm, ListChurn, MovingList, PagedServer, Totals};
use crate::setup::Setup;
use crate::world::{Chance, Conditions, Network, World, seeds};
use std::cell::RefCell;
use std::rc::Rc;

/// What a seed decides.
#[derive(Debug)]
struct Scenario {
    length: u64,
    limit: u64,
    changes: u64,
    totals: Totals,
    links: LinkForm,
    cap: usize,
    breaks: f64,
}

impl Scenario {
    fn drawn(chance: &mut Chance) -> Self {
        let limit = chance.pick(&[1, 2, 7, 50, 499, 500]);
        // Sixty pages at most, so that 500 walks in pages of one record do not take long.
        let most = (limit * 60).min(2000);
        let length = match chance.within(0..=9) {
            0 => chance.within(0..=2),
            1 => limit * chance.within(1..=most / limit),
            _ => chance.within(0..=most),
        };
        let links = chance.pick(&[
            LinkForm::Hidden,
            LinkForm::Wire,
            LinkForm::Wire,
            LinkForm::Relative,
            LinkForm::Documented,
        ]);
        let totals = match chance.within(0..=9) {
            // Too small a total may end a walk unless a link says that the list goes on, as in a list that stays long.
            0 if links != LinkForm::Hidden && length > 400 => Totals::Off(-(chance.within(1..=20) as i64)),
            0 | 1 => Totals::Off(chance.within(1..=40) as i64),
            2..=4 => Totals::Hidden,
            _ => Totals::True,
        };
        let cap = if chance.happens(0.2) { chance.within(2..=500) as usize } else { 500 };
        let changes = chance.pick(&[0, 3, 30, 200]);
        Self { length, limit, changes, totals, links, cap, breaks: chance.pick(&[0.0, 0.0, 0.05]) }
    }

    /// The most requests that a walk may need: four times the pages of the list grown by all changes, and the steps
    /// back for each change that can remove a seam.
    fn requests_at_most(&self, lanes: u64) -> u64 {
        let gain = self.limit.min(self.cap as u64 - 1).clamp(1, 499);
        let pages = (self.length + self.changes) / gain + 2;
        4 * (pages + lanes) + 4 * self.changes
    }
}

fn walk_in(seed: u64, concurrency: usize) -> usize {
    let world = World::new(seed);
    let scenario = Scenario::drawn(&mut world.chance_for("scenario"));
    let list = Rc::new(RefCell::new(MovingList::with_ids(scenario.length)));
    let churn = ListChurn::drawn(world.chance_for("tide"), scenario.changes);
    let server = PagedServer {
        churn: Some(churn),
        totals: scenario.totals,
        links: scenario.links,
        cap: scenario.cap,
        ..PagedServer::new(&list)
    };
    let conditions =
        Conditions { cut_before: scenario.breaks, cut_after: scenario.breaks, ..Conditions::uneven() };
    let network = Network::new(&world, conditions, server);
    let client = Setup { concurrency, max_retries: 20, ..Setup::default() }.client(&world, &network);
    let reading = world.run(read_all(walk(&client, activities(scenario.limit))));

    println!("seed {seed}, {concurrency} lanes: {} requests, {scenario:?}", network.requests());
    assert_complete(&list.borrow(), &reading);
    assert!(network.most_in_flight() <= concurrency);
    if scenario.breaks == 0.0 {
        let most = scenario.requests_at_most(concurrency as u64);
        assert!(
            network.requests() as u64 <= most,
            "{} requests, and {most} must be enough",
            network.requests()
        );
    }
    network.requests()
}

#[test]
fn five_hundred_moving_lists_are_read_one_request_at_a_time_and_nothing_is_missed() {
    for seed in seeds(500) {
        walk_in(seed, 1);
    }
}

#[test]
fn five_hundred_moving_lists_are_read_six_requests_at_a_time_and_nothing_is_missed() {
    for seed in seeds(500) {
        walk_in(seed, 6);
    }
}

#[test]
fn a_seed_replays_exactly() {
    for seed in seeds(20) {
        assert_eq!(walk_in(seed, 6), walk_in(seed, 6));
    }
}
