//! Tables for what RFC 3339 and the basic form say, and chrono as the independent oracle for everything between.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};
use proptest::prelude::*;

use crate::time::*;

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn what_rfc_3339_and_the_basic_form_allow_is_read() {
    #[rustfmt::skip]
    let table = [
        // The examples of RFC 3339 §5.8, but its leap seconds.
        ("1985-04-12T23:20:50.52Z",             482_196_050, 520_000_000,    0),
        ("1996-12-19T16:39:57-08:00",           851_042_397, 0,           -480),
        ("1937-01-01T12:00:27.87+00:20",     -1_041_337_173, 870_000_000,   20),
        // Either case, and a space.
        ("1985-04-12t23:20:50z",                482_196_050, 0,              0),
        ("1985-04-12 23:20:50Z",                482_196_050, 0,              0),
        // The forms of records and of samples.
        ("2015-08-30T22:04:01.355Z",          1_440_972_241, 355_000_000,    0),
        ("2023-11-01T08:04:51.000+04:00",     1_698_811_491, 0,            240),
        // One to nine digits, and zeros after them.
        ("1970-01-01T00:00:00.1Z",                        0, 100_000_000,    0),
        ("1970-01-01T00:00:00.123456789Z",                0, 123_456_789,    0),
        ("1970-01-01T00:00:00.000000001Z",                0, 1,              0),
        ("1970-01-01T00:00:00.12345678900000Z",           0, 123_456_789,    0),
        // Before 1970 the fraction still counts upwards.
        ("1969-12-31T23:59:59.999Z",                     -1, 999_000_000,    0),
        // The ends of the range, and offsets that lead over them.
        ("0000-01-01T00:00:00Z",            -62_167_219_200, 0,              0),
        ("0000-01-01T00:00:00+23:59",       -62_167_305_540, 0,           1439),
        ("9999-12-31T23:59:59.999999999-23:59", 253_402_387_139, 999_999_999, -1439),
        // Leap days.
        ("2000-02-29T00:00:00Z",                951_782_400, 0,              0),
        ("0000-02-29T00:00:00Z",            -62_162_121_600, 0,              0),
        // ISO 8601 basic.
        ("20140110T000000Z",                  1_389_312_000, 0,              0),
        ("20140110t000000z",                  1_389_312_000, 0,              0),
        ("20140110T000000.25Z",               1_389_312_000, 250_000_000,    0),
        ("20140110T040000+0400",              1_389_312_000, 0,            240),
        ("20140109T200000.5-0400",            1_389_312_000, 500_000_000, -240),
    ];
    for (text, seconds, nanos, minutes) in table {
        let read = instant(text);
        assert_eq!((read.unix_seconds(), read.subsec_nanos()), (seconds, nanos), "{text}");
        assert_eq!(read.offset().minutes(), minutes, "{text}");
    }
}

#[test]
fn what_is_no_instant_is_refused_with_its_own_reason() {
    use TimeError::*;
    let many = ["2014-01-10T00:00:00.", &"0".repeat(256), "Z"].concat();
    #[rustfmt::skip]
    let table = [
        ("", Shape), (" ", Shape), ("now", Shape), ("1389312000", Shape), ("2014", Shape), ("2014-1-10T00:00:00Z", Shape),
        ("+02014-01-10T00:00:00Z", Shape), ("-2014-01-10T00:00:00Z", Shape), (" 2014-01-10T00:00:00Z", Shape),
        ("2014/01/10T00:00:00Z", Shape), ("2014-01-10_00:00:00Z", Shape), ("2014-01-1OT00:00:00Z", Shape),
        ("2014-01-10T00:00:0xZ", Shape), ("2014-01-10T000000Z", Shape), ("20140110T00:00:00Z", Shape),
        ("20140110 000000Z", Shape), ("2014-W02-5T00:00:00Z", Shape), ("2014-010T00:00:00Z", Shape),
        ("２０１４-01-10T00:00:00Z", Shape), ("Fri, 10 Jan 2014 00:00:00 GMT", Shape), ("2014-01-10T0:00:00Z", Shape),
        ("2014-01-10", Shape), ("20140110", Shape),
        ("2014-01-10T00:00", Shape), ("2014-01-10T00:00Z", Shape), ("2014-01-10T00:00+01:00", Shape),
        ("20140110T0000Z", Shape), ("20140110T0000", Shape), ("20140110T0000+0400", Shape),
        ("2014-01-10T00:00:00", Shape), ("20140110T000000", Shape), ("2014-01-10T00:00:00.5", Shape),
        ("2014-00-10T00:00:00Z", NoSuchTime), ("2014-13-10T00:00:00Z", NoSuchTime), ("20141310T000000Z", NoSuchTime),
        ("2014-01-00T00:00:00Z", NoSuchTime), ("2014-01-32T00:00:00Z", NoSuchTime), ("2014-04-31T00:00:00Z", NoSuchTime),
        ("2014-02-29T00:00:00Z", NoSuchTime), ("2014-02-30T00:00:00Z", NoSuchTime), ("1900-02-29T00:00:00Z", NoSuchTime), ("20140230T000000Z", NoSuchTime),
        ("2014-01-10T24:00:00Z", NoSuchTime), ("2014-01-10T25:00:00Z", NoSuchTime),
        ("2014-01-10T00:60:00Z", NoSuchTime),
        ("1990-12-31T23:59:60Z", NoSuchTime), ("1990-12-31T15:59:60-08:00", NoSuchTime), ("2014-01-10T00:00:61Z", NoSuchTime),
        ("2014-01-10T00:00:00.Z", Shape), ("2014-01-10T00:00:00.", Shape),
        ("2014-01-10T00:00:00.1234567891Z", TooPrecise), ("2014-01-10T00:00:00.00000000000000000001Z", TooPrecise),
        ("2014-01-10T00:00:00+1:00", Shape), ("2014-01-10T00:00:00+0100", Shape), ("2014-01-10T00:00:00+01", Shape),
        ("2014-01-10T00:00:00+01:0x", Shape), ("2014-01-10T00:00:00+01:00Z", Shape), ("2014-01-10T00:00:00+", Shape),
        ("20140110T000000+04:00", Shape), ("2014-01-10T00:00:00--1:00", Shape),
        ("2014-01-10T00:00:00+24:00", NoSuchTime), ("2014-01-10T00:00:00-24:00", NoSuchTime),
        ("2014-01-10T00:00:00+00:60", NoSuchTime), ("2014-01-10T00:00:00-99:99", NoSuchTime),
        ("2014-01-10T00:00:00Z ", Shape), ("2014-01-10T00:00:00ZZ", Shape), ("2014-01-10T00:00:00,5Z", Shape),
        ("2014-01-10T00:00:00 +01:00", Shape), ("2014-01-10T00:00:00\u{2212}01:00", Shape),
        ("2014-01-10T00:00:00Z[Europe/Berlin]", Shape), ("2014-01-10T00:00:00.5 Z", Shape),
        ("+2014-01-10T00:00:00Z", Shape), ("-014-01-10T00:00:00Z", Shape), ("201\u{e9}-01-10T00:00:00Z", Shape),
        ("2014-01/10T00:00:00Z", Shape), ("2014-01-10T00-00:00Z", Shape), ("2014-01-10T00:00-00Z", Shape),
        ("2014-01-10T0a:00:00Z", Shape), ("2014-01-10T00:00:0:Z", Shape), ("2014-01-10T00:00:0/Z", Shape),
        ("2014-01-10T23:60:00Z", NoSuchTime), ("2014-01-10T23:59:60Z", NoSuchTime), ("2014-01-10T00:00:00+01:60", NoSuchTime),
        ("2014-01-10T00:00:00-29:00", NoSuchTime), ("2014-01-10T00:00:00.0000000001Z", TooPrecise), (&many, Shape),
    ];
    for (text, reason) in table {
        assert_eq!(Instant::parse(text), Err(reason), "{text}");
        assert_eq!(Instant::parse_rfc3339(text.as_bytes()), None, "{text}");
    }
    // The basic form is not in RFC 3339.
    assert_eq!(Instant::parse_rfc3339(b"20140110T000000Z"), None);
}

#[test]
fn an_error_message_does_not_repeat_what_was_given() {
    let error = Instant::parse("1987-06-31T05:43:21Z").unwrap_err();
    for part in ["1987", "06", "31", "05", "43", "21"] {
        assert!(!error.to_string().contains(part), "{error}");
    }
}

#[test]
fn the_basic_form_is_utc_in_whole_seconds_rounded_as_asked() {
    let table = [
        ("2014-01-10T00:00:00Z", "20140110T000000Z", "20140110T000000Z"),
        ("2014-01-10T01:00:00+01:00", "20140110T000000Z", "20140110T000000Z"),
        ("2014-01-10T00:00:00.000000001Z", "20140110T000000Z", "20140110T000001Z"),
        ("2013-12-31T23:59:59.999Z", "20131231T235959Z", "20140101T000000Z"),
        ("1969-12-31T23:59:59.5Z", "19691231T235959Z", "19700101T000000Z"),
    ];
    for (given, down, up) in table {
        assert_eq!(instant(given).to_basic(Rounding::Down).as_deref(), Ok(down));
        assert_eq!(instant(given).to_basic(Rounding::Up).as_deref(), Ok(up));
    }
}

#[test]
fn the_basic_form_is_refused_where_utc_leaves_the_four_digit_years() {
    let out = Err(TimeError::OutOfRange);
    assert_eq!(instant("0000-01-01T00:00:00+00:01").to_basic(Rounding::Down), out);
    assert_eq!(instant("9999-12-31T23:59:59-00:01").to_basic(Rounding::Down), out);
    let last = instant("9999-12-31T23:59:59.5Z");
    assert_eq!(last.to_basic(Rounding::Down).as_deref(), Ok("99991231T235959Z"));
    assert_eq!(last.to_basic(Rounding::Up), out);
}

#[test]
fn the_basic_form_is_printed_in_the_extended_one() {
    assert_eq!(instant("19961219T163957-0830").to_rfc3339(), "1996-12-19T16:39:57-08:30");
    assert_eq!(instant("19961219t163957.10z").to_rfc3339(), "1996-12-19T16:39:57.10Z");
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
        let expected = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        assert_eq!(text, *expected.as_bytes());
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

/// A date and time that may or may not exist, a fraction, and a zone.
fn near_instants() -> impl Strategy<Value = String> {
    let numbers = (0..=9999u32, 0..=13u32, 0..=32u32, 0..=24u32, 0..=60u32, 0..=59u32);
    let fraction = prop_oneof!["(\\.[0-9]{1,9})?", "\\.[0-9]{9}0{1,5}"];
    let zone = prop_oneof!["[Zz]", "[+-][0-2][0-9]:[0-6][0-9]"];
    (numbers, "[Tt ]", fraction, zone).prop_map(|((y, m, d, h, i, s), letter, fraction, zone)| {
        format!("{y:04}-{m:02}-{d:02}{letter}{h:02}:{i:02}:{s:02}{fraction}{zone}")
    })
}

fn by_chrono(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn instants_are_those_that_chrono_reads_and_come_out_as_they_went_in(text in near_instants()) {
        prop_assert_eq!(Instant::parse_rfc3339(text.as_bytes()), Instant::parse(&text).ok());
        match (Instant::parse(&text), by_chrono(&text)) {
            (Ok(ours), Some(theirs)) => {
                prop_assert_eq!(ours.parts(), (theirs.timestamp(), theirs.nanosecond()));
                prop_assert_eq!(i32::from(ours.offset().minutes()) * 60, theirs.offset().local_minus_utc());
                prop_assert_eq!(ours.day(), theirs.timestamp().div_euclid(86_400));
                prop_assert_eq!(ours.to_rfc3339(), text.replace(['t', ' '], "T").replace('z', "Z"));
                prop_assert!(ours.checked().is_some());
            }
            (Err(_), None) => {}
            (ours, theirs) => prop_assert!(false, "{}: {:?} and {:?}", text, ours, theirs),
        }
    }

    #[test]
    fn a_time_is_read_in_the_same_way_whatever_date_was_read_before(
        texts in proptest::collection::vec(near_instants(), 1..6),
        same_day in any::<bool>(),
    ) {
        let mut latest = LatestDate::default();
        for text in texts.iter().flat_map(|text| [text.clone(), text.replace(':', "0"), text.clone()]) {
            let date = if same_day { texts[0].get(..10) } else { None };
            let text = [date.unwrap_or(text.get(..10).unwrap_or_default()), text.get(10..).unwrap_or_default()].concat();
            let read = |instant: Instant| (instant.parts(), instant.offset(), instant.digits);
            let alone = Instant::parse_rfc3339(text.as_bytes()).map(read);
            prop_assert_eq!(Instant::parse_after(&mut latest, text.as_bytes()).map(read), alone, "{}", text);
        }
    }

    #[test]
    fn the_basic_form_is_read_as_the_extended_one_is(text in near_instants()) {
        let text = text.replace(' ', "T");
        let basic: String = text.chars().enumerate().filter(|&(at, c)| c != ':' && !(c == '-' && at < 10)).map(|(_, c)| c).collect();
        prop_assert_eq!(Instant::parse(&basic), Instant::parse(&text));
    }

    #[test]
    fn the_basic_form_brackets_the_instant_by_less_than_a_second(text in near_instants()) {
        if let Ok(read) = Instant::parse(&text) {
            let basic = |rounding| read.to_basic(rounding).ok().map(|text| instant(&text));
            if let (Some(down), Some(up)) = (basic(Rounding::Down), basic(Rounding::Up)) {
                prop_assert!(down <= read && read <= up);
                prop_assert_eq!(up.unix_seconds() - down.unix_seconds(), i64::from(read.subsec_nanos() > 0));
                prop_assert_eq!(down.unix_seconds(), read.unix_seconds());
            }
        }
    }

    #[test]
    fn order_is_the_order_of_chrono(a in near_instants(), b in near_instants()) {
        if let (Ok(x), Ok(y)) = (Instant::parse(&a), Instant::parse(&b)) {
            prop_assert_eq!(x.cmp(&y), by_chrono(&a).unwrap().cmp(&by_chrono(&b).unwrap()));
        }
    }

    #[test]
    fn no_bytes_at_all_can_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..48)) {
        let _ = Instant::parse_rfc3339(&bytes);
        let _ = Instant::parse(&String::from_utf8_lossy(&bytes));
        let _ = Date::parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn one_changed_byte_is_refused_or_read_as_chrono_reads_it(
        text in near_instants(), at in any::<prop::sample::Index>(), byte in prop_oneof![0x20..0x7f_u8, any::<u8>()],
    ) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let ours = Instant::parse_rfc3339(&bytes);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            prop_assert_eq!(Instant::parse(text).ok(), ours);
        }
        if let Some(ours) = ours {
            let theirs = by_chrono(std::str::from_utf8(&bytes).unwrap()).unwrap();
            prop_assert_eq!(ours.parts(), (theirs.timestamp(), theirs.nanosecond()));
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
