//! When nothing goes wrong, everything arrives once, in the fewest batches, and the report says so.

use super::oracle::{assert_none_twice, fewest};
use super::samples::{SampleSupply, TestSample};
use super::stage::{Stage, StageOptions};
use crate::world::{Chance, seeds};
use humansync::http::Abort;
use std::collections::BTreeMap;

/// Lines that are not valid samples.
const BROKEN: [&str; 7] = [
    "no sample",
    r#"{"device_name":"Watch 0","start_date":"2024-01-20T10:00:00Z","unit":"count""#,
    r#"{"device_name":"Watch 0","start_date":"2024-01-20T10:00:00Z","unit":"count","value":0}"#,
    r#"{"device_name":"Watch 0","start_date":"2024-01-20T10:00:00Z","unit":"count","value":30001}"#,
    r#"{"device_name":"Watch 0","start_date":"2024-01-20","unit":"count","value":1}"#,
    r#"{"device_name":"","start_date":"2024-01-20T10:00:00Z","unit":"count","value":1}"#,
    r#"{"device_name":"Watch 0","start_date":"2024-01-20T10:00:00Z","unit":"count","value":1,"steps":1}"#,
];

/// Lines of samples, with some duplicates and some invalid lines.
struct Mixture {
    samples: Vec<TestSample>,
    lines: Vec<String>,
    duplicates: u64,
    broken: u64,
}

fn mixture(chance: &mut Chance, supply: &mut SampleSupply, count: usize) -> Mixture {
    let samples = supply.some(count);
    let mut lines: Vec<String> = samples.iter().map(TestSample::line).collect();
    let (duplicates, broken) = (chance.within(0..=5), chance.within(0..=5));
    let duplicates = if samples.is_empty() { 0 } else { duplicates };
    for _ in 0..duplicates {
        let again = chance.pick(&samples).elsewhere().line();
        lines.insert(chance.index(lines.len() + 1), again);
    }
    for _ in 0..broken {
        lines.insert(chance.index(lines.len() + 1), chance.pick(&BROKEN).to_owned());
    }
    Mixture { samples, lines, duplicates, broken }
}

#[test]
fn everything_arrives_once_in_the_fewest_batches() {
    for seed in seeds(400) {
        let mut chance = Chance::new(seed, "case");
        let batch_size = chance.pick(&[3, 4, 5, 7, 20, 1000]);
        let count = chance.pick(&[0, 1, 2, 3, 4, 5, 6, 10, 40, 99, 150]) + chance.index(3);
        let count = if seed % 40 == 0 { 2000 + chance.index(5) } else { count };
        let options = StageOptions {
            batch_size,
            concurrency: chance.pick(&[1, 2, 6]),
            pieces: 20,
            ..StageOptions::default()
        };
        let stage = Stage::calm(seed, options);
        let mut supply = SampleSupply::new(chance.clone(), 3, 40);
        let Mixture { samples, lines, duplicates, broken } = mixture(&mut chance, &mut supply, count);
        let bytes = lines.join("\n").into_bytes();
        let (batches, left) = fewest(count, batch_size);

        let program = stage.program();
        let plan = stage.world.run(program.plan(&bytes)).unwrap();
        assert_eq!(stage.post.sent(), 0);
        assert_eq!((plan.samples, plan.batches), ((count - left) as u64, batches as u64));
        assert_eq!((plan.duplicates, plan.held, plan.rejected_count), (duplicates, left as u64, broken));
        assert_eq!(plan.already_sent, 0);

        let report = stage.world.run(program.upload(&bytes, &Abort::new())).unwrap().unwrap();
        assert_eq!(report.read, lines.len() as u64);
        assert_eq!((report.sent, report.batches), ((count - left) as u64, batches as u64));
        assert_eq!(
            (report.duplicates, report.held, report.rejected_count),
            (duplicates, left as u64, broken)
        );
        assert_eq!((report.carried, report.already_sent, report.unknown, report.failed), (0, 0, 0, 0));
        assert_eq!((report.requests, report.retries), (batches as u64, 0));

        let parcels = stage.inbox.parcels();
        assert_eq!(parcels.len(), batches);
        assert!(parcels.iter().all(|parcel| parcel.facts.len() <= batch_size && parcel.data_type == "steps"));
        assert_eq!(report.bytes_sent, parcels.iter().map(|parcel| parcel.size as u64).sum::<u64>());
        assert!(stage.network.most_in_flight() <= stage.options.concurrency);
        // The latest samples are left over.
        let mut ordered = samples.clone();
        ordered.sort_by_key(|sample| sample.fact().start);
        let arrived = stage.inbox.arrivals();
        assert_eq!(arrived.len(), count - left);
        assert_none_twice(&stage);
        let latest = arrived.keys().map(|fact| fact.start).max();
        assert!(ordered[count - left..].iter().all(|held| Some(held.fact().start) >= latest));
        stage.assert_nothing_is_left("at the end");
    }
}

#[test]
fn batches_do_not_overlap_in_time() {
    for seed in seeds(100) {
        let stage = Stage::calm(seed, StageOptions { batch_size: 10, ..StageOptions::default() });
        let samples = SampleSupply::new(stage.world.chance_for("samples"), 3, 5).some(200);
        stage.upload(&samples).unwrap();
        let spans = stage.inbox.parcels().into_iter();
        let mut spans: Vec<(i64, i64)> =
            spans.map(|it| (it.facts[0].start, it.facts[it.facts.len() - 1].start)).collect();
        spans.sort_unstable();
        assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{spans:?}");
    }
}

#[test]
fn start_dates_are_sent_as_they_were_written() {
    for seed in seeds(50) {
        let stage = Stage::calm(seed, StageOptions { batch_size: 50, ..StageOptions::default() });
        let samples = SampleSupply::new(stage.world.chance_for("samples"), 3, 60).some(200);
        stage.upload(&samples).unwrap();
        let texts: BTreeMap<_, _> =
            samples.iter().map(|sample| (sample.fact(), sample.start_text())).collect();
        for parcel in stage.inbox.parcels() {
            for (fact, start) in parcel.facts.iter().zip(&parcel.starts) {
                assert_eq!(Some(start), texts.get(fact));
            }
        }
    }
}
