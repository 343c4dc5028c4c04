//! The machine is suspended during an upload. When it wakes, the answers are in the sockets, but the timers fire first.

use crate::upload::oracle::assert_arrived_once;
use crate::upload::samples::SampleSupply;
use crate::upload::stage::{Stage, StageOptions};
use crate::world::seeds;

#[test]
fn answers_that_came_during_suspension_are_read_and_nothing_is_sent_again() {
    let mut asleep_under_way = 0;
    for seed in seeds(3) {
        for step in 1.. {
            let options =
                StageOptions { batch_size: 5, concurrency: 3, pieces: 1, ..StageOptions::default() };
            let stage = Stage::calm(seed, options);
            let samples = SampleSupply::new(stage.world.chance_for("samples"), 2, 40).some(42);
            let (world, network) = (stage.world.clone(), stage.network.clone());
            let under_way = std::rc::Rc::new(std::cell::Cell::new(None));
            let noted = under_way.clone();
            stage.world.interrupt(step, move || {
                noted.set(Some(network.in_flight()));
                world.suspend(10 * 60_000);
            });
            let report = stage.upload(&samples).unwrap();
            assert_eq!((report.sent, report.resent, report.retries), (42, 0, 0), "asleep before step {step}");
            assert_arrived_once(&stage, &samples);
            stage.assert_nothing_is_left("at the end");
            let Some(under_way) = under_way.get() else { break };
            asleep_under_way += u64::from(under_way > 0);
        }
    }
    assert!(asleep_under_way > 50, "{asleep_under_way}: it never slept with requests under way");
}
