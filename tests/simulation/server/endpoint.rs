//! The endpoint for samples: it enforces every rule of the API, and keeps what arrived.

use super::{Document, ok, status};
use crate::setup::SECRET;
use crate::world::{NUMBER, Outcome, Server};
use chrono::{DateTime, Datelike};
use humansync::http::{Body, Request, Response};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::rc::Rc;

/// The path of the endpoint.
pub const ENDPOINT: &str = "/api/v1.1/samples";

/// A sample, with everything that identifies it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    /// `device_name`
    pub device: String,
    /// `device_version`
    pub version: Option<String>,
    /// The instant of `start_date`, in nanoseconds since the epoch.
    pub start: i64,
    /// The instant of `end_date`.
    pub end: Option<i64>,
    /// `unit`
    pub unit: String,
    /// The bits of `value`.
    pub value: u64,
}

impl Fact {
    /// The month of its start, counted from January of the year 0.
    pub fn month(&self) -> u32 {
        let start = DateTime::from_timestamp_nanos(self.start);
        start.year() as u32 * 12 + start.month0()
    }
}

/// A batch that the endpoint has received.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// The number of the request.
    pub number: usize,
    /// The size of the request's body in bytes.
    pub size: usize,
    /// `data_type`
    pub data_type: String,
    /// Its samples, in order.
    pub facts: Vec<Fact>,
    /// Their `start_date`s, as text.
    pub starts: Vec<String>,
    /// What the endpoint did with it.
    pub verdict: Verdict,
}

/// What the endpoint does with a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It accepts every sample, and answers so.
    Accepted,
    /// It accepts nothing; the answer has this status.
    Refused(u16),
    /// It accepts nothing; the answer has this status, and asks to wait for so many seconds.
    Deferred(u16, u8),
    /// It accepts every sample, and the answer has this status.
    AcceptedUnder(u16),
    /// It accepts nothing; the answer asks to wait until this date.
    DeferredUntil(&'static str),
    /// It does not answer.
    Unanswered {
        /// Whether it accepts the samples.
        accepted: bool,
    },
    /// It accepts every sample; the answer breaks off after its header.
    BrokenOff,
    /// It accepts nothing; something other than the API answers, or the API says that it failed.
    Strange(Page),
}

/// An answer with a status of success that acknowledges nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// 200 with a page for people: of a sign-in form, of a proxy, or of a server that is not the API.
    Html,
    /// A 2xx that the API does not use.
    Status(u16),
    /// 200 with JSON that says that something failed.
    Failure,
}

/// An object that says that something failed.
pub const FAILURE: &str = "failure";

impl Verdict {
    /// Whether it accepts the samples.
    pub fn accepts(self) -> bool {
        matches!(
            self,
            Self::Accepted | Self::AcceptedUnder(_) | Self::Unanswered { accepted: true } | Self::BrokenOff
        )
    }

    fn outcome(self) -> Outcome {
        match self {
            Self::Accepted => Outcome::Reply(ok(Document::Blank)),
            Self::Refused(code) | Self::AcceptedUnder(code) => Outcome::Reply(status(code)),
            Self::Deferred(code, seconds) => {
                let mut response = status(code);
                response.headers.retry_after = Some(seconds.to_string());
                Outcome::Reply(response)
            }
            Self::DeferredUntil(date) => {
                let mut response = status(429);
                response.headers.retry_after = Some(date.to_owned());
                Outcome::Reply(response)
            }
            Self::Unanswered { .. } => Outcome::Silence,
            Self::BrokenOff => Outcome::Cut { sent: true },
            Self::Strange(page) => Outcome::Reply(match page {
                Page::Html => Response { body: Body::NotJson, ..status(200) },
                Page::Status(code) => status(code),
                Page::Failure => ok(Document::Object(FAILURE.to_owned())),
            }),
        }
    }
}

/// All that the endpoint has received. Clones share it.
#[derive(Clone, Default)]
pub struct Inbox(Rc<RefCell<Vec<Parcel>>>);

impl Inbox {
    /// All batches, accepted or not.
    pub fn parcels(&self) -> Vec<Parcel> {
        self.0.borrow().clone()
    }

    /// Each accepted sample, with the numbers of the requests that it arrived in, in the order of their arrival.
    pub fn arrivals(&self) -> std::collections::BTreeMap<Fact, Vec<usize>> {
        let mut arrivals = std::collections::BTreeMap::<Fact, Vec<usize>>::new();
        for parcel in self.0.borrow().iter().filter(|parcel| parcel.verdict.accepts()) {
            for fact in &parcel.facts {
                arrivals.entry(fact.clone()).or_default().push(parcel.number);
            }
        }
        arrivals
    }
}

/// The endpoint. A request that breaks a rule of the API fails the test.
pub struct Endpoint {
    inbox: Inbox,
    judge: Box<dyn FnMut(&Parcel) -> Verdict>,
}

impl Endpoint {
    /// An endpoint that puts what it receives into `inbox`; `judge` decides what it does with a batch.
    pub fn new(inbox: &Inbox, judge: impl FnMut(&Parcel) -> Verdict + 'static) -> Self {
        Self { inbox: inbox.clone(), judge: Box::new(judge) }
    }
}

impl Server for Endpoint {
    fn answer(&mut self, request: &Request) -> Outcome {
        let header = |name: &str| {
            let mut found =
                request.headers.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
            let value = found.next();
            assert_eq!(found.next(), None, "{name} is there twice");
            value
        };
        assert_eq!(request.method, "POST");
        assert!(request.url.ends_with(ENDPOINT), "{}", request.url);
        assert_eq!(header("content-type"), Some("application/json"));
        let token = header("authorization").unwrap_or_default();
        assert!(token.starts_with("Bearer "), "{token}");
        let number = header(NUMBER).unwrap().parse().unwrap();
        let content = request.content.as_ref().expect("a POST without content");
        let (data_type, facts, starts) = read_body(&content.bytes);
        let mut parcel = Parcel {
            number,
            size: content.bytes.len(),
            data_type,
            facts,
            starts,
            verdict: Verdict::Refused(401),
        };
        if token == format!("Bearer {SECRET}") {
            parcel.verdict = (self.judge)(&parcel);
        }
        let outcome = parcel.verdict.outcome();
        self.inbox.0.borrow_mut().push(parcel);
        outcome
    }
}

/// The `data_type` of a body, its samples, and their `start_date`s as text.
///
/// # Panics
/// If the body breaks a rule of the API, or its samples are not in order.
pub fn read_body(body: &[u8]) -> (String, Vec<Fact>, Vec<String>) {
    let body: Value = serde_json::from_slice(body).expect("a body that is not JSON");
    let body = body.as_object().expect("a body that is no object");
    assert_eq!(body.len(), 2, "{:?}", body.keys());
    let data_type = body["data_type"].as_str().unwrap().to_owned();
    assert!(matches!(&*data_type, "steps" | "bpm"), "{data_type}");
    let data = body["data"].as_array().expect("data that is no array");
    assert!((3..=1000).contains(&data.len()), "{} samples in a batch", data.len());
    let samples = data.iter().map(|sample| sample.as_object().expect("a sample that is no object"));
    let facts: Vec<Fact> = samples.clone().map(fact).collect();
    let starts = samples.map(|sample| sample["start_date"].as_str().unwrap().to_owned()).collect();
    assert!(facts.is_sorted_by_key(|fact| fact.start), "a batch out of order");
    (data_type, facts, starts)
}

fn fact(sample: &Map<String, Value>) -> Fact {
    for key in sample.keys() {
        let known = ["device_name", "device_version", "start_date", "end_date", "unit", "value"];
        assert!(known.contains(&key.as_str()), "{key}");
    }
    let text = |name: &str| {
        let value = sample.get(name)?.as_str().expect("a text");
        assert!(!value.is_empty(), "{name} is empty");
        Some(value.to_owned())
    };
    let instant = |name: &str| {
        let text = text(name)?;
        let read = DateTime::parse_from_rfc3339(&text).unwrap_or_else(|_| panic!("{name}: {text}"));
        read.timestamp_nanos_opt()
    };
    let unit = text("unit").unwrap();
    let most = match &*unit {
        "count" => 30_000.0,
        "count/min" => 300.0,
        "count/s" => f64::INFINITY,
        _ => panic!("{unit}"),
    };
    let value = sample["value"].as_f64().expect("a value that is no number");
    assert!(value > 0.0 && value <= most, "{value} {unit}");
    let (start, end) = (instant("start_date").unwrap(), instant("end_date"));
    assert!(end.is_none_or(|end| end >= start), "it ends before it starts");
    Fact {
        device: text("device_name").unwrap(),
        version: text("device_version"),
        start,
        end,
        unit,
        value: value.to_bits(),
    }
}
