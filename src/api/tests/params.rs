//! Parameters that the library does not know.

use crate::api::{Query, QueryInit};
use crate::error::OptionError;
use crate::testing::test;

fn with_params(params: &[(&str, &str)]) -> Result<Query, OptionError> {
    let params = params.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    Query::new(QueryInit { params, ..QueryInit::default() })
}

#[test]
fn names_and_values_are_encoded() {
    let query = with_params(&[("filter[a]", "x&y=z"), ("empty", ""), ("#", "é")]).unwrap();
    assert_eq!(query.to_query_string(), "limit=500&%23=%C3%A9&empty=&filter%5Ba%5D=x%26y%3Dz");
}

#[test]
fn the_name_of_an_option_is_refused_in_every_spelling() {
    for (name, option) in [
        ("limit", "limit"),
        ("offset", "offset"),
        ("created_since", "createdSince"),
        ("created_before", "createdBefore"),
        ("updated_since", "updatedSince"),
        ("updated_before", "updatedBefore"),
        ("source", "source"),
        ("start_date", "startDate"),
        ("end_date", "endDate"),
        ("createdSince", "createdSince"),
        ("endDate", "endDate"),
        ("LIMIT", "limit"),
        ("Updated-Since", "updatedSince"),
    ] {
        let error = with_params(&[(name, "1")]).unwrap_err();
        assert_eq!(error.option, format!("params.{name}"));
        assert_eq!(
            error.message,
            format!(r#"params must not have "{name}": give it as the option {option}"#)
        );
    }
}

#[test]
fn an_access_token_is_refused_and_not_repeated() {
    for name in ["access_token", "accessToken", "Access-Token", "ACCESS_TOKEN"] {
        let error = with_params(&[(name, "s3cret")]).unwrap_err();
        assert_eq!(error.option, format!("params.{name}"));
        assert!(error.message.contains("leaks into links and logs"), "{}", error.message);
        assert!(!error.message.contains("s3cret"));
    }
}

#[test]
fn names_that_only_resemble_an_option_are_passed_on() {
    let query = with_params(&[("limits", "1"), ("source_id", "2"), ("token", "3")]).unwrap();
    assert_eq!(query.filters(), "limits=1&source_id=2&token=3");
}

#[test]
fn an_empty_name_and_one_that_is_there_twice_are_refused() {
    for (params, option, message) in [
        (&[("", "1")][..], "params", "params must not have an empty name"),
        (&[("a", "1"), ("b", "1"), ("a", "2")], "params.a", r#"params must not have "a" twice"#),
    ] {
        assert_eq!(with_params(params), Err(OptionError::new(option, message)));
    }
}
