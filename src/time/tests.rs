//! Tables for what RFC 3339 and ISO 8601 say, and chrono as the independent oracle for everything between.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};
use proptest::prelude::*;

use super::*;

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
        // One to nine digits, and zeros behind them.
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
    ];
    for (text, reason) in table {
        assert_eq!(Instant::parse(text), Err(reason), "{text}");
        assert_eq!(Instant::parse_bytes(text.as_bytes()), Err(reason), "{text}");
    }
}

#[test]
fn an_error_message_does_not_repeat_what_was_given() {
    let error = Instant::parse("1987-06-31T05:43:21Z").unwrap_err();
    for part in ["1987", "06", "31", "05", "43", "21"] {
        assert!(!error.to_string().contains(part), "{error}");
    }
}

#[test]
fn an_instant_is_printed_with_the_offset_and_the_precision_it_has() {
    let table = [
        ("1996-12-19t16:39:57-08:00", "1996-12-19T16:39:57-08:00"),
        ("1996-12-19 16:39:57z", "1996-12-19T16:39:57Z"),
        ("1996-12-19T16:39:57+00:00", "1996-12-19T16:39:57+00:00"),
        ("1996-12-19T16:39:57-00:00", "1996-12-19T16:39:57-00:00"),
        ("19961219T163957-0830", "1996-12-19T16:39:57-08:30"),
        ("1996-12-19T16:39:57.000000000Z", "1996-12-19T16:39:57Z"),
        ("1996-12-19T16:39:57.1Z", "1996-12-19T16:39:57.100Z"),
        ("1996-12-19T16:39:57.0010Z", "1996-12-19T16:39:57.001Z"),
        ("1996-12-19T16:39:57.0001Z", "1996-12-19T16:39:57.000100Z"),
        ("1996-12-19T16:39:57.0000001Z", "1996-12-19T16:39:57.000000100Z"),
        ("0000-01-01T00:00:00+23:59", "0000-01-01T00:00:00+23:59"),
        ("9999-12-31T23:59:59.5-23:59", "9999-12-31T23:59:59.500-23:59"),
    ];
    for (given, printed) in table {
        assert_eq!(instant(given).to_rfc3339(), printed);
    }
}

#[test]
fn printing_appends_to_what_is_there() {
    let mut out = b"at ".to_vec();
    instant("2014-01-10T00:00:00Z").write_rfc3339(&mut out);
    assert_eq!(out, b"at 2014-01-10T00:00:00Z");
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
fn instants_compare_by_the_point_in_time_and_same_as_by_the_offset_too() {
    let (here, there) = (instant("2014-01-10T04:00:00+04:00"), instant("2014-01-10T00:00:00Z"));
    assert_eq!(here, there);
    assert!(!here.same_as(&there));
    assert!(here.same_as(&instant("20140110T040000+0400")));
    assert!(instant("2014-01-10T00:00:00.000000001Z") > there);
    assert!(instant("2014-01-10T03:59:59.999999999+04:00") < there);
}

#[test]
fn z_and_the_two_zero_offsets_are_three_statements() {
    let offset = |text| Offset::parse(text).unwrap();
    assert_eq!(offset("Z"), Offset::UTC);
    assert_eq!(offset("-00:00"), Offset::UNKNOWN);
    assert_eq!(offset("+00:00"), Offset::from_minutes(0).unwrap());
    assert_ne!(offset("Z"), offset("+00:00"));
    assert_ne!(offset("-00:00"), offset("+00:00"));
    assert!(offset("-00:00").is_unknown() && !offset("+00:00").is_unknown() && !offset("Z").is_unknown());
}

#[test]
fn an_offset_on_its_own_is_read_strictly() {
    assert_eq!(Offset::parse("-06:00").map(Offset::minutes), Ok(-360));
    assert_eq!(Offset::parse("+23:59").map(Offset::minutes), Ok(1439));
    assert_eq!(Offset::parse(""), Err(TimeError::OffsetShape));
    assert_eq!(Offset::parse("+24:00"), Err(TimeError::NoSuchTime));
    for text in ["-0600", "06:00", "-6:00", "UTC", "Z ", "+06:00 "] {
        assert_eq!(Offset::parse(text), Err(TimeError::OffsetShape), "{text}");
    }
    assert_eq!(Offset::from_minutes(1440), Err(TimeError::NoSuchTime));
    assert_eq!(Offset::from_minutes(i16::MIN), Err(TimeError::NoSuchTime));
    assert_eq!(Offset::from_minutes(i16::MAX), Err(TimeError::NoSuchTime));
}

#[test]
fn an_instant_with_its_offset_takes_sixteen_bytes() {
    assert_eq!(size_of::<Offset>(), 2);
    assert_eq!(size_of::<Instant>(), 16);
}

#[test]
fn milliseconds_are_taken_and_given_rounded_down() {
    let before = Instant::from_unix_millis(-1).unwrap();
    assert_eq!(before.to_rfc3339(), "1969-12-31T23:59:59.999Z");
    assert_eq!(before.unix_millis(), -1);
    assert_eq!(instant("1969-12-31T23:59:59.9999Z").unix_millis(), -1);
    assert_eq!(instant("1970-01-01T00:00:00.0019Z").unix_millis(), 1);
}

#[test]
fn milliseconds_outside_the_four_digit_years_are_refused() {
    let (first, last) = (-62_167_219_200_000, 253_402_300_799_999);
    assert_eq!(Instant::from_unix_millis(first).unwrap().to_rfc3339(), "0000-01-01T00:00:00Z");
    assert_eq!(Instant::from_unix_millis(last).unwrap().to_rfc3339(), "9999-12-31T23:59:59.999Z");
    for millis in [first - 1, last + 1, i64::MIN, i64::MAX] {
        assert_eq!(Instant::from_unix_millis(millis), Err(TimeError::OutOfRange));
        assert_eq!(Instant::from_unix_millis_f64(millis as f64), Err(TimeError::OutOfRange));
    }
    for millis in [1e300, -1e300, 8.64e15, -8.64e15] {
        assert_eq!(Instant::from_unix_millis_f64(millis), Err(TimeError::OutOfRange));
    }
    for millis in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Instant::from_unix_millis_f64(millis), Err(TimeError::NotFinite));
    }
}

#[test]
fn fractions_of_a_millisecond_are_kept_to_the_nanosecond() {
    #[rustfmt::skip]
    let table = [
        (0.0, "1970-01-01T00:00:00Z"),
        (-0.0, "1970-01-01T00:00:00Z"),
        (0.000001, "1970-01-01T00:00:00.000000001Z"),
        (0.1, "1970-01-01T00:00:00.000100Z"),
        (-0.000001, "1969-12-31T23:59:59.999999999Z"),
        (-1e-20, "1970-01-01T00:00:00Z"),
        (999.9999999, "1970-01-01T00:00:01Z"),
        (1_389_312_000_000.5, "2014-01-10T00:00:00.000500Z"),
        (1_389_312_000_000.25, "2014-01-10T00:00:00.000250Z"),
    ];
    for (millis, printed) in table {
        assert_eq!(Instant::from_unix_millis_f64(millis).unwrap().to_rfc3339(), printed, "{millis}");
    }
}

#[test]
fn the_local_date_is_the_writers() {
    assert_eq!(instant("2014-01-10T00:30:00+01:00").local_date().to_string(), "2014-01-10");
    assert_eq!(instant("2014-01-10T23:30:00-01:00").local_date().to_string(), "2014-01-10");
    assert_eq!(instant("2014-01-10T23:30:00Z").local_date().to_string(), "2014-01-10");
    assert_eq!(instant("0000-01-01T00:00:00+23:59").local_date().to_string(), "0000-01-01");
    assert_eq!(instant("9999-12-31T23:59:59-23:59").local_date().to_string(), "9999-12-31");
}

#[test]
fn another_offset_is_the_same_point_in_time() {
    let start = instant("2014-01-10T00:00:00.5Z");
    let moved = start.with_offset(Offset::from_minutes(-90).unwrap()).unwrap();
    assert_eq!(moved.to_rfc3339(), "2014-01-09T22:30:00.500-01:30");
    assert_eq!(moved, start);
    let first = instant("0000-01-01T00:00:00Z");
    assert_eq!(first.with_offset(Offset::from_minutes(-1).unwrap()), Err(TimeError::OutOfRange));
}

#[test]
fn a_day_is_four_two_and_two_digits() {
    assert_eq!(Date::parse("2016-02-29").unwrap().to_string(), "2016-02-29");
    assert_eq!(Date::parse("0000-01-01").unwrap().to_string(), "0000-01-01");
    #[rustfmt::skip]
    let table = [
        ("", TimeError::DateShape), ("2014-1-10", TimeError::DateShape), ("20140110", TimeError::DateShape),
        ("2014-01-10 ", TimeError::DateShape), ("2014-01-10T00:00:00Z", TimeError::DateShape),
        ("+014-01-10", TimeError::DateShape), ("2014-01-1x", TimeError::DateShape), ("10-01-2014", TimeError::DateShape),
        ("2014-00-10", TimeError::NoSuchTime), ("2014-13-10", TimeError::NoSuchTime),
        ("2014-02-30", TimeError::NoSuchTime), ("2015-02-29", TimeError::NoSuchTime), ("2014-01-00", TimeError::NoSuchTime),
    ];
    for (text, reason) in table {
        assert_eq!(Date::parse(text), Err(reason), "{text}");
    }
}

#[test]
fn days_are_added_within_the_four_digit_years() {
    let day = |text| Date::parse(text).unwrap();
    assert_eq!(day("2016-02-28").add_days(2), Some(day("2016-03-01")));
    assert_eq!(day("2016-03-01").add_days(-366), Some(day("2015-03-01")));
    assert_eq!(day("9999-12-31").add_days(1), None);
    assert_eq!(day("0000-01-01").add_days(-1), None);
    assert_eq!(day("2016-01-01").add_days(i64::MAX), None);
    assert_eq!(day("2016-01-01").add_days(i64::MIN), None);
    assert!(day("2015-12-31") < day("2016-01-01"));
    assert_eq!(day("1970-01-02").unix_days(), 1);
}

/// The digits of a date and time that may or may not exist, a fraction, and a zone.
fn near_instants() -> impl Strategy<Value = String> {
    let numbers = (0..=9999u32, 0..=13u32, 0..=32u32, 0..=24u32, 0..=60u32, 0..=59u32);
    let zone = prop_oneof![Just("Z".to_owned()), "[+-][0-2][0-9]:[0-6][0-9]"];
    (numbers, "(\\.[0-9]{1,9})?", zone).prop_map(|((y, m, d, h, i, s), fraction, zone)| {
        format!("{y:04}-{m:02}-{d:02}T{h:02}:{i:02}:{s:02}{fraction}{zone}")
    })
}

fn by_chrono(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn an_instant_is_read_exactly_where_chrono_reads_it_and_means_the_same(text in near_instants()) {
        match (Instant::parse(&text), by_chrono(&text)) {
            (Ok(ours), Some(theirs)) => {
                prop_assert_eq!(ours.unix_seconds(), theirs.timestamp());
                prop_assert_eq!(ours.subsec_nanos(), theirs.nanosecond());
                prop_assert_eq!(i32::from(ours.offset().minutes()) * 60, theirs.offset().local_minus_utc());
                prop_assert_eq!(ours.unix_millis(), theirs.timestamp_millis());
                prop_assert_eq!(ours.local_date().to_string(), theirs.date_naive().to_string());
            }
            (Err(_), None) => {}
            (ours, theirs) => prop_assert!(false, "{}: {:?} and {:?}", text, ours, theirs),
        }
    }

    #[test]
    fn printing_what_was_read_and_reading_it_again_changes_nothing(text in near_instants()) {
        if let Ok(read) = Instant::parse(&text) {
            let again = Instant::parse(&read.to_rfc3339()).unwrap();
            prop_assert!(again.same_as(&read));
            prop_assert_eq!(again.to_rfc3339(), read.to_rfc3339());
            prop_assert!(text.starts_with(&read.to_rfc3339()[..19]));
        }
    }

    #[test]
    fn any_nanosecond_at_any_offset_is_printed_so_that_chrono_reads_it_back(
        seconds in -62_167_132_800_i64..=253_402_214_399, nanos in 0..1_000_000_000u32, minutes in -1439..=1439i16,
        coarse in prop_oneof![Just(1u32), Just(1_000), Just(1_000_000), Just(1_000_000_000)],
    ) {
        let nanos = nanos / coarse * coarse;
        let millis = Instant::from_unix_millis(seconds * 1000).unwrap();
        let utc = Instant::parse(&millis.to_rfc3339().replace('Z', &format!(".{nanos:09}Z"))).unwrap();
        let there = utc.with_offset(Offset::from_minutes(minutes).unwrap()).unwrap();
        let printed = there.to_rfc3339();
        let theirs = by_chrono(&printed).unwrap();
        prop_assert_eq!((theirs.timestamp(), theirs.nanosecond()), (seconds, nanos));
        prop_assert_eq!(theirs.offset().local_minus_utc(), i32::from(minutes) * 60);
        // Shortest of 0, 3, 6 and 9 digits.
        let digits = printed.get(19..).and_then(|tail| tail.strip_prefix('.')).map_or(0, |tail| {
            tail.bytes().take_while(u8::is_ascii_digit).count()
        });
        let expected = [0, 3, 6, 9].into_iter().find(|&n| nanos.is_multiple_of(10u32.pow(9 - n))).unwrap();
        prop_assert_eq!(digits, expected as usize);
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
    fn whole_milliseconds_survive_as_integers_and_as_numbers(millis in -62_167_219_200_000_i64..=253_402_300_799_999) {
        let read = Instant::from_unix_millis(millis).unwrap();
        prop_assert_eq!(read.unix_millis(), millis);
        prop_assert!(Instant::from_unix_millis_f64(millis as f64).unwrap().same_as(&read));
    }

    #[test]
    fn a_fractional_number_is_kept_to_the_nanosecond(millis in -6.2e13..2.5e14_f64) {
        let read = Instant::from_unix_millis_f64(millis).unwrap();
        // The oracle rounds half away from zero, the code to even: 1 ns apart at a tie.
        let whole = millis.floor();
        let exact_nanos = whole as i128 * 1_000_000 + ((millis - whole) * 1_000_000.0).round() as i128;
        let nanos = i128::from(read.unix_seconds()) * 1_000_000_000 + i128::from(read.subsec_nanos());
        prop_assert!((nanos - exact_nanos).abs() <= 1);
    }

    #[test]
    fn no_bytes_at_all_can_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..48)) {
        let _ = Instant::parse_bytes(&bytes);
        let _ = Date::parse(&String::from_utf8_lossy(&bytes));
        let _ = Offset::parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn one_changed_byte_is_refused_or_read_as_chrono_reads_it(
        text in near_instants(), at in any::<prop::sample::Index>(), byte in 0x20..0x7fu8,
    ) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let text = String::from_utf8(bytes).unwrap();
        if let Ok(ours) = Instant::parse(&text) {
            prop_assert_eq!(ours.unix_seconds(), by_chrono(&text).unwrap().timestamp(), "{}", text);
        }
    }

    #[test]
    fn days_count_as_chrono_counts_them(a in 0..3_652_424i64, b in 0..3_652_424i64) {
        let first = Date::parse("0000-01-01").unwrap();
        let (x, y) = (first.add_days(a).unwrap(), first.add_days(b).unwrap());
        prop_assert_eq!(x.days_since(y), a - b);
        prop_assert_eq!(y.add_days(a - b), Some(x));
        prop_assert_eq!(Date::parse(&x.to_string()), Ok(x));
        let theirs: NaiveDate = x.to_string().parse().unwrap();
        prop_assert_eq!(theirs.year(), x.year_month_day().0);
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
    }
}
