//! Walks of in-memory lists with the host's timers.

use super::clock::{HostClock, pause};
use super::server::{Ids, Server, Settings, walk};
use futures_util::future::poll_fn;
use humansync::pages::Walk;
use std::task::Poll;
use wasm_bindgen_test::wasm_bindgen_test;

async fn all(mut walk: Walk<Server, HostClock>) -> Vec<u64> {
    let mut ids = Vec::new();
    while let Some(page) = walk.next().await.unwrap() {
        let Ids(records) = page.records;
        ids.extend(records);
    }
    ids
}

#[wasm_bindgen_test]
async fn every_record_comes_once_and_in_order_though_answers_overtake_each_other() {
    for concurrency in [1, 6] {
        let server = Server::list(0..1234, true);
        let client = server.client(Settings { concurrency, ..Settings::default() });
        assert_eq!(
            all(walk(&client, None, None)).await,
            (0..1234).collect::<Vec<_>>(),
            "{concurrency} at once"
        );
        assert_eq!(server.seen.most_at_once.get(), concurrency);
    }
}

#[wasm_bindgen_test]
async fn a_list_without_total_and_links_is_read_to_its_end() {
    let server = Server::list(0..130, false);
    assert_eq!(
        all(walk(&server.client(Settings::default()), None, None)).await,
        (0..130).collect::<Vec<_>>()
    );
}

/// Positions in a list may need 53 bits, but `usize` has only 32 here.
#[wasm_bindgen_test]
async fn positions_beyond_32_bits_are_walked_like_any_other() {
    let list = 4_294_967_200..4_294_967_500;
    let server = Server::list(list.clone(), true);
    let client = server.client(Settings::default());
    assert_eq!(all(walk(&client, Some(4_294_967_200.0), None)).await, list.collect::<Vec<_>>());
}

#[wasm_bindgen_test]
async fn a_cursor_beyond_32_bits_goes_on_where_it_was_taken() {
    let server = Server::list(5_000_000_000..5_000_000_170, true);
    let client = server.client(Settings::default());
    let first = walk(&client, Some(5e9), None).next().await.unwrap().unwrap();
    assert_eq!((first.offset, first.total_count), (5_000_000_000, Some(5_000_000_170)));

    let rest = all(walk(&client, None, Some(&first.cursor.to_text()))).await;
    assert_eq!(
        first.records.0.into_iter().chain(rest).collect::<Vec<_>>(),
        (5_000_000_000..5_000_000_170).collect::<Vec<_>>()
    );
}

#[wasm_bindgen_test]
async fn leaving_a_walk_ends_its_requests() {
    let server = Server::list(0..5_000, true);
    let client = server.client(Settings::default());
    let mut left = walk(&client, None, None);
    left.next().await.unwrap();
    // This requests the pages ahead, and drops the walk without waiting for them.
    {
        let mut next = Box::pin(left.next());
        let waits = poll_fn(|context| Poll::Ready(next.as_mut().poll(context).is_pending())).await;
        assert!(waits);
        pause(0).await;
        assert!(server.seen.in_flight.get() > 0, "nothing was asked for");
    }
    drop(left);
    pause(0).await;
    assert_eq!(server.seen.in_flight.get(), 0);
}
