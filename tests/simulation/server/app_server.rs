//! The API for all users of an app: batch queries by the server's own clock, and the deletion of users.

use super::app_churn::AppChurn;
use super::app_rows::Row;
use super::app_variant::{OddDate, OddDates, Variant};
use super::{Document, ok, parameter, status};
use crate::setup::{ORIGIN, SECRET};
use crate::world::{Chance, Outcome, Server, World};
use base64ct::{Base64, Encoding};
use chrono::{DateTime, NaiveDateTime};
use humansync::http::{Request, Response};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The client id of the app.
pub const CLIENT_ID: &str = "app-4711";
/// The key of the app.
pub const APP_KEY: &str = "k3y-0f-the-app";
/// The time when a world begins, in milliseconds since the epoch.
const BEGIN: i64 = 1_709_294_400_000;
/// The longest window of a query, in seconds: 31 days.
const LONGEST: i64 = 31 * 86_400;

/// More queries than any world takes.
const MOST_QUERIES: usize = 150_000;

/// A batch query that was answered.
#[derive(Clone, Debug)]
pub struct AnsweredQuery {
    /// Its window, in seconds.
    pub window: (i64, i64),
    /// Its limit.
    pub limit: usize,
}

/// Decides what happens to a query of a type instead of an answer.
type Judge = Box<dyn FnMut(&str) -> Option<Outcome>>;

/// The server. Clones are the same server.
#[derive(Clone)]
pub struct AppServer(Rc<RefCell<Inside>>);

struct Inside {
    world: World,
    origin: &'static str,
    variant: Variant,
    /// How far the clock is off, in milliseconds.
    off: i64,
    /// How far the `Date` of answers is off that clock, in milliseconds.
    date_off: i64,
    odd_dates: Option<OddDates>,
    answers: usize,
    /// The probability that a record is updated twice in the moment in which it is read: before the read and after it.
    echo: Option<(Chance, f64)>,
    noted: BTreeMap<&'static str, u64>,
    rows: BTreeMap<String, Vec<Row>>,
    made: u64,
    churn: Option<AppChurn>,
    judge: Option<Judge>,
    asked: Vec<AnsweredQuery>,
    users: BTreeSet<String>,
}

impl AppServer {
    /// A server at the API's address, without records.
    pub fn new(world: &World, variant: Variant) -> Self {
        Self::at(ORIGIN, world, variant)
    }

    /// A server at `origin`, without records.
    pub fn at(origin: &'static str, world: &World, variant: Variant) -> Self {
        Self(Rc::new(RefCell::new(Inside {
            world: world.clone(),
            origin,
            variant,
            off: 0,
            date_off: 0,
            odd_dates: None,
            answers: 0,
            echo: None,
            noted: BTreeMap::new(),
            rows: BTreeMap::new(),
            made: 0,
            churn: None,
            judge: None,
            asked: Vec::new(),
            users: BTreeSet::new(),
        })))
    }

    /// Its origin.
    pub fn origin(&self) -> &'static str {
        self.0.borrow().origin
    }

    /// Whether it serves the lists of one person.
    pub fn is_of_one_person(&self) -> bool {
        self.0.borrow().variant.of_one_person
    }

    /// Whether its answers have a date.
    pub fn shows_dates(&self) -> bool {
        self.0.borrow().variant.dates
    }

    /// Whether its answers have a total.
    pub fn shows_totals(&self) -> bool {
        self.0.borrow().variant.totals
    }

    /// Its clock, in milliseconds since the epoch.
    pub fn now(&self) -> i64 {
        self.0.borrow().now()
    }

    /// Sets its clock to so many milliseconds off the right time.
    pub fn set_clock(&self, off: i64) {
        let mut inside = self.0.borrow_mut();
        if off < inside.off {
            inside.rows.values_mut().flatten().for_each(|row| row.rewound = true);
        }
        inside.off = off;
    }

    /// Sets the `Date` of its answers to so many milliseconds off its clock.
    pub fn set_date(&self, off: i64) {
        self.0.borrow_mut().date_off = off;
    }

    /// Gives some answers another date, or no longer.
    pub fn set_odd_dates(&self, odd: Option<OddDates>) {
        let mut inside = self.0.borrow_mut();
        inside.odd_dates = odd;
        inside.answers = 0;
    }

    /// Updates records twice in the moment in which they are read, with a certain probability, or no longer.
    pub fn set_echo(&self, echo: Option<(Chance, f64)>) {
        self.0.borrow_mut().echo = echo;
    }

    /// Updates some of the records once more that were updated in this tick of the clock.
    pub fn touch_again(&self, chance: &mut Chance) {
        let inside = &mut *self.0.borrow_mut();
        let (now, tick) = (inside.now(), inside.variant.tick);
        for row in inside.rows.values_mut().flatten() {
            let is_same = row.updated.div_euclid(tick) == now.div_euclid(tick) && row.is_visible(now);
            if is_same && chance.happens(0.5) {
                row.touch(now, tick);
                *inside.noted.entry("changed again within the tick of its stamp").or_default() += 1;
            }
        }
    }

    /// The most records in one answer.
    pub fn cap(&self) -> usize {
        self.0.borrow().variant.cap
    }

    /// What happened, and how often.
    pub fn noted(&self) -> BTreeMap<&'static str, u64> {
        self.0.borrow().noted.clone()
    }

    /// The tick of the clock that stamps updates, in milliseconds.
    pub fn tick(&self) -> i64 {
        self.0.borrow().variant.tick
    }

    /// Changes the variant of the server.
    pub fn vary(&self, change: impl FnOnce(&mut Variant)) {
        change(&mut self.0.borrow_mut().variant);
    }

    /// Changes records between requests from now on, or no longer.
    pub fn set_churn(&self, churn: Option<AppChurn>) {
        self.0.borrow_mut().churn = churn;
    }

    /// Lets `judge` decide what happens to queries.
    pub fn set_judge(&self, judge: impl FnMut(&str) -> Option<Outcome> + 'static) {
        self.0.borrow_mut().judge = Some(Box::new(judge));
    }

    /// Answers every query again.
    pub fn clear_judge(&self) {
        self.0.borrow_mut().judge = None;
    }

    /// Adds a record of a type that was updated at `updated`, as changed by `shape`.
    pub fn add(&self, name: &str, updated: i64, shape: impl FnOnce(Row) -> Row) {
        let mut inside = self.0.borrow_mut();
        let row = shape(Row::new(inside.made, updated));
        inside.made += 1;
        inside.rows.entry(name.to_owned()).or_default().push(row);
    }

    /// Updates all records of a type to the content of this version.
    pub fn set_version(&self, name: &str, version: u64) {
        let mut inside = self.0.borrow_mut();
        let (now, tick) = (inside.now(), inside.variant.tick);
        let rows = inside.rows.entry(name.to_owned()).or_default();
        rows.iter_mut().for_each(|row| row.return_to(version, now, tick));
    }

    /// Makes so many changes at once, as between two requests.
    pub fn turn(&self, churn: &mut AppChurn, changes: u64) {
        let inside = &mut *self.0.borrow_mut();
        let now = inside.now();
        // Without any type there is nothing to change.
        let changes = if inside.rows.is_empty() { 0 } else { changes };
        for _ in 0..changes {
            churn.change(&mut inside.rows, &mut inside.made, now, None);
        }
    }

    /// The records of a type that queries find now.
    pub fn visible(&self, name: &str) -> Vec<Row> {
        let inside = self.0.borrow();
        let now = inside.now();
        let rows = inside.rows.get(name).into_iter().flatten();
        rows.filter(|row| row.is_visible(now)).map(|row| inside.variant.shown(row)).collect()
    }

    /// The latest stamp among the records of a type, visible or not.
    pub fn latest_stamp(&self, name: &str) -> i64 {
        let inside = self.0.borrow();
        inside.rows.get(name).into_iter().flatten().map(|row| row.updated).max().unwrap_or(i64::MIN)
    }

    /// All queries answered so far.
    pub fn asked(&self) -> Vec<AnsweredQuery> {
        self.0.borrow().asked.clone()
    }

    /// Adds a user of the app.
    pub fn add_user(&self, human: &str) {
        self.0.borrow_mut().users.insert(human.to_owned());
    }

    /// Whether the app has this user.
    pub fn has_user(&self, human: &str) -> bool {
        self.0.borrow().users.contains(human)
    }
}

impl Inside {
    fn now(&self) -> i64 {
        BEGIN + self.world.elapsed() as i64 + self.off
    }

    fn page(&mut self, url: &str, name: &str) -> Response<Document> {
        let now = self.now();
        for pair in url.split_once('?').map_or("", |(_, query)| query).split('&') {
            let known = ["limit=", "offset=", "updated_since=", "updated_before="];
            assert!(known.iter().any(|known| pair.starts_with(known)), "{pair} in {url}");
        }
        let limit: usize = parameter(url, "limit").map_or(50, |limit| limit.parse().unwrap());
        assert!((1..=500).contains(&limit), "{url} breaks the bounds of `limit`");
        let offset: usize = parameter(url, "offset").map_or(0, |offset| offset.parse().unwrap());
        let since = parameter(url, "updated_since").map(seconds);
        let before = parameter(url, "updated_before").map(seconds);
        let window = if self.variant.of_one_person {
            // What a list without these bounds selects.
            (since.unwrap_or(-1_000_000_000), before.unwrap_or(1_000_000_000_000))
        } else {
            let since = since.unwrap_or_else(|| panic!("{url} does not say from when on"));
            let before = before.unwrap_or(now.div_euclid(1000) + 1);
            assert!(before - since <= LONGEST, "{url} asks for {} s", before - since);
            (since, before)
        };
        let (since, before) = window;
        if let Some(churn) = &mut self.churn {
            churn.apply(self.rows.entry(name.to_owned()).or_default(), &mut self.made, now, Some(window));
        }
        let echoed = self.echo(name, now);
        self.asked.push(AnsweredQuery { window, limit });
        assert!(self.asked.len() < MOST_QUERIES, "there is no end to the queries");
        let variant = &self.variant;
        let mut rows: Vec<Row> = self
            .rows
            .get(name)
            .into_iter()
            .flatten()
            .filter(|row| row.is_visible(now))
            .map(|row| variant.shown(row))
            .filter(|row| variant.selects(row.updated, since, before))
            .collect();
        let shuffled = |row: &Row| {
            let number = row.serial.wrapping_mul(0x9e37_79b9).wrapping_add(self.asked.len() as u64);
            number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17) as i64
        };
        let place = |row: &Row| match variant {
            Variant { shuffled_before, .. } if since < *shuffled_before => shuffled(row),
            Variant { by_update: true, .. } => row.updated,
            _ => row.recorded,
        };
        rows.sort_by_key(|row| std::cmp::Reverse((place(row), row.serial)));
        let length = rows.len();
        let from = offset.min(length);
        let to = (from + limit.min(variant.cap)).min(length);
        let mut response = ok(Document::List(rows[from..to].iter().map(|row| row.record()).collect()));
        if variant.totals {
            response.headers.total_count = Some(length.to_string());
        }
        if variant.links {
            response.headers.link = link(url, from, to, limit, length);
        }
        if let Some(index) = echoed {
            let tick = self.variant.tick;
            self.rows.get_mut(name).unwrap()[index].touch(now, tick);
            *self.noted.entry("changed again in the millisecond in which it was read").or_default() += 1;
        }
        response
    }

    /// Updates a record that is about to be read. Returns its index if it must be updated once more after that.
    fn echo(&mut self, name: &str, now: i64) -> Option<usize> {
        let (chance, often) = self.echo.as_mut()?;
        let rows = self.rows.get_mut(name).filter(|rows| !rows.is_empty())?;
        let index = chance.index(rows.len());
        if !chance.happens(*often) || !rows[index].is_visible(now) || rows[index].updated > now {
            return None;
        }
        rows[index].touch(now, self.variant.tick);
        Some(index)
    }

    /// The date of the next answer, in milliseconds since the epoch.
    fn date(&mut self) -> i64 {
        let number = self.answers;
        self.answers += 1;
        let date = self.now() + self.date_off;
        let Some(odd) = &self.odd_dates else { return date };
        let is_odd = match odd.every {
            None => number == odd.first,
            Some(every) => number >= odd.first && (number - odd.first).is_multiple_of(every),
        };
        if !is_odd {
            return date;
        }
        *self.noted.entry("an odd date").or_default() += 1;
        match odd.date {
            OddDate::At(at) => at,
            OddDate::Off(off) => date + off,
            OddDate::Further(off) => date + number as i64 * off,
        }
    }
}

/// A Link field with the neighbours of a page, and all parameters of the query.
fn link(url: &str, from: usize, to: usize, limit: usize, length: usize) -> Option<String> {
    let (path, query) = url.split_once('?').unwrap();
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.starts_with("limit=") && !pair.starts_with("offset=")).collect();
    let filters: String = kept.iter().map(|pair| format!("{pair}&")).collect();
    let target = |offset: usize| format!("<{path}?{filters}limit={limit}&offset={offset}>");
    let next = (to < length).then(|| format!("{}; rel=\"next\"", target(to)));
    let previous = (from > 0).then(|| format!("{}; rel=\"prev\"", target(from.saturating_sub(limit))));
    let links: Vec<String> = next.into_iter().chain(previous).collect();
    (!links.is_empty()).then(|| links.join(","))
}

/// The bound of a window, which must have the documented form.
fn seconds(text: &str) -> i64 {
    let form = "%Y%m%dT%H%M%SZ";
    let read = NaiveDateTime::parse_from_str(text, form).unwrap_or_else(|_| panic!("{text} is no bound"));
    assert_eq!(read.format(form).to_string(), text);
    read.and_utc().timestamp()
}

impl Server for AppServer {
    fn answer(&mut self, request: &Request) -> Outcome {
        let inside = &mut *self.0.borrow_mut();
        let of_one_person = inside.variant.of_one_person;
        let expected = match of_one_person {
            true => format!("Bearer {SECRET}"),
            false => format!("Basic {}", Base64::encode_string(format!("{APP_KEY}:").as_bytes())),
        };
        let own: Vec<_> = request.headers.iter().filter(|(key, _)| key == "authorization").collect();
        assert_eq!(own.len(), 1);
        assert_eq!(own[0].1, expected);
        let root = match of_one_person {
            true => format!("{}/v1/human/", inside.origin),
            false => format!("{}/v1/apps/{CLIENT_ID}/users/", inside.origin),
        };
        let rest = request.url.strip_prefix(&root).unwrap_or_else(|| panic!("{}", request.url));
        let name = rest.split('?').next().unwrap();
        // The readings of a type have its name.
        let name = name.strip_suffix("/readings").unwrap_or(name);
        let mut outcome = match request.method {
            "GET" => {
                let judged = inside.judge.as_mut().and_then(|judge| judge(name));
                judged.unwrap_or_else(|| Outcome::Reply(inside.page(&request.url, name)))
            }
            "DELETE" => {
                let code = if inside.users.remove(name) { 204 } else { 404 };
                let judged = inside.judge.as_mut().and_then(|judge| judge(name));
                judged.unwrap_or_else(|| Outcome::Reply(status(code)))
            }
            other => panic!("{other}"),
        };
        if let Outcome::Reply(response) | Outcome::Late(_, response) = &mut outcome
            && inside.variant.dates
        {
            let at = DateTime::from_timestamp(inside.date().div_euclid(1000), 0).unwrap();
            response.headers.date = Some(at.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        }
        outcome
    }
}
