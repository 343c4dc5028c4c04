//! Values on the disk are damaged.

use crate::server::Verdict;
use crate::upload::samples::{SampleSupply, TestSample, ndjson};
use crate::upload::stage::{Stage, StageOptions};
use crate::world::{Chance, seeds};
use humansync::error::Error;

/// Part of the key of each kind of value.
const KINDS: [&str; 4] = ["/index", "/held", "/sent/", "/batch/"];

/// A disk with a value of each kind, and samples whose upload reads all of them.
fn stage(seed: u64) -> (Stage, Vec<TestSample>) {
    let mut seen = 0;
    let stage = Stage::new(seed, StageOptions { batch_size: 10, ..StageOptions::default() }, move |_| {
        seen += 1;
        if seen == 2 { Verdict::Refused(400) } else { Verdict::Accepted }
    });
    let mut supply = SampleSupply::new(stage.world.chance_for("samples"), 3, 70);
    let mut samples = supply.some(50);
    assert_eq!(stage.upload(&samples).unwrap().failed, 10);
    let few = supply.some(2);
    // They are held, because this source has nothing else.
    assert_eq!(stage.upload(&few).unwrap().held, 2);
    samples.extend(few);
    for kind in KINDS {
        assert!(stage.disk.keys().iter().any(|key| key.contains(kind)), "{kind}");
    }
    (stage, samples)
}

/// Damages `value` in one way or another.
fn damaged(chance: &mut Chance, value: &[u8], others: &[Vec<u8>]) -> Vec<u8> {
    let mut damaged = value.to_vec();
    match chance.within(0..=4) {
        0 => damaged.truncate(chance.index(value.len())),
        1 => damaged.push(0),
        2 => damaged = chance.pick(others),
        3 => {
            let place = chance.index(value.len());
            damaged.swap(place, (place + 1) % value.len());
        }
        _ => {
            let place = chance.index(value.len());
            damaged[place] ^= 1 << chance.within(0..=7);
        }
    }
    damaged
}

#[test]
fn a_damaged_value_is_an_error_and_nothing_is_sent() {
    for seed in seeds(300) {
        let mut chance = Chance::new(seed, "damage");
        let (stage, samples) = stage(seed);
        let kind = KINDS[seed as usize % KINDS.len()];
        let values = stage.disk.values();
        let keys: Vec<&String> = values.keys().filter(|key| key.contains(kind)).collect();
        let key = chance.pick(&keys).clone();
        let others: Vec<Vec<u8>> = values
            .iter()
            .filter(|(other, _)| !other.contains(kind))
            .map(|(_, value)| value.clone())
            .collect();
        let value = damaged(&mut chance, &values[&key], &others);
        if value == values[&key] {
            continue;
        }
        stage.disk.put(&key, value.clone());
        let before = stage.disk.values();

        let sent = stage.post.sent();
        let program = stage.program();
        let stopped = stage.upload_by(&program, &samples).unwrap_err();
        let planned = stage.world.run(program.plan(&ndjson(&samples))).unwrap_err();
        for error in [&stopped.error, &planned] {
            // The damage may have made the version look newer.
            let is_newer = value.len() > 11 && value[..3] == values[&key][..3] && value[3] > values[&key][3];
            let code = if is_newer { "newer" } else { "damaged" };
            assert!(matches!(error, Error::Store(error) if error.code == code), "{key}: {error:?}");
        }
        assert_eq!((stopped.report.sent, stage.post.sent()), (0, sent), "{key}");
        // The values are left alone, so that somebody can still rescue them.
        assert_eq!(stage.disk.values(), before, "{key}");
        stage.assert_nothing_is_left("stopped");

        // The way out that the error names.
        stage.world.run(program.forget(None)).unwrap();
        let report = stage.upload_by(&program, &samples).unwrap();
        assert_eq!((report.sent, report.already_sent), (samples.len() as u64, 0), "{key}");
    }
}

#[test]
fn a_value_of_a_newer_version_is_an_error_and_nothing_is_sent() {
    for (seed, kind) in seeds(4).zip(KINDS) {
        let (stage, samples) = stage(seed);
        let (key, mut value) = stage.disk.values().into_iter().find(|(key, _)| key.contains(kind)).unwrap();
        value[3] += 1;
        stage.disk.put(&key, value);
        let sent = stage.post.sent();
        let stopped = stage.upload(&samples).unwrap_err();
        assert!(matches!(&stopped.error, Error::Store(error) if error.code == "newer"), "{key}: {stopped:?}");
        assert_eq!(stage.post.sent(), sent);
    }
}

#[test]
fn keys_reveal_no_people_and_devices() {
    for seed in seeds(20) {
        let (stage, _) = stage(seed);
        for key in stage.disk.keys() {
            assert!(key.is_ascii() && !key.contains("Watch") && !key.contains("anna"), "{key}");
        }
    }
}
