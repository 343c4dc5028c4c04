//! Every path, and every query option that filters.

use serde_json::Value;

use crate::client::{Client, id};

const READINGS: [&str; 8] =
    ["blood_glucose", "blood_oxygen", "blood_pressure", "bmi", "body_fat", "heart_rate", "height", "weight"];
const PERIODS: [&str; 3] = ["activities", "sleeps", "locations"];
const MEDICAL: [&str; 17] = [
    "allergies",
    "demographics",
    "encounters",
    "functional_statuses",
    "immunizations",
    "instructions",
    "issues",
    "medications",
    "narratives",
    "organizations",
    "plans_of_care",
    "procedures",
    "social_history",
    "test_results",
    "timeline",
    "vitals",
    "ccds",
];

fn text<'a>(record: &'a Value, field: &str) -> &'a str {
    record[field].as_str().unwrap_or_else(|| panic!("{field} of {record}"))
}

#[tokio::test]
async fn a_discrete_type_gives_its_latest_its_list_and_each_reading_by_either_path() {
    let client = Client::new();
    for slug in READINGS {
        let newest = client.get(&format!("/{slug}/readings?limit=1")).await.records().remove(0);
        assert_eq!(client.get(&format!("/{slug}")).await.json(), newest, "{slug}");
        for path in [format!("/{slug}/{}", id(&newest)), format!("/{slug}/readings/{}", id(&newest))] {
            assert_eq!(client.get(&path).await.json(), newest, "{path}");
        }
        let day = &text(&newest, "timestamp")[..10];
        let daily = client.get(&format!("/{slug}/readings/daily/{day}")).await;
        assert!(daily.total() < client.get(&format!("/{slug}/readings")).await.total(), "{slug}");
    }
}

#[tokio::test]
async fn a_periodic_type_gives_its_list_its_days_and_its_summaries() {
    let client = Client::new();
    for slug in PERIODS {
        let newest = client.get(&format!("/{slug}")).await.records().remove(0);
        assert_eq!(client.get(&format!("/{slug}/{}", id(&newest))).await.json(), newest, "{slug}");
        assert!(client.get(&format!("/{slug}/daily/2025-06-10")).await.total() > 0, "{slug}");
    }
    for slug in ["activities", "sleeps", "locations", "heart_rate"] {
        let newest = client.get(&format!("/{slug}/summaries?limit=1")).await.records().remove(0);
        for name in [id(&newest), text(&newest, "date").to_owned()] {
            assert_eq!(
                client.get(&format!("/{slug}/summaries/{name}")).await.json(),
                newest,
                "{slug} {name}"
            );
        }
        assert_eq!(client.get(&format!("/{slug}/summaries/1999-01-01")).await.status, 404, "{slug}");
        assert_eq!(client.get(&format!("/{slug}/summaries/1999-13-01")).await.status, 400, "{slug}");
    }
}

#[tokio::test]
async fn every_medical_list_is_there_with_its_records() {
    let client = Client::new();
    for slug in MEDICAL {
        let records = client.get(&format!("/medical/{slug}")).await.records();
        let first = &records[0];
        assert!(first.get("humanId").is_none(), "{slug}");
        for field in ["id", "source", "createdAt", "updatedAt", "name"] {
            assert!(first[field].is_string(), "{slug}: {field} of {first}");
        }
        let one = client.get(&format!("/medical/{slug}/{}", id(first))).await;
        match slug {
            "timeline" => assert_eq!(one.status, 404),
            _ => assert_eq!(one.json(), *first, "{slug}"),
        }
    }
}

#[tokio::test]
async fn a_ccd_is_also_there_as_xml() {
    let client = Client::new();
    let ccd = client.get("/medical/ccds").await.records().remove(0);
    let request = axum::http::Request::get(format!("/v1/human/medical/ccds/{}/raw", id(&ccd)))
        .header("authorization", "Bearer demo")
        .body(axum::body::Body::empty())
        .unwrap();
    let answer = client.send(request).await.unwrap();
    assert_eq!(answer.header("content-type"), Some("application/xml; charset=utf-8"));
    assert!(answer.text.starts_with("<?xml") && answer.text.contains(&id(&ccd)), "{}", answer.text);
}

#[tokio::test]
async fn what_is_not_there_is_404_with_a_json_body() {
    let client = Client::new();
    for path in [
        "/steps",
        "/weight/readings/000000000000000000000000",
        "/weight/x",
        "/genetic/traits/1",
        "/medical",
        "/activities/a/b",
    ] {
        let answer = client.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(
            (&answer.json()["statusCode"], &answer.json()["error"]),
            (&404.into(), &"Not Found".into()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn lists_come_newest_first() {
    let client = Client::new();
    for (path, field) in [
        ("/weight/readings?limit=500", "timestamp"),
        ("/activities?limit=500", "startTime"),
        ("/sleeps?limit=500", "endTime"),
    ] {
        let records = client.get(path).await.records();
        assert!(records.windows(2).all(|pair| text(&pair[0], field) >= text(&pair[1], field)), "{path}");
    }
}

#[tokio::test]
async fn created_and_updated_windows_take_exactly_what_lies_in_them() {
    let client = Client::new();
    let dump: Vec<Value> = all(&client, "/weight/readings", "").await;
    for (name, field) in [("created", "createdAt"), ("updated", "updatedAt")] {
        let expected: Vec<String> = dump
            .iter()
            .filter(|record| {
                ("2024-03-01T06:00:00.000Z".."2024-06-01T00:00:00.000Z").contains(&text(record, field))
            })
            .map(id)
            .collect();
        let query = format!("{name}_since=20240301T060000Z&{name}_before=20240601T000000Z");
        let got: Vec<String> = all(&client, "/weight/readings", &query).await.iter().map(id).collect();
        assert!(!got.is_empty() && got == expected, "{name}");
    }
}

#[tokio::test]
async fn a_source_takes_its_own_records() {
    let client = Client::new();
    let every = all(&client, "/activities", "").await;
    assert_eq!(every.len(), 8490);
    let mut sum = 0;
    for source in ["fitbit", "runkeeper", "moves"] {
        let records = all(&client, "/activities", &format!("source={source}")).await;
        assert!(!records.is_empty() && records.iter().all(|record| record["source"] == source), "{source}");
        sum += records.len();
    }
    assert_eq!(sum, 8490);
    assert_eq!(client.get("/activities?source=nobody").await.total(), 0);
}

#[tokio::test]
async fn days_are_counted_where_the_person_was() {
    let client = Client::new();
    // In August the person is in Berlin, +02:00; the day begins at 22:00 UTC of the day before.
    let by_range = all(&client, "/food/meals", "start_date=2024-08-10&end_date=2024-08-10").await;
    assert_eq!(by_range.len(), 3);
    for record in &by_range {
        assert_eq!(record["tzOffset"], "+02:00");
        let at = text(record, "timestamp");
        assert!(("2024-08-09T22:00:00.000Z".."2024-08-10T22:00:00.000Z").contains(&at), "{at}");
    }
    let minutes = all(&client, "/heart_rate/readings/daily/2025-06-10", "").await;
    assert_eq!(minutes.len(), 1440);
    assert_eq!(minutes[0]["timestamp"], "2025-06-11T04:59:00.000Z");
    assert_eq!(minutes[1439]["timestamp"], "2025-06-10T05:00:00.000Z");
}

#[tokio::test]
async fn time_series_is_added_only_when_asked_for() {
    let client = Client::new();
    assert!(
        client.get("/activities?limit=1&time_series=false").await.records()[0].get("timeSeries").is_none()
    );
    for record in client.get("/activities?limit=20&time_series=true").await.records() {
        let steps: i64 = record["timeSeries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|minute| minute["steps"].as_i64().unwrap())
            .sum();
        assert_eq!(record["steps"], steps);
    }
}

#[tokio::test]
async fn a_refused_option_is_400_with_a_json_body() {
    let client = Client::new();
    for query in [
        "limit=501",
        "limit=0",
        "offset=x",
        "updated_since=2014-01-10",
        "start_date=2014-01-10",
        "colour=red",
    ] {
        let answer = client.get(&format!("/activities?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(
            (&answer.json()["statusCode"], &answer.json()["error"]),
            (&400.into(), &"Bad Request".into())
        );
        assert!(answer.json()["message"].as_str().unwrap().contains(query.split('=').next().unwrap()));
    }
}

#[tokio::test]
async fn objects_and_unpaged_lists_take_no_options_and_say_no_total() {
    let client = Client::new();
    for path in ["", "/profile", "/sources", "/weight", "/medical/profile"] {
        let answer = client.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("x-total-count"), answer.header("link")),
            (200, None, None),
            "{path}"
        );
        assert_eq!(client.get(&format!("{path}?limit=5")).await.status, 400, "{path}");
    }
}

/// All records of a query, by offsets alone.
async fn all(client: &Client, path: &str, query: &str) -> Vec<Value> {
    let mut records = Vec::new();
    loop {
        let page = client
            .get(&format!("{path}?{query}&limit=500&offset={}", records.len()).replace("?&", "?"))
            .await;
        let total = page.total();
        records.extend(page.records());
        if records.len() >= total {
            return records;
        }
    }
}
