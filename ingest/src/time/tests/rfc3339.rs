//! Tables for what RFC 3339 says, and chrono as the independent oracle for everything between.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike};
use proptest::prelude::*;

use crate::time::*;

fn instant(text: &str) -> Instant {
    Instant::parse_rfc3339(text.as_bytes()).unwrap_or_else(|| panic!("{text}"))
}

#[test]
fn what_is_no_instant_is_refused() {
    for text in [
        "",
        "now",
        "2014",
        "2014-01-10",
        "2014-01-10T00:00:00",
        "2014-01-10T00:00Z",
        "2014-1-10T00:00:00Z",
        "2014-01-10T0:00:00Z",
        " 2014-01-10T00:00:00Z",
        "2014-01-10T00:00:00Z ",
        "2014-01-10T00:00:00ZZ",
        "+2014-01-10T00:00:00Z",
        "-014-01-10T00:00:00Z",
        "2014-00-10T00:00:00Z",
        "2014-13-10T00:00:00Z",
        "2014-01-00T00:00:00Z",
        "2014-01-32T00:00:00Z",
        "2014-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2014-04-31T00:00:00Z",
        "2014-01-10T24:00:00Z",
        "2014-01-10T23:60:00Z",
        "2014-01-10T23:59:60Z",
        "2014/01/10T00:00:00Z",
        "2014-01/10T00:00:00Z",
        "2014-01-10_00:00:00Z",
        "2014-01-10T00-00:00Z",
        "2014-01-10T00:00-00Z",
        "2014-01-10T00:00:00.Z",
        "2014-01-10T00:00:00,5Z",
        "2014-01-10T00:00:00.5",
        "2014-01-10T00:00:00.0000000001Z",
        "2014-01-10T00:00:00+0100",
        "2014-01-10T00:00:00+01",
        "2014-01-10T00:00:00+01:60",
        "2014-01-10T00:00:00+24:00",
        "2014-01-10T00:00:00-29:00",
        "2014-01-10T00:00:00+1:00",
        "2014-01-10T00:00:00\u{2212}01:00",
        "20140110T000000Z",
        "2014-01-10T0a:00:00Z",
        "201\u{e9}-01-10T00:00:00Z",
        "2014-01-10T00:00:0:Z",
        "2014-01-10T00:00:0/Z",
    ] {
        assert!(Instant::parse_rfc3339(text.as_bytes()).is_none(), "{text}");
    }
    let many = ["2014-01-10T00:00:00.", &"0".repeat(256), "Z"].concat();
    assert!(Instant::parse_rfc3339(many.as_bytes()).is_none());
}

#[test]
fn every_day_of_the_years_0000_to_9999_is_the_day_chrono_says() {
    let mut day = NaiveDate::from_ymd_opt(0, 1, 1).unwrap();
    while day.year() < 10_000 {
        let text = day.format("%Y-%m-%d").to_string();
        let days = i64::from(day.num_days_from_ce() - 719_163);
        let bytes: &[u8; 10] = text.as_bytes().try_into().unwrap();
        assert_eq!(read_date(bytes), Some(days), "{text}");
        assert_eq!(&write_date(days), bytes);
        day = day.succ_opt().unwrap();
    }
}

#[test]
fn a_day_exists_where_chrono_has_it() {
    for year in [0, 1, 4, 100, 400, 1900, 1999, 2000, 2023, 2024, 9999] {
        for month in 0..=99 {
            for day in 0..=99 {
                let text = format!("{year:04}-{month:02}-{day:02}");
                let exists = NaiveDate::from_ymd_opt(year, month, day).is_some();
                assert_eq!(read_date(text.as_bytes().try_into().unwrap()).is_some(), exists, "{text}");
            }
        }
    }
}

#[test]
fn every_second_of_a_day_is_read_and_written() {
    for second in 0..86_400 {
        let text = write_time_of_day(second);
        assert_eq!(
            text,
            *format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60).as_bytes()
        );
        assert_eq!(read_time_of_day(text), Some(i64::from(second)));
    }
}

#[test]
fn a_byte_too_high_or_too_low_is_no_digit() {
    for at in 0..8 {
        for byte in 0..=255 {
            let mut text = *b"12:34:56";
            text[at] = byte;
            let expected = std::str::from_utf8(&text).ok().and_then(|text| {
                let is_time = text
                    .bytes()
                    .enumerate()
                    .all(|(at, byte)| if at % 3 == 2 { byte == b':' } else { byte.is_ascii_digit() });
                let fields: Vec<i64> = text.split(':').filter_map(|field| field.parse().ok()).collect();
                (is_time && fields[0] < 24 && fields[1] < 60 && fields[2] < 60)
                    .then(|| fields[0] * 3600 + fields[1] * 60 + fields[2])
            });
            assert_eq!(read_time_of_day(text), expected, "{text:?}");
        }
    }
}

#[test]
fn comparisons_go_by_the_instant_alone() {
    assert_eq!(instant("2014-01-10T08:00:00+04:00"), instant("2014-01-10T04:00:00.000Z"));
    assert!(instant("2014-01-10T08:00:00+04:00") < instant("2014-01-10T04:00:00.000000001-00:00"));
    assert!(instant("2014-01-10T00:00:00+04:00") < instant("2014-01-09T23:00:00Z"));
}

#[test]
fn milliseconds_become_utc() {
    for (millis, text) in [
        (0.0, "1970-01-01T00:00:00.000Z"),
        (1_698_811_491_000.0, "2023-11-01T04:04:51.000Z"),
        (-1.0, "1969-12-31T23:59:59.999Z"),
        (0.5, "1970-01-01T00:00:00.000500Z"),
        (0.000_001, "1970-01-01T00:00:00.000000001Z"),
        (999.999_999_9, "1970-01-01T00:00:01.000Z"),
        (-62_167_219_200_000.0, "0000-01-01T00:00:00.000Z"),
        (253_402_300_799_999.0, "9999-12-31T23:59:59.999Z"),
        (-0.0, "1970-01-01T00:00:00.000Z"),
        (-0.000_001, "1969-12-31T23:59:59.999999999Z"),
        (-1e-20, "1970-01-01T00:00:00.000Z"),
        (1_389_312_000_000.25, "2014-01-10T00:00:00.000250Z"),
    ] {
        assert_eq!(Instant::from_unix_millis(millis).map(Instant::to_rfc3339).as_deref(), Ok(text));
    }
    for millis in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Instant::from_unix_millis(millis), Err(TimeError::NotFinite), "{millis}");
    }
    for millis in [-62_167_219_200_001.0, 253_402_300_800_000.0, 1e300, -1e300, 8.64e15, -8.64e15] {
        assert_eq!(Instant::from_unix_millis(millis), Err(TimeError::OutOfRange), "{millis}");
    }
}

#[test]
fn whole_seconds_have_no_fraction() {
    assert_eq!(Instant::from_unix_seconds(0).unwrap().to_rfc3339(), "1970-01-01T00:00:00Z");
    for seconds in [-62_167_219_201, 253_402_300_800, i64::MIN, i64::MAX] {
        assert_eq!(Instant::from_unix_seconds(seconds), Err(TimeError::OutOfRange), "{seconds}");
    }
}

#[test]
fn offsets_are_kept_apart() {
    let offset = |text: &str| instant(&["2014-01-10T00:00:00", text].concat()).offset();
    assert_eq!(
        [offset("Z"), offset("z"), offset("-00:00")],
        [UtcOffset::Z, UtcOffset::Z, UtcOffset::UNKNOWN]
    );
    assert_eq!(
        [offset("+00:00").minutes(), offset("-23:59").minutes(), UtcOffset::Z.minutes()],
        [0, -1439, 0]
    );
    assert_eq!(
        [UtcOffset::from_minutes(1440), UtcOffset::from_minutes(-1440), UtcOffset::from_minutes(i16::MAX)],
        [None; 3]
    );
}

prop_compose! {
    fn written()(
        day in 0..3_652_059_i64, second in 0..DAY_SECONDS, fraction in prop_oneof![Just(String::new()), "\\.[0-9]{1,9}", "\\.[0-9]{9}0{1,5}"],
        letter in "[Tt ]", offset in "[zZ]|[-+]([01][0-9]|2[0-3]):[0-5][0-9]",
    ) -> String {
        let date = NaiveDate::from_ymd_opt(0, 1, 1).unwrap() + TimeDelta::days(day);
        let [hour, minute, second] = [second / 3600, second / 60 % 60, second % 60];
        format!("{}{letter}{hour:02}:{minute:02}:{second:02}{fraction}{offset}", date.format("%Y-%m-%d"))
    }
}

proptest! {
    #[test]
    fn instants_are_those_that_chrono_reads_and_come_out_as_they_went_in(text in written()) {
        let found = instant(&text);
        let expected = DateTime::parse_from_rfc3339(&text).unwrap();
        prop_assert_eq!(found.parts(), (expected.timestamp(), expected.nanosecond()));
        prop_assert_eq!(i32::from(found.offset().minutes()) * 60, expected.offset().local_minus_utc());
        prop_assert_eq!(found.day(), expected.timestamp().div_euclid(86_400));
        prop_assert_eq!(found.to_rfc3339(), text.replace(['t', ' '], "T").replace('z', "Z"));
        prop_assert!(found.checked().is_some());
    }

    #[test]
    fn other_bytes_are_read_as_chrono_reads_them_or_refused(text in written(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Some(found) = Instant::parse_rfc3339(&bytes) {
            let expected = DateTime::parse_from_rfc3339(std::str::from_utf8(&bytes).unwrap()).unwrap();
            prop_assert_eq!(found.parts(), (expected.timestamp(), expected.nanosecond()));
        }
    }

    #[test]
    fn whole_milliseconds_are_printed_as_chrono_does(millis in -62_167_219_200_000_i64..=253_402_300_799_999) {
        let found = Instant::from_unix_millis(millis as f64).unwrap();
        let expected = DateTime::from_timestamp_millis(millis).unwrap();
        prop_assert_eq!(found.to_rfc3339(), expected.to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    }

    #[test]
    fn a_fractional_number_is_kept_to_the_nanosecond(millis in -6.2e13..2.5e14_f64) {
        let read = Instant::from_unix_millis(millis).unwrap();
        // The oracle rounds half away from zero, the code to even: 1 ns apart at a tie.
        let whole = millis.floor();
        let exact_nanos = whole as i128 * 1_000_000 + ((millis - whole) * 1_000_000.0).round() as i128;
        let nanos = i128::from(read.unix_seconds()) * 1_000_000_000 + i128::from(read.subsec_nanos());
        prop_assert!((nanos - exact_nanos).abs() <= 1);
    }
}
