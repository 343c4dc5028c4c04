//! Values of a ledger that are not there any more.

use super::given::{Given, Supply};
use super::oracle::{acknowledged, assert_none_twice, said};
use super::stage::{Setting, Stage};
use crate::world::seeds;
use humansync::samples::Report;

fn stage(seed: u64) -> (Stage, Vec<Given>) {
    let stage = Stage::calm(seed, Setting { batch_size: 10, ..Setting::default() });
    let given = Supply::new(stage.world.chance_for("samples"), 3, 70).some(100);
    assert_eq!(stage.upload(&given).unwrap().sent, 100);
    (stage, given)
}

fn is_told(report: &Report) -> bool {
    report.warnings.iter().any(|warning| warning.code == "ledger-incomplete")
}

#[test]
fn a_lost_index_is_told_and_made_anew() {
    for seed in seeds(50) {
        let (stage, given) = stage(seed);
        let before = said(&stage.world.run(stage.program().watermarks()).unwrap());
        let index = stage.disk.keys().into_iter().find(|key| key.ends_with("/index")).unwrap();
        stage.disk.lose(&index);
        // A source with one device only: those of the others come back with their samples.
        let (of_one, others): (Vec<Given>, Vec<Given>) =
            given.iter().cloned().partition(|given| given.fact().device == "Watch 0");
        let report = stage.upload(&of_one).unwrap();
        assert!(is_told(&report));
        assert_eq!((report.sent, report.already_sent), (0, of_one.len() as u64));
        let report = stage.upload(&others).unwrap();
        assert!(!is_told(&report), "it is told twice");
        assert_eq!((report.sent, report.already_sent), (0, others.len() as u64));
        assert_none_twice(&stage);
        let more = Supply::new(stage.world.chance_for("more"), 3, 70).some(20);
        stage.upload(&[given, more].concat()).unwrap();
        let after = said(&stage.world.run(stage.program().watermarks()).unwrap());
        assert_eq!(after.len(), before.len());
        assert_eq!(after.iter().map(|it| it.2).sum::<u64>(), acknowledged(&stage).len() as u64);
    }
}

#[test]
fn a_lost_month_is_told_and_only_that_month_is_sent_again() {
    for seed in seeds(50) {
        let (stage, given) = stage(seed);
        let months: Vec<String> =
            stage.disk.keys().into_iter().filter(|key| key.contains("/sent/")).collect();
        stage.disk.lose(&months[seed as usize % months.len()]);
        let report = stage.upload(&given).unwrap();
        assert!(is_told(&report));
        assert!(report.sent + report.held > 0 && report.already_sent > 0, "{report:?}");
        let report = stage.upload(&given).unwrap();
        assert!(!is_told(&report) && report.requests == 0, "{report:?}");
    }
}

#[test]
fn what_is_whole_is_not_said_to_be_incomplete() {
    for seed in seeds(20) {
        let (stage, given) = stage(seed);
        assert!(!is_told(&stage.upload(&given).unwrap()));
        stage.world.run(stage.program().forget(Some("Watch 1"))).unwrap();
        assert!(!is_told(&stage.upload(&given).unwrap()));
        stage.world.run(stage.program().forget(None)).unwrap();
        assert!(!is_told(&stage.upload(&given).unwrap()));
    }
}
