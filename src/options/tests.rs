//! Defaults, bounds, and which option goes with which.

use super::*;
use crate::api::{AppPath, BatchType, PersonType, QueryInit, SENT_OPTIONS};
use crate::error::OptionError;
use crate::http::{BaseUrl, Config};
use crate::sync::{CheckpointScope, Position, SyncOwner};
use crate::testing::test;
use crate::uri::LinkScope;
use humansync_ingest::{Format, Numbers};
use serde::de::value::Error;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

/// Options as a caller writes them.
fn given<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap()
}

fn base() -> BaseUrl {
    BaseUrl::new(defaults::BASE_URL, defaults::VERSION, "/human", false).unwrap()
}

fn config(json: &str) -> Result<Config, OptionError> {
    given::<ClientInit>(json).config(base())
}

#[test]
fn the_defaults_hold_where_an_option_is_left_out() {
    let config = config("{}").unwrap();
    assert_eq!((config.timeout, config.max_retries, config.max_retry_delay), (30_000, 4, 120_000));
    assert_eq!((config.concurrency, config.headers), (6, vec![]));
    assert_eq!(ClientInit::default().max_response_bytes(), Ok(64 << 20));
    let base = HumanClientInit::default().base(&ClientInit::default()).unwrap();
    assert_eq!(base.root(), "https://api.humanapi.co/v1");
    let app = AppPath::new("app").unwrap();
    for (types, count) in
        [(SyncTypes::OfApp(&app), BatchType::all().count()), (SyncTypes::OfPerson, PersonType::all().count())]
    {
        let settings = SyncInit::default().checked(&types).unwrap();
        assert_eq!((settings.types.len(), settings.overlap, settings.window_records), (count, 300, 50_000));
        assert_eq!((settings.since, settings.until, settings.conditions.limit), (None, None, None));
    }
    let client = given::<ClientInit>(r#"{"baseUrl": "https://samples.example"}"#);
    let uploader = UploaderInit::default();
    assert_eq!(uploader.base(&client).unwrap().root(), "https://samples.example/api/v1.1/samples");
    let settings = uploader.checked(NUMBERS).unwrap();
    assert_eq!((settings.batch_size, settings.hold_unknown, settings.account), (1000, false, None));
    assert_eq!(UploadInit::default().format(), Ok(None));
    assert_eq!(WalkInit::default().limit(), Ok(u64::MAX));
}

const NUMBERS: Numbers = Numbers { parse: |_| 0.0, print: |_| String::new() };

#[test]
fn numbers_out_of_their_bounds_are_refused_by_name() {
    for (option, value) in [
        ("timeout", "0"),
        ("timeout", "1.5"),
        ("maxRetries", "-1"),
        ("maxRetries", "4294967296"),
        ("maxRetryDelay", "-1"),
        ("concurrency", "0"),
        ("concurrency", "257"),
    ] {
        assert_eq!(config(&format!(r#"{{"{option}": {value}}}"#)).unwrap_err().option, option, "{value}");
    }
    let error = given::<ClientInit>(r#"{"maxResponseBytes": 0}"#).max_response_bytes().unwrap_err();
    assert_eq!(error.option, "maxResponseBytes");
    for size in ["2", "1001", "3.5"] {
        let init = given::<UploaderInit>(&format!(r#"{{"batchSize": {size}}}"#));
        assert_eq!(init.checked(NUMBERS).err().unwrap().option, "batchSize", "{size}");
    }
    for (json, option) in [
        (r#"{"overlap": -1}"#, "overlap"),
        (r#"{"windowRecords": 0}"#, "windowRecords"),
        (r#"{"limit": 501}"#, "limit"),
        (r#"{"source": ""}"#, "source"),
        (r#"{"params": {"limit": "3"}}"#, "params.limit"),
    ] {
        let error = given::<SyncInit>(json).checked(&SyncTypes::OfPerson).err().unwrap();
        assert_eq!(error.option, option, "{}", error.message);
    }
    assert_eq!(given::<WalkInit>(r#"{"limit": -1}"#).limit().unwrap_err().option, "limit");
}

#[test]
fn what_has_no_upper_bound_may_be_infinite() {
    let infinite = Some(f64::INFINITY);
    let init = ClientInit {
        timeout: infinite,
        max_retry_delay: infinite,
        max_response_bytes: infinite,
        ..ClientInit::default()
    };
    let config = init.config(base()).unwrap();
    assert_eq!((config.timeout, config.max_retry_delay), (u64::MAX, u64::MAX));
    assert_eq!(init.max_response_bytes(), Ok(u64::MAX));
}

#[test]
fn header_fields_are_checked_and_no_value_is_repeated() {
    let config = config(r#"{"headers": {"X-Study": "seven", "x-b": "1"}}"#).unwrap();
    let expected = [("x-study", "seven"), ("x-b", "1")].map(|(name, value)| (name.into(), value.into()));
    assert_eq!(config.headers, expected);
    for (headers, option) in [
        (r#"{"a b": "hunter2"}"#, "headers"),
        (r#"{"": "hunter2"}"#, "headers"),
        (r#"{"Authorization": "hunter2"}"#, "headers.authorization"),
        (r#"{"a": "hunter2\r\nb: c"}"#, "headers.a"),
    ] {
        let error = self::config(&format!(r#"{{"headers": {headers}}}"#)).unwrap_err();
        assert_eq!(error.option, option);
        assert!(!error.message.contains("hunter2"), "{}", error.message);
    }
}

#[test]
fn plain_http_needs_leave_on_every_client() {
    let plain = r#"{"baseUrl": "http://api.example""#;
    for (json, is_fine) in [(format!("{plain}}}"), false), (format!(r#"{plain}, "allowHttp": true}}"#), true)]
    {
        let client = given::<ClientInit>(&json);
        let app = AppPath::new("app").unwrap();
        assert_eq!(HumanClientInit::default().base(&client).is_ok(), is_fine);
        assert_eq!(AppClientInit::default().base(&client, &app).is_ok(), is_fine);
        assert_eq!(UploaderInit::default().base(&client).is_ok(), is_fine);
    }
}

#[test]
fn an_app_client_has_a_client_id_and_no_place_in_a_page() {
    let init = given::<AppClientInit>(r#"{"clientId": "app"}"#);
    assert_eq!(init.client_id(false), Ok("app"));
    assert_eq!(init.client_id(true).unwrap_err().option, "dangerouslyAllowBrowser");
    let allowed = given::<AppClientInit>(r#"{"clientId": "app", "dangerouslyAllowBrowser": true}"#);
    assert_eq!(allowed.client_id(true), Ok("app"));
    assert_eq!(AppClientInit::default().client_id(false).unwrap_err().option, "clientId");
}

#[test]
fn what_cannot_be_left_out_is_said_to_be_missing() {
    for secret in [ACCESS_TOKEN, APP_KEY, TOKEN] {
        let error = secret.missing();
        assert_eq!(error.option, secret.name);
        assert!(error.message.contains("is missing"), "{}", error.message);
        assert_eq!(secret.text("").unwrap_err().option, secret.name);
    }
    assert_eq!(APP_KEY.text("a").unwrap().authorization(), "Basic YTo=");
    assert_eq!(TOKEN.text("a").unwrap().authorization(), "Bearer a");
    let error = UploaderInit::default().base(&ClientInit::default()).unwrap_err();
    assert!(error.message.starts_with("`baseUrl` is missing"), "{}", error.message);
    assert_eq!(no_store().option, "store");
}

#[test]
fn words_are_taken_or_repeated() {
    let uploader =
        |word: &str| given::<UploaderInit>(&format!(r#"{{"onUnknown": "{word}"}}"#)).checked(NUMBERS);
    assert!(uploader("hold").unwrap().hold_unknown);
    assert!(!uploader("resend").unwrap().hold_unknown);
    let error = uploader("drop").err().unwrap();
    assert_eq!(error.message, r#"`onUnknown` must be "resend" or "hold", not "drop""#);
    let format = |word: &str| given::<UploadInit>(&format!(r#"{{"format": "{word}"}}"#)).format();
    assert_eq!(format("csv"), Ok(Some(Format::Csv)));
    assert_eq!(format("xml").unwrap_err().option, "format");
    assert!(data_type("steps").is_ok());
    assert_eq!(data_type("sleep").err().unwrap().option, "type");
    assert_eq!(
        batch_type("types", "sleep").unwrap_err().message,
        r#"there is no batch type "sleep"; is it "sleeps"?"#
    );
    assert!(batch_type("type", "nothing").unwrap_err().message.contains("one of activities, "));
}

#[test]
fn types_are_named_once_and_a_run_ends_after_it_begins() {
    let app = AppPath::new("app").unwrap();
    let checked = |json: &str| given::<SyncInit>(json).checked(&SyncTypes::OfApp(&app));
    let some = checked(
        r#"{"types": ["sleeps", "weights"], "since": "2024-01-01T00:00:00Z", "until": 1704067200001.0, "overlap": 1001}"#,
    )
    .unwrap();
    assert_eq!(some.types.iter().map(|own| own.name).collect::<Vec<_>>(), ["sleeps", "weights"]);
    // Up to a moment is up to the end of its second, and a part of a second is one.
    assert_eq!((some.since, some.until, some.overlap), (Some(1_704_067_200), Some(1_704_067_201), 2));
    for (json, option) in [
        (r#"{"types": []}"#, "types"),
        (r#"{"types": ["sleeps", "sleeps"]}"#, "types"),
        (r#"{"since": "2024-01-02T00:00:00Z", "until": "2024-01-01T00:00:00Z"}"#, "until"),
    ] {
        assert_eq!(checked(json).err().unwrap().option, option);
    }
}

#[test]
fn checkpoints_are_read_for_their_types_and_a_wrong_one_says_what_is_wrong() {
    let server = LinkScope::of("https://api.humanapi.co/v1").unwrap();
    let owner = SyncOwner::person("", &server);
    let positions = |json: &str| {
        let init = given::<SyncInit>(json);
        let options = init.checked(&SyncTypes::OfPerson)?;
        init.positions(&SyncTypes::OfPerson, &owner, &options)
    };
    let scope = CheckpointScope { owner: owner.fingerprint(), name: "sleeps", conditions: 0 };
    let text = scope.to_text(&Position::default());
    assert!(positions("{}").unwrap().is_none());
    assert_eq!(positions(r#"{"from": {}}"#).unwrap(), Some(vec![]));
    let one = positions(&format!(r#"{{"from": {{"sleeps": "{text}"}}}}"#)).unwrap();
    assert_eq!(one, Some(vec![("sleeps", Position::default())]));
    for (json, option, words) in [
        (format!(r#"{{"from": {{"sleep": "{text}"}}}}"#), "from", "is it \"sleeps\"?"),
        (format!(r#"{{"from": {{"weight": "{text}"}}}}"#), "from[\"weight\"]", "of the type \"sleeps\""),
        (
            format!(r#"{{"from": {{"sleeps": "{text}"}}, "source": "fitbit"}}"#),
            "from[\"sleeps\"]",
            "`source`",
        ),
        (r#"{"from": {"sleeps": "x"}}"#.to_owned(), "from[\"sleeps\"]", "damaged"),
    ] {
        let error = positions(&json).unwrap_err();
        assert_eq!(error.option, option, "{json}");
        assert!(error.message.contains(words), "{}", error.message);
    }
}

/// Tells the fields of a type as an error.
struct Names;

impl<'de> Deserializer<'de> for Names {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        Err(Error::custom(fields.join(" ")))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("no struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[test]
fn the_options_of_a_query_are_those_that_are_listed() {
    let names = QueryInit::deserialize(Names).unwrap_err().to_string();
    assert_eq!(names, SENT_OPTIONS.join(" ") + " params");
}
