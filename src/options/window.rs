//! The options of `window`: a window of its own, and the checkpoint from which its walk goes on.

use super::sync::batch_type;
use super::{defaults, number::whole};
use crate::api::{BatchType, MAX_SAFE_INTEGER, QueryInit};
use crate::error::OptionError;
use crate::sync::{
    CheckpointScope, MarkCapacity, Position, SyncOptions, SyncOwner, SyncType, Window, conditions_fingerprint,
};
use humansync_ingest::time::Instant;
use serde::Deserialize;

/// A window of one type, as `plan` gives it.
#[derive(Clone, Default, Deserialize)]
pub struct WindowInit {
    /// Its type.
    #[serde(rename = "type")]
    pub name: Option<String>,
    /// Its first second.
    pub since: Option<Instant>,
    /// The second after its last one.
    pub before: Option<Instant>,
    /// How many records it had when it was planned. It tells how much work a window is, and changes nothing of it.
    pub expected: Option<f64>,
}

/// What `window` takes besides the window.
#[derive(Clone, Default, Deserialize)]
pub struct CheckpointInit {
    /// The checkpoint of the last delta of the window that was stored.
    pub checkpoint: Option<String>,
}

impl WindowInit {
    /// Its type. Errors: none, or one that does not exist.
    pub fn batch_type(&self) -> Result<BatchType, OptionError> {
        batch_type("type", self.name.as_deref().ok_or_else(|| missing("type"))?)
    }

    /// What a run over this window alone goes by; `sync_type` is its type. Errors: a bound that is missing or has a
    /// fraction of a second; an end that is not after the beginning, or 31 days after it; an `expected` that is no count.
    pub fn checked(&self, sync_type: SyncType) -> Result<SyncOptions, OptionError> {
        let since = whole_second("since", self.since)?;
        let before = whole_second("before", self.before)?;
        whole("expected", self.expected, 0, MAX_SAFE_INTEGER, 0)?;
        if before <= since {
            return Err(OptionError::new("before", "`before` must be later than `since`"));
        }
        let window = Window { since: since.saturating_sub(EARLIER), before };
        if window.length() > sync_type.longest_window() {
            return Err(OptionError::new(
                "before",
                "`before` must be less than 31 days after `since`: the API takes no longer window; divide it, or have \
                 plan() do so",
            ));
        }
        Ok(SyncOptions {
            types: vec![sync_type],
            conditions: QueryInit::default(),
            since: Some(since),
            until: Some(before),
            overlap: 0,
            window_records: defaults::WINDOW_RECORDS,
            only_window: Some(window),
            mark_capacity: MarkCapacity::default(),
        })
    }
}

impl CheckpointInit {
    /// Where a run over one window alone, as `options` describe it, begins: at the checkpoint, if there is one. Errors: a
    /// checkpoint of something else, or one that is damaged.
    pub fn positions(
        &self,
        owner: &SyncOwner,
        options: &SyncOptions,
    ) -> Result<Vec<(&'static str, Position)>, OptionError> {
        let mut positions = Vec::new();
        if let (Some(text), Some(window)) = (&self.checkpoint, options.only_window) {
            let conditions = conditions_fingerprint(&options.conditions)?;
            for SyncType { name, .. } in &options.types {
                let scope = CheckpointScope { owner: owner.fingerprint(), name, conditions };
                positions.push((*name, within(window, scope.position(CHECKPOINT, text)?)?));
            }
        }
        Ok(positions)
    }
}

const CHECKPOINT: &str = "checkpoint";

/// So many seconds before the first one a query begins: it is not documented whether a query includes its own first
/// second.
const EARLIER: i64 = 1;

/// A position as far as it is of `window`. One that knows of nothing is of a window that is to be read anew. Errors: it is
/// of another window.
fn within(window: Window, mut position: Position) -> Result<Position, OptionError> {
    let other = position.unfinished.take_if(|unfinished| unfinished.window != window);
    let (start, _) = position.coverage.gap(window.since.saturating_add(EARLIER));
    let is_elsewhere = other.is_some() || position.coverage.end().is_some();
    if position.unfinished.is_none() && start < window.before && is_elsewhere {
        return Err(OptionError::new(
            CHECKPOINT,
            "`checkpoint` is one of another window; give the one that was stored last for this window, or none if there \
             is none yet",
        ));
    }
    Ok(position)
}

fn whole_second(option: &str, given: Option<Instant>) -> Result<i64, OptionError> {
    let instant = given.ok_or_else(|| missing(option))?;
    if instant.subsec_nanos() > 0 {
        let message = ["`", option, "` must be a whole second: windows have no fractions of one"];
        return Err(OptionError::new(option, message.concat()));
    }
    Ok(instant.unix_seconds())
}

fn missing(option: &str) -> OptionError {
    let message =
        ["`", option, "` is missing: a window has `type`, `since` and `before`, as plan() gives it"];
    OptionError::new(option, message.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::AppPath;
    use crate::testing::test;
    use crate::uri::LinkScope;

    const DAY: i64 = 86_400;

    fn checked(json: &str) -> Result<SyncOptions, OptionError> {
        let init: WindowInit = serde_json::from_str(json).unwrap();
        let app = AppPath::new("app")?;
        init.checked(SyncType::of_app(&app, init.batch_type()?))
    }

    fn owner(client_id: &str) -> SyncOwner {
        SyncOwner::app(client_id, &LinkScope::of("https://api.humanapi.co/v1").unwrap())
    }

    /// The checkpoint of a position in which `window` is delivered.
    fn covered(window: Window) -> String {
        let mut position = Position::default();
        position.coverage.add(window, i64::MAX);
        let scope = CheckpointScope { owner: owner("app").fingerprint(), name: "weights", conditions: 0 };
        scope.to_text(&position)
    }

    #[test]
    fn the_query_begins_a_second_before_the_first_one() {
        let options = checked(
            r#"{"type": "weights", "since": "2024-05-01T00:00:00Z", "before": "2024-05-02T00:00:00Z", "expected": 7}"#,
        )
        .unwrap();
        let (since, before) = (1_714_521_600, 1_714_608_000);
        assert_eq!(options.only_window, Some(Window { since: since - 1, before }));
        assert_eq!((options.since, options.until, options.overlap), (Some(since), Some(before), 0));
        assert_eq!(options.types.iter().map(|own| own.name).collect::<Vec<_>>(), ["weights"]);
    }

    #[test]
    fn a_window_has_whole_seconds_and_is_shorter_than_31_days() {
        let of = |since: i64, before: i64| {
            let [since, before] = [since, before].map(|second| format!("{:.1}", second as f64 * 1000.0));
            checked(&format!(r#"{{"type": "weights", "since": {since}, "before": {before}}}"#))
        };
        assert!(of(0, 1).is_ok());
        let longest = of(0, 31 * DAY - 1).unwrap().only_window.unwrap();
        assert_eq!(longest.length(), 31 * DAY);
        for (since, before) in [(0, 31 * DAY), (5, 5), (5, 4)] {
            assert_eq!(of(since, before).err().unwrap().option, "before", "{since} {before}");
        }
        for (json, option) in [
            (r#"{"since": 0.0, "before": 1000.0}"#, "type"),
            (r#"{"type": "weight", "since": 0.0, "before": 1000.0}"#, "type"),
            (r#"{"type": "weights", "before": 1000.0}"#, "since"),
            (r#"{"type": "weights", "since": 0.0}"#, "before"),
            (r#"{"type": "weights", "since": 500.0, "before": 1000.0}"#, "since"),
            (r#"{"type": "weights", "since": 0.0, "before": 1500.0}"#, "before"),
            (r#"{"type": "weights", "since": 0.0, "before": 1000.0, "expected": -1}"#, "expected"),
        ] {
            assert_eq!(checked(json).err().unwrap().option, option, "{json}");
        }
    }

    #[test]
    fn a_checkpoint_has_to_know_of_the_window() {
        let options = checked(r#"{"type": "weights", "since": 1000000.0, "before": 2000000.0}"#).unwrap();
        let window = options.only_window.unwrap();
        let positions = |text: &str, client_id: &str| {
            CheckpointInit { checkpoint: Some(text.to_owned()) }.positions(&owner(client_id), &options)
        };
        assert_eq!(CheckpointInit::default().positions(&owner("app"), &options), Ok(vec![]));
        for wider in [window, Window { since: 0, before: 5000 }] {
            assert_eq!(positions(&covered(wider), "app").unwrap().len(), 1);
        }
        let part = covered(Window { before: window.before - 1, ..window });
        for (text, client_id, words) in [
            (part.as_str(), "app", "another window"),
            (&covered(Window { since: 5000, before: 6000 }), "app", "another window"),
            (&covered(window), "other", "another client"),
            ("", "app", "damaged"),
        ] {
            let error = positions(text, client_id).unwrap_err();
            assert_eq!(error.option, CHECKPOINT);
            assert!(error.message.contains(words), "{}", error.message);
        }
    }

    #[test]
    fn the_rest_of_a_window_is_kept_and_that_of_another_one_is_not() {
        let window = Window { since: 9, before: 20 };
        let left = |window| {
            let mut out = crate::store::ByteWriter::default();
            Position::default().write(&mut out);
            let mut value = out.finish();
            // No intervals, and then the unfinished window in the place of none.
            value.truncate(8);
            value.push(1);
            let mut out = crate::store::ByteWriter::default();
            let Window { since, before } = window;
            [since, before, before].into_iter().for_each(|number| out.signed(number));
            out.bytes(b"cursor");
            value.extend(out.finish());
            value.extend([0, 0, 0, 0]);
            Position::read(&mut crate::store::ByteReader::new(&value)).unwrap()
        };
        assert_eq!(within(window, left(window)), Ok(left(window)));
        let mut other = left(Window { since: 30, before: 40 });
        assert!(within(window, other.clone()).is_err());
        other.coverage.add(window, i64::MAX);
        assert_eq!(within(window, other).unwrap().unfinished, None);
    }
}
