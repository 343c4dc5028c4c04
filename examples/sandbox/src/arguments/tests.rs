//! Tests of the flags.

use super::*;

fn parsed(arguments: &[&str]) -> Result<Arguments, String> {
    Arguments::try_parse_from(std::iter::once(&"sandbox").chain(arguments)).map_err(|error| error.to_string())
}

#[test]
fn without_flags_there_is_no_fault() {
    let settings = parsed(&[]).unwrap().settings();
    assert_eq!(settings.faults, Faults::default());
    assert_eq!((settings.seed, settings.now), (Settings::default().seed, Settings::default().now));
}

#[test]
fn only_loopback_is_taken() {
    for host in ["127.0.0.1", "127.1.2.3", "::1", "localhost"] {
        assert!(parsed(&["--host", host]).is_ok(), "{host}");
    }
    for host in ["0.0.0.0", "::", "192.168.1.4", "example.org"] {
        assert!(parsed(&["--host", host]).is_err(), "{host}");
    }
}

#[test]
fn times_are_read_with_their_unit() {
    for (text, milliseconds) in [("50ms", 50), ("2s", 2000), ("1m", 60_000), ("0ms", 0)] {
        assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
    }
    for text in ["50", "ms", "-1s", "1.5s", "1h", ""] {
        assert!(duration(text).is_err(), "{text}");
    }
}

#[test]
fn shares_are_from_0_to_1() {
    for flag in ["--error-rate", "--error-after", "--cut-before", "--cut-after", "--cut-within"] {
        assert!(parsed(&[flag, "1"]).is_ok(), "{flag}");
        assert!(parsed(&[flag, "1.01"]).is_err(), "{flag}");
        assert!(parsed(&[flag, "NaN"]).is_err(), "{flag}");
    }
}

#[test]
fn an_app_that_could_not_be_asked_for_is_refused() {
    assert!(parsed(&["--client-id", "a-1.b_2~", "--app-keys", "one,two"]).is_ok());
    for flags in [
        ["--client-id", "a/b"],
        ["--client-id", ""],
        ["--app-keys", "a:b"],
        ["--app-keys", ""],
        ["--app-users", "0"],
    ] {
        assert!(parsed(&flags).is_err(), "{flags:?}");
    }
    let size =
        parsed(&["--app-users", "7", "--app-days", "8", "--app-records", "9"]).unwrap().settings().app_size;
    assert_eq!(size, Size { users: 7, days: 8, records: 9 });
}

#[test]
fn every_flag_becomes_a_fault() {
    let arguments = "--latency 50ms --jitter 20ms --rate-limit 5/1s --retry-after 2 --error-rate 0.05 --error-status 503 \
        --cut-before 0.01 --cut-after 0.02 --cut-within 0.03 --hide-headers --churn 0.5 --links none --max-limit 9 \
        --no-medical-profile --slow-body 1s --since-exclusive --before-inclusive --batch-order recorded \
        --error-after 0.04 --app-keys three,four --tokens one,two --max-body 1000 --max-samples 500 \
            --ignore-updated-since medical/allergies,weight";
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let expected = Faults {
        latency_ms: 50,
        jitter_ms: 20,
        rate_limit: "5/1s".parse().ok(),
        retry_after: RetryAfter::Seconds(2),
        error_rate: 0.05,
        error_status: 503,
        cut_before: 0.01,
        cut_after: 0.02,
        cut_within: 0.03,
        hide_headers: true,
        churn: 0.5,
        link_form: LinkForm::None,
        max_limit: std::num::NonZeroUsize::new(9),
        medical_profile404: true,
        slow_body_ms: 1000,
        error_after: 0.04,
        tokens: vec!["one".to_owned(), "two".to_owned()],
        app_keys: vec!["three".to_owned(), "four".to_owned()],
        since_exclusive: true,
        before_inclusive: true,
        batch_order: BatchOrder::Recorded,
        ignore_updated_since: vec!["medical/allergies".to_owned(), "weight".to_owned()],
        max_body_bytes: std::num::NonZeroUsize::new(1000),
        max_samples: std::num::NonZeroUsize::new(500),
        ..Faults::default()
    };
    assert_eq!(parsed(&arguments).unwrap().settings().faults, expected);
}

#[test]
fn a_list_is_streamed_if_it_is_told_how_many_records_it_has() {
    assert_eq!(parsed(&[]).unwrap().settings().stream, None);
    let stream = |arguments: &[&str]| parsed(arguments).map(|arguments| arguments.settings().stream);
    let default = StreamSize { batch_type: BatchType::HeartRates, records: 20_000_000, days: 31, rate: 0 };
    assert_eq!(stream(&["--stream-records", "20000000"]), Ok(Some(default)));
    let all =
        ["--stream-records", "9", "--stream-type", "weights", "--stream-days", "2", "--stream-rate", "100"];
    let expected = StreamSize { batch_type: BatchType::Weights, records: 9, days: 2, rate: 100 };
    assert_eq!(stream(&all), Ok(Some(expected)));
    for alone in [["--stream-type", "weights"], ["--stream-days", "2"], ["--stream-rate", "100"]] {
        assert!(parsed(&alone).unwrap_err().contains("--stream-records"), "{alone:?}");
    }
    assert!(parsed(&["--stream-records", "9", "--stream-type", "weight"]).unwrap_err().contains("weights"));
}

#[test]
fn the_clock_runs_if_it_is_told_to() {
    assert!(!parsed(&[]).unwrap().settings().clock_runs);
    assert!(!parsed(&["--clock", "standing"]).unwrap().settings().clock_runs);
    assert!(parsed(&["--clock", "running"]).unwrap().settings().clock_runs);
}

#[test]
fn only_lists_of_the_person_can_ignore_updated_since() {
    let error = parsed(&["--ignore-updated-since", "weight,weights"]).unwrap_err();
    assert!(error.contains("weights") && error.contains("medical/allergies"), "{error}");
}
