//! The command line.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use clap::Parser;

use crate::app_data::batch_type::BatchType;
use crate::app_data::{Size, StreamSize};
use crate::apps::{APP_KEY, CLIENT_ID};
use crate::calendar::parse_rfc3339;
use crate::catalogue::DataType;
use crate::data::TOKEN;
use crate::faults::{BatchOrder, Faults, LinkForm, RateLimit, RetryAfter};
use crate::sandbox::Settings;

const EXAMPLES: &str = "\x1b[1;4mExamples:\x1b[0m
  humansync-sandbox
  humansync-sandbox --latency 50ms --jitter 20ms
  humansync-sandbox --rate-limit 20/1s --retry-after 2
  humansync-sandbox --error-rate 0.05 --cut-before 0.01 --cut-after 0.01 --churn 0.5

  curl -H 'Authorization: Bearer demo' -H 'Accept: application/json' \\
       'http://127.0.0.1:8787/v1/human/activities?limit=2'
  curl -u demo-app-key: -H 'Accept: application/json' \\
       'http://127.0.0.1:8787/v1/apps/demo-app/users/heart_rates?limit=2'
  curl http://127.0.0.1:8787/_sandbox/samples

Everything can be changed while it runs: POST /_sandbox/faults. See README.md.";

/// Human API and the API for samples on this machine: five years of one person's data to read, a year of all users of an
/// app, a store for samples, strict rules, faults on demand. Access token: demo; App Key: demo-app-key
#[derive(Clone, Debug, Parser)]
#[command(name = "humansync-sandbox", version, after_help = EXAMPLES, max_term_width = 120, disable_help_flag = true)]
pub struct Arguments {
    /// Port to listen on; 0 takes any that is free
    #[arg(long, default_value_t = 8787, value_name = "PORT", help_heading = "Server")]
    pub port: u16,
    /// Address to listen on; only loopback is allowed
    #[arg(long, default_value = "127.0.0.1", value_parser = loopback, value_name = "ADDRESS", help_heading = "Server")]
    pub host: IpAddr,
    /// Print this
    #[arg(short, long, action = clap::ArgAction::HelpShort, help_heading = "Server")]
    help: Option<bool>,
    /// End when standard input is closed
    #[arg(long, help_heading = "Server")]
    pub until_stdin_closes: bool,

    /// Makes other data, other faults and other changes
    #[arg(long, default_value_t = 1, value_name = "NUMBER", help_heading = "Data")]
    seed: u64,
    /// The sandbox's clock: the newest records are just older
    #[arg(long, default_value = "2025-06-30T12:00:00Z", value_parser = parse_rfc3339, value_name = "INSTANT", help_heading = "Data")]
    now: i64,
    /// Whether the clock stands, but for changes, or runs with real time
    #[arg(long, value_enum, default_value = "standing", help_heading = "Data")]
    clock: ClockMode,
    /// Changes to a list with each request for it, on average
    #[arg(long, default_value_t = 0.0, value_name = "RATE", help_heading = "Data")]
    churn: f64,
    /// Users of the app
    #[arg(long, default_value_t = Size::default().users, value_parser = clap::value_parser!(u32).range(1..=1_000_000), value_name = "NUMBER", help_heading = "Data")]
    app_users: u32,
    /// Days over which the app's records were updated
    #[arg(long, default_value_t = Size::default().days, value_parser = clap::value_parser!(i64).range(1..=36_500), value_name = "DAYS", help_heading = "Data")]
    app_days: i64,
    /// Records of all users and types, about
    #[arg(long, default_value_t = Size::default().records, value_parser = clap::value_parser!(u64).range(0..=100_000_000), value_name = "NUMBER", help_heading = "Data")]
    app_records: u64,
    /// Records of one type of the app, made on the fly: nothing is kept for them, so that twenty million cost no more
    /// than twenty
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=1_000_000_000), value_name = "NUMBER", help_heading = "Data")]
    stream_records: Option<u64>,
    /// The type that has these records, and no others
    #[arg(long, default_value = "heart_rates", value_parser = BatchType::parse, requires = "stream_records", value_name = "TYPE", help_heading = "Data")]
    stream_type: BatchType,
    /// Days over which they were updated
    #[arg(long, default_value_t = 31, value_parser = clap::value_parser!(i64).range(1..=36_500), requires = "stream_records", value_name = "DAYS", help_heading = "Data")]
    stream_days: i64,
    /// Records that arrive in each second of the sandbox's clock
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1_000_000), requires = "stream_records", value_name = "NUMBER", help_heading = "Data")]
    stream_rate: u32,
    /// There is no medical profile
    #[arg(long, help_heading = "Data")]
    no_medical_profile: bool,

    /// How Link is written
    #[arg(long, value_enum, default_value = "wire", help_heading = "Protocol")]
    links: LinkForm,
    /// Neither expose nor send Link, X-Total-Count, Retry-After, Date and X-Request-Id
    #[arg(long, help_heading = "Protocol")]
    hide_headers: bool,
    /// The most records that a page holds, whatever its limit
    #[arg(long, value_name = "RECORDS", help_heading = "Protocol")]
    max_limit: Option<std::num::NonZeroUsize>,
    /// Query parameters to let through although they are not known
    #[arg(long, value_delimiter = ',', value_name = "NAMES", help_heading = "Protocol")]
    allow_params: Vec<String>,
    /// The access tokens that open the per-user side and the API for samples
    #[arg(long, value_delimiter = ',', default_value = TOKEN, value_name = "TOKENS", help_heading = "Protocol")]
    tokens: Vec<String>,
    /// The app that there is
    #[arg(long, default_value = CLIENT_ID, value_parser = client_id, value_name = "ID", help_heading = "Protocol")]
    client_id: String,
    /// The App Keys that open it
    #[arg(long, value_delimiter = ',', default_value = APP_KEY, value_parser = app_key, value_name = "KEYS", help_heading = "Protocol")]
    app_keys: Vec<String>,
    /// The order in which batch queries give records
    #[arg(long, value_enum, default_value = "updated", help_heading = "Protocol")]
    batch_order: BatchOrder,
    /// updated_since of a batch query is not included
    #[arg(long, help_heading = "Protocol")]
    since_exclusive: bool,
    /// updated_before of a batch query is included
    #[arg(long, help_heading = "Protocol")]
    before_inclusive: bool,
    /// Lists of the person that accept updated_since and updated_before, and do not heed them
    #[arg(long, value_delimiter = ',', value_parser = list, value_name = "LISTS", help_heading = "Protocol")]
    ignore_updated_since: Vec<String>,
    /// Answer batches of samples with a larger body with 413
    #[arg(long, value_name = "BYTES", help_heading = "Protocol")]
    max_body: Option<std::num::NonZeroUsize>,
    /// Answer batches of more samples with 413
    #[arg(long, value_name = "SAMPLES", help_heading = "Protocol")]
    max_samples: Option<std::num::NonZeroUsize>,

    /// Time from request to answer
    #[arg(long, default_value = "0ms", value_parser = duration, value_name = "TIME", help_heading = "Faults")]
    latency: Duration,
    /// So much shorter or longer, at random
    #[arg(long, default_value = "0ms", value_parser = duration, value_name = "TIME", help_heading = "Faults")]
    jitter: Duration,
    /// Answer more requests than this with 429, e.g. 20/1s
    #[arg(long, value_name = "N/TIME", help_heading = "Faults")]
    rate_limit: Option<RateLimit>,
    /// What Retry-After says with 429 and 503
    #[arg(long, default_value_t = 1, value_name = "SECONDS", help_heading = "Faults")]
    retry_after: u64,
    /// Share of requests answered with an error, 0 to 1
    #[arg(long, default_value_t = 0.0, value_parser = share, value_name = "SHARE", help_heading = "Faults")]
    error_rate: f64,
    /// Which error that is
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u16).range(400..600), value_name = "STATUS", help_heading = "Faults")]
    error_status: u16,
    /// Share of connections reset before the server acts
    #[arg(long, default_value_t = 0.0, value_parser = share, value_name = "SHARE", help_heading = "Faults")]
    cut_before: f64,
    /// Share of connections closed after the server acted, before it answers
    #[arg(long, default_value_t = 0.0, value_parser = share, value_name = "SHARE", help_heading = "Faults")]
    cut_after: f64,
    /// Share of answers that break off within their body
    #[arg(long, default_value_t = 0.0, value_parser = share, value_name = "SHARE", help_heading = "Faults")]
    cut_within: f64,
    /// Send bodies in pieces over this time
    #[arg(long, default_value = "0ms", value_parser = duration, value_name = "TIME", help_heading = "Faults")]
    slow_body: Duration,
    /// Share of requests on which the server acts, and then answers with the error
    #[arg(long, default_value_t = 0.0, value_parser = share, value_name = "SHARE", help_heading = "Faults")]
    error_after: f64,
}

/// Whether the clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ClockMode {
    /// It stands; each change to the data moves it on by a second.
    Standing,
    /// It runs with real time.
    Running,
}

impl Arguments {
    /// The settings of the sandbox.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let faults = Faults {
            latency_ms: milliseconds(self.latency),
            jitter_ms: milliseconds(self.jitter),
            rate_limit: self.rate_limit,
            retry_after: RetryAfter::Seconds(self.retry_after),
            error_rate: self.error_rate,
            error_status: self.error_status,
            cut_before: self.cut_before,
            cut_after: self.cut_after,
            cut_within: self.cut_within,
            hide_headers: self.hide_headers,
            churn: self.churn,
            link_form: self.links,
            max_limit: self.max_limit,
            medical_profile404: self.no_medical_profile,
            slow_body_ms: milliseconds(self.slow_body),
            error_after: self.error_after,
            tokens: self.tokens.clone(),
            app_keys: self.app_keys.clone(),
            since_exclusive: self.since_exclusive,
            before_inclusive: self.before_inclusive,
            batch_order: self.batch_order,
            ignore_updated_since: self.ignore_updated_since.clone(),
            max_body_bytes: self.max_body,
            max_samples: self.max_samples,
            ..Faults::default()
        };
        let allow_params: BTreeSet<String> = self.allow_params.iter().cloned().collect();
        let app_size = Size { users: self.app_users, days: self.app_days, records: self.app_records };
        Settings {
            seed: self.seed,
            now: self.now,
            faults,
            allow_params,
            client_id: self.client_id.clone(),
            app_size,
            stream: self.stream_records.map(|records| StreamSize {
                batch_type: self.stream_type,
                records,
                days: self.stream_days,
                rate: self.stream_rate,
            }),
            clock_runs: self.clock == ClockMode::Running,
        }
    }
}

/// Reads `250ms`, `2s` or `1m`.
///
/// # Errors
/// A text that says what is expected.
pub fn duration(text: &str) -> Result<Duration, String> {
    let unit = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit);
    let milliseconds = match unit {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" => Some(60_000),
        _ => None,
    };
    milliseconds
        .and_then(|unit| number.parse::<u64>().ok()?.checked_mul(unit))
        .map(Duration::from_millis)
        .ok_or_else(|| {
            format!("{text:?} is not a time; a whole number with ms, s or m is expected, as in 50ms")
        })
}

fn loopback(text: &str) -> Result<IpAddr, String> {
    let address: IpAddr = match text {
        "localhost" => IpAddr::from([127, 0, 0, 1]),
        _ => text.parse().map_err(|_| format!("{text:?} is not an address; 127.0.0.1 or ::1 is expected"))?,
    };
    match address.is_loopback() {
        true => Ok(address),
        false => Err(format!("{address} is not a loopback address; the sandbox is for this machine only")),
    }
}

/// It stands in paths, which are compared as they come.
fn client_id(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    match !text.is_empty() && text.bytes().all(plain) {
        true => Ok(text.to_owned()),
        false => Err(format!("{text:?} is no client id; letters, digits, -, ., _ and ~ are expected")),
    }
}

/// RFC 7617 §2: a user name ends at the first colon.
fn app_key(text: &str) -> Result<String, String> {
    match text.is_empty() || text.contains(':') {
        true => Err(format!("{text:?} could not be sent as a user name; it is empty, or has a colon")),
        false => Ok(text.to_owned()),
    }
}

/// The name of a list of the person.
fn list(text: &str) -> Result<String, String> {
    match DataType::named(text) {
        Some(data_type) => Ok(data_type.name().to_owned()),
        None => Err(format!("{text:?} is no list of the person; there are {}", DataType::names())),
    }
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| format!("{text:?} is not a share; a number from 0 to 1 is expected"))
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
