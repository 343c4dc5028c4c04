//! Tables from RFC 8288 and from the wire, and properties of what the algorithm promises.

use crate::testing::test;
use proptest::prelude::*;

use super::*;

/// Target, relation types joined by spaces, and the other parameters as `name=value`.
type Expected<'a> = (&'a str, &'a str, &'a [&'a str]);

fn assert_links(value: &str, expected: &[Expected<'_>]) {
    let texts = |params: &[(String, String)]| -> Vec<String> {
        params.iter().map(|(name, value)| format!("{name}={value}")).collect()
    };
    let links = parse(value);
    let found: Vec<_> = links.iter().map(|link| (&*link.target, &*link.rel, texts(&link.params))).collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|&(target, rel, params)| (target, rel, params.iter().map(|&text| text.to_owned()).collect()))
        .collect();
    assert_eq!(found, expected, "{value:?}");
}

fn assert_table(table: &[(&str, &[Expected<'_>])]) {
    for (value, expected) in table {
        assert_links(value, expected);
    }
}

#[test]
fn the_examples_of_rfc_8288_are_read() {
    #[rustfmt::skip]
    assert_table(&[
        // §3.5
        ("<http://example.com/TheBook/chapter2>; rel=\"previous\"; title=\"previous chapter\"",
            &[("http://example.com/TheBook/chapter2", "previous", &["title=previous chapter"])]),
        ("</>; rel=\"http://example.net/foo\"", &[("/", "http://example.net/foo", &[])]),
        ("</terms>; rel=\"copyright\"; anchor=\"#foo\"", &[("/terms", "copyright", &["anchor=#foo"])]),
        ("</TheBook/chapter2>; rel=\"previous\"; title*=UTF-8'de'letztes%20Kapitel, </TheBook/chapter4>; rel=\"next\"; title*=UTF-8'de'n%c3%a4chstes%20Kapitel",
            &[("/TheBook/chapter2", "previous", &["title*=letztes Kapitel"]), ("/TheBook/chapter4", "next", &["title*=nächstes Kapitel"])]),
        ("<http://example.org/>; rel=\"start http://example.net/relation/other\"",
            &[("http://example.org/", "start http://example.net/relation/other", &[])]),
        ("<https://example.org/>; rel=\"start\", <https://example.org/index>; rel=\"index\"",
            &[("https://example.org/", "start", &[]), ("https://example.org/index", "index", &[])]),
        // §3
        ("<https://one.example.com>; rel=\"preconnect\", <https://two.example.com>; rel=\"preconnect\"",
            &[("https://one.example.com", "preconnect", &[]), ("https://two.example.com", "preconnect", &[])]),
    ]);
}

#[test]
fn human_apis_form_on_the_wire_is_read() {
    assert_links(
        "<https://api.humanapi.co/v1/human/activities?limit=50&offset=50>; rel=\"next\",<https://api.humanapi.co/v1/human/activities?limit=50&offset=200>; rel=\"last\"",
        &[
            ("https://api.humanapi.co/v1/human/activities?limit=50&offset=50", "next", &[]),
            ("https://api.humanapi.co/v1/human/activities?limit=50&offset=200", "last", &[]),
        ],
    );
}

#[test]
fn human_apis_form_in_its_documentation_is_read_with_line_breaks_and_folded() {
    let with_breaks = "https://api.humanapi.co/v1/human/activities?limit=50&offset=50; \nrel=\"prev\",\n \
        https://api.humanapi.co/v1/human/activities?limit=50&offset=150; \r\nrel=\"next\",\r\n\t\
        https://api.humanapi.co/v1/human/activities?limit=50&offset=200; \nrel=\"last\"";
    let folded = with_breaks.replace(['\r', '\n', '\t'], " ");
    let unspaced: String = with_breaks.split_ascii_whitespace().collect();
    for value in [with_breaks, &folded, &unspaced] {
        assert_links(
            value,
            &[
                ("https://api.humanapi.co/v1/human/activities?limit=50&offset=50", "prev", &[]),
                ("https://api.humanapi.co/v1/human/activities?limit=50&offset=150", "next", &[]),
                ("https://api.humanapi.co/v1/human/activities?limit=50&offset=200", "last", &[]),
            ],
        );
    }
}

#[test]
fn in_a_target_without_brackets_what_follows_decides_on_commas_and_semicolons() {
    #[rustfmt::skip]
    assert_table(&[
        ("https://h/?s=a,b; rel=next", &[("https://h/?s=a,b", "next", &[])]),
        ("https://h/?s=a,; rel=next", &[("https://h/?s=a,", "next", &[])]),
        ("https://h/?s=a,, https://h/b; rel=next", &[("https://h/b", "next", &[])]),
        ("https://h/a;v=1?s=b;t=2; rel=next", &[("https://h/a;v=1?s=b;t=2", "next", &[])]),
        ("https://h/a;rel=next", &[("https://h/a", "next", &[])]),
        ("https://h/a;REL=next", &[("https://h/a", "next", &[])]),
        ("https://h/a;title=\"x, y\";rel=next", &[("https://h/a", "next", &["title=x, y"])]),
        ("https://h/a;relay=1;rel=next", &[("https://h/a;relay=1", "next", &[])]),
        ("https://h/a\t;\trel = next ,https://h/b;rel=prev", &[("https://h/a", "next", &[]), ("https://h/b", "prev", &[])]),
        ("https://h/a;rel=next,HTTP://h/b;rel=prev", &[("https://h/a", "next", &[]), ("HTTP://h/b", "prev", &[])]),
        ("https://h/a;rel=next,<https://h/b>;rel=prev", &[("https://h/a", "next", &[]), ("https://h/b", "prev", &[])]),
        ("<https://h/a>;rel=next,https://h/b;rel=prev", &[("https://h/a", "next", &[]), ("https://h/b", "prev", &[])]),
        // Only an absolute http(s) URL can be told from junk.
        ("/v1/human; rel=next", &[]), ("ftp://h/; rel=next", &[]), ("https://h/a", &[]), ("https://h/a b; rel=next", &[]),
    ]);
}

#[test]
fn delimiters_inside_targets_and_quoted_strings_do_not_count() {
    #[rustfmt::skip]
    assert_table(&[
        ("</a,b;c?d=\"e\">; rel=next", &[("/a,b;c?d=\"e\"", "next", &[])]),
        ("</a>; title=\"x, </b>; rel=prev\"; rel=next", &[("/a", "next", &["title=x, </b>; rel=prev"])]),
        ("</a>; title=\"say \\\"hi\\\", \\\\ \\x\"; rel=next", &[("/a", "next", &["title=say \"hi\", \\ x"])]),
        ("<>; rel=self", &[("", "self", &[])]),
        ("</é>; title=\"é, ü\"; rel=next", &[("/é", "next", &["title=é, ü"])]),
    ]);
}

#[test]
fn relation_types_are_split_at_white_space_and_lower_case() {
    #[rustfmt::skip]
    assert_table(&[
        ("</a>; rel=\"first prev\"", &[("/a", "first prev", &[])]),
        ("</a>; rel=\"  First \t\n NEXT \"", &[("/a", "first next", &[])]),
        ("</a>; rel=Next", &[("/a", "next", &[])]),
        ("</a>; rel=\"n\\ext\"", &[("/a", "next", &[])]),
    ]);
}

#[test]
fn the_first_of_a_parameter_wins_where_it_may_come_only_once() {
    #[rustfmt::skip]
    assert_table(&[
        ("</a>; rel=next; rel=prev", &[("/a", "next", &[])]),
        ("</a>; REL=next; rel=prev", &[("/a", "next", &[])]),
        // An empty first one wins as well, and names no relation.
        ("</a>; rel; rel=prev", &[]),
        ("</a>; rel=next; title=1; Title=2; media=3; media=4; type=5; type=6; anchor=7; anchor=8; title*=UTF-8''9; title*=UTF-8''10",
            &[("/a", "next", &["title=1", "media=3", "type=5", "anchor=7", "title*=9"])]),
        ("</a>; rel=next; hreflang=de; hreflang=en; x; x", &[("/a", "next", &["hreflang=de", "hreflang=en", "x=", "x="])]),
    ]);
    let links = parse("</a>; rel=next; hreflang=de; hreflang=en; x");
    assert_eq!(links[0].param("hreflang"), Some("de"));
    assert_eq!(links[0].param("x"), Some(""));
    assert_eq!(links[0].param("y"), None);
}

#[test]
fn white_space_and_missing_values_are_taken_as_appendix_b_says() {
    #[rustfmt::skip]
    assert_table(&[
        ("  </a>  ;  rel  =  next  ", &[("/a", "next", &[])]),
        ("</a>\t;\trel\t=\t\"next\"\t,\t</b>;rel=prev", &[("/a", "next", &[]), ("/b", "prev", &[])]),
        ("</a>;rel=next;crossorigin", &[("/a", "next", &["crossorigin="])]),
        ("</a>;crossorigin;rel=next", &[("/a", "next", &["crossorigin="])]),
        ("</a>;x=;rel=next", &[("/a", "next", &["x="])]),
        ("</a>;x=\"\";rel=next", &[("/a", "next", &["x="])]),
        ("</a>;x = a b ;rel=next", &[("/a", "next", &["x=a b"])]),
        ("</a>;;rel=next; ;", &[("/a", "next", &[])]),
        ("</a>; =x; rel=next", &[("/a", "next", &[])]),
        ("</a>; X-Y=1; rel=next", &[("/a", "next", &["x-y=1"])]),
        ("</a>; x=a=b; rel=next", &[("/a", "next", &["x=a=b"])]),
        ("</a>; rel=\"next", &[("/a", "next", &[])]),
        ("</a>; rel=next; title=\"open\\", &[("/a", "next", &["title=open"])]),
    ]);
}

#[test]
fn empty_list_members_are_none() {
    #[rustfmt::skip]
    assert_table(&[
        ("", &[]), (" ", &[]), (",", &[]), (" , ,, ", &[]),
        (",, </a>; rel=next ,, ,</b>; rel=prev,", &[("/a", "next", &[]), ("/b", "prev", &[])]),
    ]);
}

#[test]
fn a_broken_member_is_passed_over_and_the_others_are_kept() {
    #[rustfmt::skip]
    assert_table(&[
        ("junk, </b>; rel=prev", &[("/b", "prev", &[])]),
        ("junk; rel=next; title=\"a, </x>; rel=x\", </b>; rel=prev", &[("/b", "prev", &[])]),
        ("junk\", </b>; rel=prev", &[("/b", "prev", &[])]),
        ("</a>, </b>; rel=prev", &[("/b", "prev", &[])]),
        ("</a>; rel=\"\", </b>; rel=prev", &[("/b", "prev", &[])]),
        ("</a; rel=next, </b>; rel=prev", &[("/b", "prev", &[])]),
        ("</b>; rel=prev, </a; rel=next", &[("/b", "prev", &[])]),
        ("</a> junk; rel=next, </b>; rel=prev", &[("/b", "prev", &[])]),
        ("</a>; rel=\"next\" junk, </b>; rel=prev", &[("/a", "next", &[]), ("/b", "prev", &[])]),
        ("</a>; rel=\"next\" \"x, y\", </b>; rel=prev", &[("/a", "next", &[]), ("/b", "prev", &[])]),
        (">; rel=next, </b>; rel=prev", &[("/b", "prev", &[])]),
        ("<<<</b>; rel=prev", &[("/b", "prev", &[])]),
        ("<", &[]), (">", &[]), ("<a", &[]), ("\"", &[]), (";", &[]), ("=", &[]), ("<a>;", &[]), ("<a>;rel=", &[]),
    ]);
}

#[test]
fn an_extended_value_is_decoded_and_one_that_cannot_be_is_left_out() {
    #[rustfmt::skip]
    assert_table(&[
        // RFC 8187 §3.2.3
        ("</a>; rel=next; title*=UTF-8'en'%c2%a3%20rates", &[("/a", "next", &["title*=£ rates"])]),
        ("</a>; rel=next; title*=utf-8''%E2%82%AC", &[("/a", "next", &["title*=€"])]),
        ("</a>; rel=next; title=EUR; title*=UTF-8''%e2%82%ac", &[("/a", "next", &["title=EUR", "title*=€"])]),
        ("</a>; rel=next; title=EUR; title*=iso-8859-1'en'%A3%20rates", &[("/a", "next", &["title=EUR"])]),
        ("</a>; rel=next; title*=UTF-8''%e2%82", &[("/a", "next", &[])]),
        ("</a>; rel=next; title*=UTF-8''%e2%8", &[("/a", "next", &[])]),
        ("</a>; rel=next; title*=UTF-8''%zz", &[("/a", "next", &[])]),
        ("</a>; rel=next; title*=UTF-8''a b", &[("/a", "next", &[])]),
        ("</a>; rel=next; title*=UTF-8'x", &[("/a", "next", &[])]),
        ("</a>; rel=next; title*", &[("/a", "next", &[])]),
        // After one that cannot be read, the next counts.
        ("</a>; rel=next; title*=x; title*=UTF-8''y", &[("/a", "next", &["title*=y"])]),
        // `rel*` does not exist.
        ("</a>; rel*=UTF-8''next", &[]),
    ]);
}

#[test]
fn targets_are_resolved_where_there_is_a_base() {
    let targets = |base| -> Vec<String> {
        parse_resolved("<?offset=50>; rel=next", base).unwrap().into_iter().map(|link| link.target).collect()
    };
    assert_eq!(targets(None), ["?offset=50"]);
    assert_eq!(targets(Some("https://h/v1/human/sleeps")), ["https://h/v1/human/sleeps?offset=50"]);
    assert_eq!(parse_resolved("", Some("/v1")).unwrap_err().option, "base");
}

#[test]
fn hostile_values_take_time_in_proportion_to_their_length() {
    // At this length, quadratic work would take minutes.
    let length = 200_000;
    #[rustfmt::skip]
    let parts = [
        "<", "<a", "\"", "\\\"", "a\",", "\"\\", ";", ",", "; ", "<a>;", "<a>;\"", "x=\"\\\",", "<a>\"\\\",", "https://,",
        "https://;rel", "https://a;b", " \n",
    ];
    for part in parts {
        let value = part.repeat(length / part.len());
        assert!(parse(&value).iter().all(|link| link.relations().all(|own| own != "next")));
        assert!(
            parse(&format!("https://h/{value}")).iter().all(|link| link.relations().all(|own| own != "next"))
        );
    }
}

/// Any link that can be written, and how.
fn written_link() -> impl Strategy<Value = (Link, String)> {
    let target = "[a-z0-9/?=&;,.:%\"'é-]{0,12}";
    let rel = proptest::collection::vec("[a-z][a-z0-9.:/-]{0,6}", 1..4);
    let value = prop_oneof!["[a-zA-Z0-9!#$%&'*+.^_`|~-]{0,6}", "[ -~é]{0,8}"];
    let params = proptest::collection::vec(("x[a-z-]{0,4}", value, any::<bool>()), 0..4);
    let space = "[ \t]{0,2}";
    (target, rel, params, space, space).prop_map(|(target, rel, params, s, t)| {
        let mut text = format!("{s}<{target}>{t};{s}rel{t}={s}\"{}\"{t}", rel.join(" "));
        for (name, value, upper) in &params {
            let token = !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric());
            let name = if *upper { name.to_uppercase() } else { name.clone() };
            let quoted = format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""));
            text += &format!(";{t}{name}{s}={t}{}{s}", if token { value } else { &quoted });
        }
        let params = params.into_iter().map(|(name, value, _)| (name, value)).collect();
        (Link { target, rel: rel.join(" "), params }, text)
    })
}

proptest! {
    #[test]
    fn every_link_that_is_written_is_read_as_it_was_meant(links in proptest::collection::vec(written_link(), 0..5)) {
        let (links, texts): (Vec<Link>, Vec<String>) = links.into_iter().unzip();
        prop_assert_eq!(parse(&texts.join(",")), links.clone());
        prop_assert_eq!(parse(&texts.join(", ,\t,")), links);
    }

    #[test]
    fn junk_between_links_takes_none_of_them_along(
        link in written_link(), junk in "[a-z;= ]{0,8}",
    ) {
        let (link, text) = link;
        let value = format!("{junk},{text},{junk},{text}");
        prop_assert_eq!(parse(&value), vec![link.clone(), link]);
    }

    #[test]
    fn a_target_without_brackets_is_read_like_one_with_them(
        targets in proptest::collection::vec("https://[a-z]{1,4}/[a-z0-9?=&.%/-]{0,12}", 1..4), space in "[ \n]{0,2}",
    ) {
        let with: Vec<String> = targets.iter().map(|target| format!("<{target}>; rel=\"next\"")).collect();
        let without: Vec<String> = targets.iter().map(|target| format!("{target};{space}rel=\"next\"")).collect();
        prop_assert_eq!(parse(&with.join(&format!(",{space}"))), parse(&without.join(&format!(",{space}"))));
        prop_assert_eq!(parse(&with.join(",")).len(), targets.len());
    }

    #[test]
    fn no_text_can_break_the_reader(value in "([<>;,=\"\\\\*' \n]|rel|https://|UTF-8|%|é|\\PC){0,40}") {
        for link in parse(&value) {
            prop_assert!(!link.rel.is_empty());
            prop_assert!(value.contains(&link.target));
            prop_assert!(link.params.iter().all(|(name, _)| !name.is_empty() && name != "rel"));
        }
    }
}
