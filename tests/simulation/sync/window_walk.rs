//! Single queries over any stretch of time, however long.

use super::stage::{DAY, Setting, Stage};
use super::window;
use crate::server::{OddDate, OddDates, Variant, stamp};
use crate::world::{Chance, Network, Process, seeds};
use humansync::api::{BatchType, QueryInit};
use humansync::error::{Error, OptionError};
use humansync::http::Abort;
use humansync::sync::{App, WindowWalk, WindowedQuery};
use humansync_ingest::time::Instant;
use std::collections::BTreeMap;

const WEIGHTS: &str = "weights";

/// What a query delivered: how often each record came in each state, and the cursor after each page.
#[derive(Default)]
struct Read {
    came: BTreeMap<(u64, String), u32>,
    pages: Vec<(u64, String)>,
    count: u64,
}

fn init(since: i64, before: Option<i64>, limit: u64) -> QueryInit {
    let instant = |milliseconds: i64| Instant::from_unix_millis(milliseconds as f64).unwrap();
    QueryInit {
        updated_since: Some(instant(since)),
        updated_before: before.map(instant),
        limit: Some(limit as f64),
        ..QueryInit::default()
    }
}

fn query(
    app: &App<Network, Process>,
    init: QueryInit,
    cursor: Option<&str>,
) -> Result<WindowedQuery, OptionError> {
    app.batch(BatchType::from_name(WEIGHTS).unwrap(), init, cursor)
}

fn read(stage: &Stage, init: QueryInit, cursor: Option<&str>, pages: usize, most: Option<u64>) -> Read {
    let app = stage.program().app;
    let mut walk = WindowWalk::new(app.client.clone(), query(&app, init, cursor).unwrap(), Abort::new());
    if let Some(most) = most {
        walk = walk.at_most(most);
    }
    let mut read = Read::default();
    let reading = async {
        while read.pages.len() < pages {
            let Some(page) = walk.next().await? else {
                break;
            };
            assert_eq!(page.keys.len(), page.records.0.len());
            assert!(page.cursor.to_text().len() <= 500);
            for record in &page.records.0 {
                *read.came.entry((record.serial, record.updated.clone())).or_default() += 1;
            }
            read.count += page.records.0.len() as u64;
            read.pages.push((read.count, page.cursor.to_text()));
        }
        Ok::<(), Error>(())
    };
    stage.world.run(reading).unwrap();
    read
}

fn stage(seed: u64, count: u64, days: i64) -> (Stage, Chance) {
    let mut chance = Chance::new(seed, "batch");
    let setting = Setting { types: vec![WEIGHTS], concurrency: chance.pick(&[1, 6]), ..Setting::default() };
    let stage = Stage::new(seed, Variant::drawn(&mut chance), setting);
    stage.fill(count, days);
    (stage, chance)
}

/// Every record between the bounds came once; those at the bounds may have come.
fn assert_exact(stage: &Stage, read: &Read, since: i64, before: i64) {
    let mut expected = 0;
    for row in stage.server.visible(WEIGHTS) {
        let times = read.came.get(&(row.serial, stamp(row.updated))).copied().unwrap_or(0);
        let (first, last) = (since.div_euclid(1000) * 1000, before.div_euclid(1000) * 1000);
        if row.updated >= first + 1000 && row.updated < last {
            assert_eq!(times, 1, "{row:?}");
        } else {
            let is_near = row.updated >= first && row.updated < last + 2000;
            assert!(times <= u32::from(is_near), "{row:?} came {times} times");
        }
        expected += times as usize;
    }
    assert_eq!(read.came.values().sum::<u32>() as usize, expected);
}

#[test]
fn every_record_of_several_years_comes_once() {
    for seed in seeds(150) {
        let days = [1, 30, 31, 32, 62, 400, 1200][seed as usize % 7];
        let (stage, mut chance) = stage(seed, 60, days);
        let now = stage.server.now();
        let since = now - chance.within(0..=days as u64 * 86_400_000) as i64;
        let before = chance.happens(0.6).then(|| since + chance.within(0..=(now - since) as u64) as i64);
        let limit = chance.pick(&[2, 7, 50, 500]);
        let read = read(&stage, init(since, before, limit), None, usize::MAX, None);
        assert_exact(&stage, &read, since, before.unwrap_or(now + 1000));
    }
}

#[test]
fn the_cursor_of_any_page_goes_on_with_the_next_record() {
    for seed in seeds(60) {
        let (stage, mut chance) = stage(seed, 50, 200);
        let since = stage.server.now() - 200 * DAY * 1000;
        let before = chance.happens(0.5).then(|| stage.server.now());
        let query = || init(since, before, 7);
        let whole = read(&stage, query(), None, usize::MAX, None);
        for (index, (count, cursor)) in whole.pages.iter().enumerate() {
            let rest = read(&stage, query(), Some(cursor), usize::MAX, None);
            // Records of the second that two windows share may come again: a cursor does not hold marks.
            assert!(
                rest.count >= whole.count - count,
                "after page {index}: {} of {}",
                rest.count,
                whole.count - count
            );
            let first = read(&stage, query(), None, index + 1, None);
            for (key, times) in &whole.came {
                let both = [&first, &rest].map(|read| read.came.get(key).copied().unwrap_or(0));
                assert!(both[0] + both[1] >= *times, "after page {index}: {key:?} is missing");
            }
            assert!(rest.count <= whole.count - count + 2, "after page {index}: {} came", rest.count);
        }
    }
}

#[test]
fn a_limited_walk_delivers_as_many_records_as_there_are_up_to_its_limit() {
    for seed in seeds(80) {
        let (stage, mut chance) = stage(seed, 50, 200);
        let since = stage.server.now() - 201 * DAY * 1000;
        let most = chance.within(0..=60);
        let read = read(&stage, init(since, None, chance.pick(&[1, 7, 500])), None, usize::MAX, Some(most));
        assert_eq!(read.count, most.min(50));
        assert!(read.came.values().all(|times| *times == 1));
    }
}

#[test]
fn records_where_windows_meet_come_once_and_count_once() {
    let bounds = window::bounds();
    for seed in seeds(32) {
        let stage = window::stage(seed, &bounds);
        // A second early, as a run asks.
        let since = (stage.setting.borrow().since.unwrap() - 1) * 1000;
        let whole = read(&stage, init(since, None, 500), None, usize::MAX, None);
        assert_exact(&stage, &whole, since, stage.server.now() + 1000);
        for most in [1, 11, 12, 13, 30, whole.count - 1, whole.count, whole.count + 1] {
            let read = read(&stage, init(since, None, 500), None, usize::MAX, Some(most));
            assert_eq!(read.count, most.min(whole.count));
            assert!(read.came.values().all(|times| *times == 1));
        }
    }
}

#[test]
fn a_wrong_query_is_refused_before_anything_is_sent() {
    let (stage, _) = stage(0, 5, 100);
    let app = stage.program().app;
    let now = stage.server.now();
    let of = |init: QueryInit, cursor: Option<&str>| {
        query(&app, init, cursor).map(|_| ()).map_err(|error| error.option)
    };
    assert_eq!(of(QueryInit::default(), None), Err("updatedSince".to_owned()));
    let offset = |init| QueryInit { offset: Some(5.0), ..init };
    let day = DAY * 1000;
    assert_eq!(of(offset(init(now - day, None, 5)), None), Err("offset".to_owned()));
    assert_eq!(of(offset(init(now - 32 * day, Some(now), 5)), None), Err("offset".to_owned()));
    assert_eq!(of(offset(init(now - 30 * day, Some(now), 5)), None), Ok(()));
    assert_eq!(of(init(now - day, None, 5), Some("nonsense")), Err("cursor".to_owned()));
    let cursor = read(&stage, init(now - 100 * day, None, 5), None, 1, None).pages[0].1.clone();
    assert_eq!(of(init(now - 99 * day, None, 5), Some(&cursor)), Err("cursor".to_owned()));
    let requests = stage.network.requests();
    assert_eq!(of(init(now - 100 * day, None, 5), Some(&cursor)), Ok(()));
    assert_eq!(of(init(now - 100 * day, None, 5), Some(&format!("2.{cursor}"))), Err("cursor".to_owned()));
    assert_eq!(stage.network.requests(), requests);
}

#[test]
fn a_walk_ends_even_if_clocks_never_agree() {
    for host in [-3, 3, 65] {
        let stage = Stage::new(1, Variant::plain(50), Setting::default());
        stage.fill(20, 40);
        let year = 365 * DAY * 1000;
        stage.world.jump(host * year);
        let date = OddDate::Further(10 * year);
        stage.server.set_odd_dates(Some(OddDates { first: 0, every: Some(1), date }));
        let began = stage.server.now();
        let read = read(&stage, init(began - 41 * DAY * 1000, None, 50), None, usize::MAX, None);
        assert_eq!(read.count, 20, "{host}");
        assert!(stage.network.requests() < 50, "{host}: {} requests", stage.network.requests());
    }
}
