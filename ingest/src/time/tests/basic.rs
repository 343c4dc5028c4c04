//! The reader with reasons, which takes the basic form, too; chrono is the independent oracle.

use chrono::{DateTime, FixedOffset, Timelike};
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
            }
            (Err(_), None) => {}
            (ours, theirs) => prop_assert!(false, "{}: {:?} and {:?}", text, ours, theirs),
        }
    }

    #[test]
    fn the_basic_form_is_read_as_the_extended_one_is(text in near_instants()) {
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
}
