//! The cost of an upload grows linearly with its samples.

use crate::upload::samples::SampleSupply;
use crate::upload::stage::{Stage, StageOptions};
use crate::world::Conditions;

/// Steps, operations of the disk, bytes written to it, and virtual milliseconds of an upload.
fn cost(count: usize, days: u64, concurrency: usize) -> [u64; 4] {
    let options = StageOptions { batch_size: 10, concurrency, pieces: count / 10, ..StageOptions::default() };
    let stage = Stage::calm(0, options);
    // The number of samples per day stays the same; only the number of days grows.
    let samples = SampleSupply::new(stage.world.chance_for("samples"), 1, days).some(count);
    let report = stage.upload(&samples).unwrap();
    assert_eq!((report.sent, report.requests), (count as u64, (count / 10) as u64));
    [stage.world.steps(), stage.disk.operations(), stage.disk.bytes_written(), stage.world.elapsed()]
}

#[test]
fn ten_times_the_samples_cost_ten_times_as_much() {
    for concurrency in [1, 6] {
        // Fifty samples a day, for four and for forty months: enough batches that some are settled during the upload.
        let less = cost(6_000, 120, concurrency);
        let more = cost(60_000, 1_200, concurrency);
        let names = ["steps", "operations", "bytes", "milliseconds"];
        for ((name, less), more) in names.into_iter().zip(less).zip(more) {
            assert!((less * 9..=less * 11).contains(&more), "{name}: {less}, then {more}");
        }
    }
}

#[test]
fn six_lanes_are_at_least_four_times_as_fast_as_one() {
    let [.., alone] = cost(6_000, 120, 1);
    let [.., together] = cost(6_000, 120, 6);
    assert!(together * 4 <= alone, "{alone} ms alone, {together} ms together");
}

#[test]
fn repeating_an_upload_costs_no_request_and_few_reads() {
    let stage =
        Stage::calm(0, StageOptions { conditions: Conditions::steady(25), ..StageOptions::default() });
    let samples = SampleSupply::new(stage.world.chance_for("samples"), 3, 100).some(20_000);
    assert_eq!(stage.upload(&samples).unwrap().requests, 20);
    let (operations, written) = (stage.disk.operations(), stage.disk.bytes_written());
    assert_eq!(stage.upload(&samples).unwrap().requests, 0);
    // The list of keys, the index, the held samples, taking and releasing the lock; and each month of each device once.
    let took = stage.disk.operations() - operations;
    assert!(took <= 6 + 3 * 5, "{took} operations");
    assert_eq!(stage.disk.bytes_written(), written);
}
