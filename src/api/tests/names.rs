//! Option names, and what is said of a misspelt one.

use crate::testing::test;
use proptest::prelude::*;

use crate::api::{SENT_OPTIONS, nearest, shown, snake_case};
use crate::options::unknown_option;

/// All keys that a query may have.
#[rustfmt::skip]
const QUERY_OPTIONS: [&str; 12] = [
    "limit", "offset", "createdSince", "createdBefore", "updatedSince", "updatedBefore", "source", "startDate", "endDate",
    "params", "cursor", "signal",
];

#[test]
fn the_options_that_are_sent_are_the_packages_in_the_apis_spelling() {
    assert_eq!(SENT_OPTIONS, QUERY_OPTIONS[..SENT_OPTIONS.len()]);
    assert_eq!(
        SENT_OPTIONS.map(snake_case).join(" "),
        "limit offset created_since created_before updated_since updated_before source start_date end_date"
    );
}

#[test]
fn a_misspelt_name_finds_the_one_that_was_meant() {
    for (given, meant) in [
        ("limt", "limit"),
        ("lmiit", "limit"),
        ("Limit", "limit"),
        ("limits", "limit"),
        ("updated_since", "updatedSince"),
        ("updatedsince", "updatedSince"),
        ("UPDATED-SINCE", "updatedSince"),
        ("updateSince", "updatedSince"),
        ("createdSicne", "createdSince"),
        ("start_date", "startDate"),
        ("enddate", "endDate"),
        ("param", "params"),
        ("curser", "cursor"),
        ("ofset", "offset"),
        ("sources", "source"),
    ] {
        assert_eq!(nearest(given, &QUERY_OPTIONS), Some(meant), "{given}");
    }
}

#[test]
fn a_name_that_is_like_no_other_finds_none() {
    for given in ["", "_", "x", "page", "pageSize", "token", "humanId", "date", "🦀🦀🦀", &"limit".repeat(9)]
    {
        assert_eq!(nearest(given, &QUERY_OPTIONS), None, "{given}");
    }
    assert_eq!(nearest("limit", &[]), None);
    assert_eq!(nearest("", &["", "a"]), None);
}

#[test]
fn the_nearest_wins_and_of_equals_the_first() {
    assert_eq!(nearest("timeot", &["timeouts", "timeout"]), Some("timeout"));
    assert_eq!(nearest("maxRetryDela", &["maxRetries", "maxRetryDelay"]), Some("maxRetryDelay"));
    assert_eq!(nearest("cat", &["bat", "hat"]), Some("bat"));
}

#[test]
fn an_error_about_an_unknown_option_names_the_nearest_one() {
    let error = unknown_option("limt", &QUERY_OPTIONS);
    assert_eq!(error.option, "limt");
    assert_eq!(error.message, r#"there is no option "limt": did you mean "limit"?"#);
}

#[test]
fn an_error_about_an_option_like_no_other_lists_them_all() {
    let error = unknown_option("page", &["accessToken", "baseUrl"]);
    assert_eq!(error.option, "page");
    assert_eq!(error.message, r#"there is no option "page"; the options are accessToken, baseUrl"#);
}

#[test]
fn a_given_text_is_shown_short_and_without_characters_that_disguise_it() {
    for (given, expected) in [
        ("", ""),
        ("limt", "limt"),
        ("größe 尺寸", "größe 尺寸"),
        ("a\nb\u{7}\u{1b}[31m", r"a\u{a}b\u{7}\u{1b}[31m"),
        ("\u{202e}timil\u{2028}\u{feff}", r"\u{202e}timil\u{2028}\u{feff}"),
        ("a234567890b234567890c234567890d234567890", "a234567890b234567890c234567890d234567890"),
        ("a234567890b234567890c234567890d2345678901", "a234567890b234567890c234567890d23456789…"),
    ] {
        assert_eq!(shown(given), expected);
    }
}

/// The definition of the optimal string alignment distance, word for word, without a table.
fn mistakes(a: &[char], b: &[char]) -> usize {
    match (a, b) {
        ([], rest) | (rest, []) => rest.len(),
        ([a_rest @ .., a_last], [b_rest @ .., b_last]) => {
            let mut fewest = (mistakes(a_rest, b) + 1)
                .min(mistakes(a, b_rest) + 1)
                .min(mistakes(a_rest, b_rest) + usize::from(a_last != b_last));
            if let ([a_more @ .., a_before], [b_more @ .., b_before]) = (a_rest, b_rest)
                && (a_last, a_before) == (b_before, b_last)
            {
                fewest = fewest.min(mistakes(a_more, b_more) + 1);
            }
            fewest
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_name_is_near_when_at_most_a_third_of_it_is_mistyped(given in "[abc]{0,6}", name in "[abc]{0,6}") {
        let (a, b): (Vec<char>, Vec<char>) = (given.chars().collect(), name.chars().collect());
        let mistakes = mistakes(&a, &b);
        let near = mistakes <= a.len().max(b.len()).max(3) / 3 && mistakes < a.len();
        prop_assert_eq!(nearest(&given, &[&name]).is_some(), near, "{} mistakes", mistakes);
    }

    #[test]
    fn every_given_key_makes_a_short_clean_error(
        given in any::<String>(),
        known in prop::collection::vec("[a-zA-Z]{0,12}", 0..5),
    ) {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let error = unknown_option(&given, &known);
        prop_assert!(!error.message.chars().any(char::is_control));
        let longest = 40 * r"\u{10ffff}".len();
        prop_assert!(error.option.len() <= longest);
    }

    #[test]
    fn a_text_of_printable_characters_is_never_shown_longer_than_40(given in "[ -~äöü尺寸]{0,80}") {
        let shown = shown(&given);
        prop_assert!(shown.chars().count() <= 40);
        prop_assert!(given.starts_with(shown.trim_end_matches('…')));
    }
}
