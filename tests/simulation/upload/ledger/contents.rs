//! Values of a ledger that are not there any more.

use crate::upload::oracle::{acknowledged, assert_none_twice, said};
use crate::upload::samples::{Given, Supply, ndjson};
use crate::upload::stage::{Setting, Stage};
use crate::world::seeds;
use humansync::upload::Report;

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
fn a_month_that_is_older_than_the_index_says_is_told_and_what_it_lacks_is_sent_again() {
    let mut tried = 0;
    for seed in seeds(50) {
        let stage = Stage::calm(seed, Setting { batch_size: 10, ..Setting::default() });
        let given = Supply::new(stage.world.chance_for("samples"), 3, 70).some(100);
        stage.upload(&given[..50]).unwrap();
        let before = stage.disk.values();
        stage.upload(&given).unwrap();
        let after = stage.disk.values();
        let is_older = |(key, value): &(&String, &Vec<u8>)| key.contains("/sent/") && after[*key] != **value;
        let older: Vec<(&String, &Vec<u8>)> = before.iter().filter(is_older).collect();
        let Some((key, value)) = older.get(seed as usize % older.len().max(1)) else { continue };
        stage.disk.put(key, (*value).clone());
        tried += 1;

        let plan = stage.world.run(stage.program().plan(&ndjson(&given))).unwrap();
        let report = stage.upload(&given).unwrap();
        assert!(is_told(&report));
        assert_eq!((report.sent, report.held), (plan.samples, plan.held));
        assert!(report.sent + report.held > 0 && report.already_sent >= 50, "{report:?}");
        let report = stage.upload(&given).unwrap();
        assert!(!is_told(&report) && report.requests == 0, "{report:?}");
    }
    assert!(tried > 10, "{tried}");
}

#[test]
fn months_that_an_older_index_does_not_list_are_told_and_taken_in() {
    for seed in seeds(50) {
        let stage = Stage::calm(seed, Setting { batch_size: 10, ..Setting::default() });
        let given = Supply::new(stage.world.chance_for("samples"), 3, 70).some(100);
        let of_one: Vec<Given> =
            given.iter().filter(|given| given.fact().device == "Watch 0").cloned().collect();
        stage.upload(&of_one).unwrap();
        let (key, index) = stage.disk.values().into_iter().find(|(key, _)| key.ends_with("/index")).unwrap();
        stage.upload(&given).unwrap();
        let before = said(&stage.world.run(stage.program().watermarks()).unwrap());
        stage.disk.put(&key, index);

        let report = stage.upload(&given).unwrap();
        assert!(is_told(&report));
        assert_eq!((report.sent, report.already_sent), (0, 100));
        let report = stage.upload(&given).unwrap();
        assert!(!is_told(&report), "it is told twice");
        assert_eq!((report.sent, report.already_sent), (0, 100));
        assert_none_twice(&stage);
        let more = Supply::new(stage.world.chance_for("more"), 3, 70).some(20);
        stage.upload(&[given, more].concat()).unwrap();
        let after = said(&stage.world.run(stage.program().watermarks()).unwrap());
        assert_eq!(after.len(), before.len());
        assert_eq!(after.iter().map(|it| it.2).sum::<u64>(), acknowledged(&stage).len() as u64);
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
