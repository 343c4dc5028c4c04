//! Paths: what is encoded, and what is refused.

use crate::testing::test;
use proptest::prelude::*;

use super::round_trip::percent_decoded;
use crate::api::{Operation, PathSegment, user_path};

#[test]
fn everything_but_unreserved_characters_is_percent_encoded() {
    for (text, encoded) in [
        ("52e20cb2fff56aac62000001", "52e20cb2fff56aac62000001"),
        ("AZaz09-._~", "AZaz09-._~"),
        ("a/b", "a%2Fb"),
        ("a\\b", "a%5Cb"),
        ("?#%", "%3F%23%25"),
        ("%2e%2e", "%252e%252e"),
        ("...", "..."),
        (" +;=&:@!$'()*,", "%20%2B%3B%3D%26%3A%40%21%24%27%28%29%2A%2C"),
        ("ä€🦀", "%C3%A4%E2%82%AC%F0%9F%A6%80"),
        ("\0\n\u{7f}", "%00%0A%7F"),
    ] {
        assert_eq!(PathSegment::new("id", text).unwrap().as_str(), encoded, "{text:?}");
    }
}

#[test]
fn parts_that_stand_for_other_paths_are_refused_under_the_options_name() {
    for option in ["id", "path", "version", "date"] {
        for text in ["", ".", ".."] {
            let error = PathSegment::new(option, text).unwrap_err();
            assert_eq!(error.option, option);
            assert!(error.message.starts_with(option), "{}", error.message);
        }
    }
    assert_eq!(PathSegment::new("id", "").unwrap_err().message, "id must not be empty");
    assert_eq!(
        PathSegment::new("id", "..").unwrap_err().message,
        r#"id: "." and ".." cannot be parts of a path, they stand for other paths"#
    );
}

#[test]
fn a_users_path_is_split_at_its_slashes() {
    for (given, path) in [
        ("food/meals", "/human/food/meals"),
        ("food", "/human/food"),
        ("food/meals?limit=1", "/human/food/meals%3Flimit%3D1"),
        ("%2e%2e/x", "/human/%252e%252e/x"),
    ] {
        assert_eq!(user_path(given, Operation::List, "").unwrap().as_str(), path);
    }
}

#[test]
fn a_users_path_with_a_wrong_part_is_refused_with_the_reason() {
    for (given, reason) in [
        ("", "empty part"),
        ("/", "empty part"),
        ("/food/meals", "empty part"),
        ("//evil.example", "empty part"),
        ("food/meals/", "empty part"),
        ("food//meals", "empty part"),
        ("..", r#""." and "..""#),
        ("food/../../v2", r#""." and "..""#),
        ("food/./meals", r#""." and "..""#),
    ] {
        let error = user_path(given, Operation::List, "").unwrap_err();
        assert_eq!(error.option, "path");
        assert!(error.message.contains(reason), "{given}: {}", error.message);
    }
}

proptest! {
    #[test]
    fn a_part_stays_one_part_and_reads_back(text in any::<String>()) {
        if let Ok(part) = PathSegment::new("id", &text) {
            prop_assert!(!part.as_str().contains(['/', '?', '#', '\\']));
            prop_assert_eq!(percent_decoded(part.as_str()), text);
        } else {
            prop_assert!(matches!(text.as_str(), "" | "." | ".."));
        }
    }

    #[test]
    fn a_users_path_keeps_its_parts_or_is_refused(text in "[a./% é?]{0,8}") {
        let parts: Vec<&str> = text.split('/').collect();
        let right = !parts.iter().any(|part| matches!(*part, "" | "." | ".."));
        match user_path(&text, Operation::List, "") {
            Ok(path) => {
                let read: Vec<String> = path.as_str().split('/').skip(2).map(percent_decoded).collect();
                prop_assert!(right);
                prop_assert_eq!(read, parts);
            }
            Err(_) => prop_assert!(!right),
        }
    }
}
