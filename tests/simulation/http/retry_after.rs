//! `Retry-After`, to the letter: RFC 9110 §10.2.3.

use super::asking::{Stage, api_error, ask, asks_to_wait, fails, fine, script};
use crate::server::status;
use crate::setup::Setup;
use crate::world::Outcome;
use futures_util::future::join_all;
use humansync::clock::Clock;
use humansync::http::Abort;

/// Where the wall clock stands when a world begins.
const START: i64 = 1_709_294_400_000;

/// Milliseconds between the first answer and the second request.
fn waited(stage: &Stage) -> u64 {
    let sent = stage.sent();
    sent[1] - sent[0] - 10
}

#[test]
fn the_wait_is_exactly_what_was_asked_for() {
    // The first answer arrives 10 ms after noon.
    for (value, expected) in [
        ("1", 1_000),
        ("7", 7_000),
        ("007", 7_000),
        (" 60\t", 60_000),
        ("120", 120_000),
        ("Fri, 01 Mar 2024 12:01:00 GMT", 59_990),
        ("Friday, 01-Mar-24 12:01:00 GMT", 59_990),
        ("Fri Mar  1 12:01:00 2024", 59_990),
    ] {
        for code in [408, 425, 429, 500, 502, 503, 504] {
            let stage = Stage::new(&Setup::default(), script([asks_to_wait(code, value)]));
            assert!(stage.ask().is_ok(), "{value:?}");
            assert_eq!(waited(&stage), expected, "{code} {value:?}");
            stage.assert_nothing_is_left();
        }
    }
}

#[test]
fn what_is_no_valid_value_is_as_if_it_were_absent() {
    for value in [
        "",
        "soon",
        "1.5",
        "-5",
        "+5",
        "0x10",
        "10 seconds",
        "1e3",
        "2024-03-01T12:01:00Z",
        "Fri, 01 Mar 2024 12:01:00",
    ] {
        let stage = Stage::new(&Setup::default(), script([asks_to_wait(503, value)]));
        assert!(stage.ask().is_ok(), "{value:?}");
        assert!(waited(&stage) < 500, "{value:?}: {} ms", waited(&stage));
    }
}

#[test]
fn no_wait_at_all_still_leaves_the_backoff() {
    for value in ["0", "Fri, 01 Mar 2024 11:00:00 GMT"] {
        let waits: Vec<u64> = (0..20)
            .map(|seed| {
                let stage = Stage::of_seed(seed, &Setup::default(), script([asks_to_wait(429, value)]));
                assert!(stage.ask().is_ok());
                waited(&stage)
            })
            .collect();
        assert!(waits.iter().all(|&wait| wait < 500), "{waits:?}");
        assert!(waits.iter().any(|&wait| wait > 100), "{waits:?}");
    }
}

#[test]
fn a_date_is_read_by_the_servers_own_clock() {
    for off in [-7_200_000, -1_000, 0, 1_000, 86_400_000] {
        let mut response = status(429);
        response.headers.retry_after = Some("Fri, 01 Mar 2024 12:00:30 GMT".to_owned());
        response.headers.date = Some("Fri, 01 Mar 2024 12:00:00 GMT".to_owned());
        let stage = Stage::new(&Setup::default(), script([Outcome::Reply(response)]));
        stage.world.jump(off);
        assert!(stage.ask().is_ok());
        assert_eq!(waited(&stage), 30_000, "clock off by {off} ms");
    }
}

#[test]
fn an_unreadable_date_leaves_the_local_clock() {
    let mut response = status(429);
    response.headers.retry_after = Some("Fri, 01 Mar 2024 12:00:30 GMT".to_owned());
    response.headers.date = Some("today".to_owned());
    let stage = Stage::new(&Setup::default(), script([Outcome::Reply(response)]));
    assert!(stage.ask().is_ok());
    assert_eq!(waited(&stage), 29_990);
}

#[test]
fn every_lane_pauses_and_none_sends_before_the_time() {
    let stage = Stage::new(&Setup::with_concurrency(3), script([fine(), asks_to_wait(429, "20"), fine()]));
    let all = stage.world.run(join_all((0..12).map(|_| {
        let client = stage.client.clone();
        async move { ask(&client, &Abort::new()).await }
    })));
    assert!(all.iter().all(Result::is_ok));
    let sent = stage.sent();
    // Three go out together; their answers come at 10 ms, and then nobody sends for 20 s.
    assert_eq!(sent[..3], [0, 0, 0]);
    assert!(sent[3..].iter().all(|&at| at == 10 || at >= 20_010), "{sent:?}");
    // Those at 10 ms were sent before the answer was known.
    assert!(sent[3..].iter().filter(|&&at| at == 10).count() <= 1, "{sent:?}");
    assert_eq!(sent.len(), 13);
}

#[test]
fn a_call_that_starts_during_the_pause_waits_for_its_end() {
    let stage = Stage::new(&Setup::default(), script([asks_to_wait(503, "30")]));
    let client = stage.client.clone();
    let (first, second) = stage.world.run(async {
        futures_util::future::join(ask(&client, &Abort::new()), async {
            stage.world.sleep(10_000).await;
            ask(&client, &Abort::new()).await
        })
        .await
    });
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(stage.sent(), [0, 30_010, 30_010]);
}

#[test]
fn of_two_pauses_the_longer_one_holds() {
    for (one, other) in [("5", "50"), ("50", "5")] {
        let stage = Stage::new(
            &Setup::with_concurrency(2),
            script([asks_to_wait(429, one), asks_to_wait(429, other)]),
        );
        stage.world.run(join_all((0..2).map(|_| {
            let client = stage.client.clone();
            async move { assert!(ask(&client, &Abort::new()).await.is_ok()) }
        })));
        assert_eq!(stage.sent(), [0, 0, 50_010, 50_010]);
    }
}

#[test]
fn a_wall_clock_that_jumps_neither_shortens_nor_lengthens_a_pause() {
    for jump in [-86_400_000, -1, 1, 86_400_000] {
        let stage = Stage::new(&Setup::default(), script([asks_to_wait(429, "60")]));
        let client = stage.client.clone();
        let (first, second) = stage.world.run(async {
            futures_util::future::join(ask(&client, &Abort::new()), async {
                stage.world.sleep(5_000).await;
                stage.world.jump(jump);
                // This one learns of the pause only now.
                ask(&client, &Abort::new()).await
            })
            .await
        });
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(stage.sent(), [0, 60_010, 60_010], "jump of {jump} ms");
    }
}

#[test]
fn a_wait_that_is_too_long_ends_the_call_and_refuses_the_others_unsent() {
    for (value, millis) in
        [("121", 121_000), ("3600", 3_600_000), ("Fri, 01 Mar 2024 13:00:00 GMT", 3_599_990)]
    {
        let stage = Stage::new(&Setup::default(), script([asks_to_wait(429, value)]));
        let error = api_error(stage.ask());
        assert_eq!((error.status, error.retry_at), (429, Some(START + 10 + millis)), "{value}");
        assert_eq!(stage.world.elapsed(), 10);

        // The wait holds for the whole client, and is not slept out behind anybody's back.
        let refused = api_error(stage.ask());
        assert_eq!((refused.status, refused.retry_at), (429, Some(START + 10 + millis)));
        assert_eq!(stage.network.requests(), 1, "{value}");
        assert_eq!(stage.world.elapsed(), 10);
        stage.assert_nothing_is_left();

        // When so much of it has passed that the client may sit out the rest, it does.
        stage.world.run(stage.world.sleep(millis as u64 - 100_000));
        assert!(stage.ask().is_ok());
        assert_eq!(stage.sent(), [0, 10 + millis as u64]);
    }
}

#[test]
fn the_longest_wait_is_an_option() {
    let stage =
        Stage::new(&Setup { max_retry_delay: 1_000, ..Setup::default() }, script([asks_to_wait(503, "2")]));
    let error = api_error(stage.ask());
    assert_eq!((error.status, error.retry_at), (503, Some(START + 2_010)));
    let stage =
        Stage::new(&Setup { max_retry_delay: 1_000, ..Setup::default() }, script([asks_to_wait(503, "1")]));
    assert!(stage.ask().is_ok());
}

#[test]
fn a_number_beyond_all_numbers_is_too_long_and_breaks_nothing() {
    let stage = Stage::new(&Setup::default(), script([asks_to_wait(429, "99999999999999999999999")]));
    assert!(api_error(stage.ask()).retry_at.is_some());
    assert!(stage.ask().is_err());
    assert_eq!(stage.network.requests(), 1);
}

#[test]
fn a_wait_is_not_asked_for_by_a_final_answer() {
    for code in [400, 401, 403, 404] {
        let stage = Stage::new(&Setup::default(), script([asks_to_wait(code, "3600"), fails(404)]));
        assert_eq!(api_error(stage.ask()).retry_at, None);
        assert_eq!(api_error(stage.ask()).status, 404);
    }
}

#[test]
fn a_wait_until_the_year_9999_is_told_and_whoever_calls_after_an_hour_asks_again() {
    for value in ["Fri, 31 Dec 9999 23:59:59 GMT", "99999999999999999999999", "86401"] {
        let stage =
            Stage::new(&Setup::default(), script([asks_to_wait(429, value), asks_to_wait(503, value)]));
        let told = api_error(stage.ask()).retry_at.unwrap();
        stage.world.run(stage.world.sleep(3_599_000));
        assert_eq!(api_error(stage.ask()).retry_at, Some(told), "{value}");
        assert_eq!(stage.network.requests(), 1, "{value}");
        stage.world.run(stage.world.sleep(1_000));
        assert_eq!(api_error(stage.ask()).status, 503, "{value}");
        assert_eq!(api_error(stage.ask()).status, 503, "{value}");
        assert_eq!(stage.network.requests(), 2, "{value}");
        stage.world.run(stage.world.sleep(3_600_000));
        assert!(stage.ask().is_ok());
    }
}

#[test]
fn a_day_is_believed_and_not_shortened_by_a_wait_that_is_not() {
    for (one, other) in [("86400", "99999999"), ("99999999", "86400")] {
        let stage = Stage::new(
            &Setup::with_concurrency(2),
            script([asks_to_wait(429, one), asks_to_wait(429, other)]),
        );
        stage.world.run(join_all((0..2).map(|_| {
            let client = stage.client.clone();
            async move { assert!(ask(&client, &Abort::new()).await.is_err()) }
        })));
        stage.world.run(stage.world.sleep(86_399_000));
        assert!(stage.ask().is_err());
        assert_eq!(stage.network.requests(), 2);
        stage.world.run(stage.world.sleep(2_000));
        assert!(stage.ask().is_ok());
    }
}
