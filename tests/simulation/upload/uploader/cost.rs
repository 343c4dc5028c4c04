//! Ten times the samples are ten times the work.

use crate::upload::samples::SampleSupply;
use crate::upload::stage::{Stage, StageOptions};
use crate::world::Conditions;

/// Steps, operations of the disk, bytes written to it, and virtual milliseconds of an upload.
fn cost(count: usize, days: u64, concurrency: usize) -> [u64; 4] {
    let options = StageOptions { batch_size: 10, concurrency, pieces: count / 10, ..StageOptions::default() };
    let stage = Stage::calm(0, options);
    // As many samples a day, over more days.
    let samples = SampleSupply::new(stage.world.chance_for("samples"), 1, days).some(count);
    let report = stage.upload(&samples).unwrap();
    assert_eq!((report.sent, report.requests), (count as u64, (count / 10) as u64));
    [stage.world.steps(), stage.disk.operations(), stage.disk.bytes_written(), stage.world.elapsed()]
}

#[test]
fn ten_times_the_samples_are_ten_times_the_work() {
    for concurrency in [1, 6] {
        // Fifty samples a day, over four months and forty; batches enough to be settled on the way.
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
fn what_was_sent_costs_no_request_and_little_else() {
    let stage =
        Stage::calm(0, StageOptions { conditions: Conditions::steady(25), ..StageOptions::default() });
    let samples = SampleSupply::new(stage.world.chance_for("samples"), 3, 100).some(20_000);
    assert_eq!(stage.upload(&samples).unwrap().requests, 20);
    let (operations, written) = (stage.disk.operations(), stage.disk.bytes_written());
    assert_eq!(stage.upload(&samples).unwrap().requests, 0);
    // The index, the batches, what waits, the lock and back; and each device's months once to compare with.
    let took = stage.disk.operations() - operations;
    assert!(took <= 6 + 3 * 5, "{took} operations");
    assert_eq!(stage.disk.bytes_written(), written);
}
