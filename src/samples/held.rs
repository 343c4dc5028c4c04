//! Samples that are too few for a batch: kept in the store until there are more.

use super::keys::Scope;
use crate::error::Error;
use crate::store::{Kind, Store, damaged, open, seal};
use humansync_samples::{Moment, Numbers, Row, Rows};

/// In the place of a position in the source: the sample comes from the store.
const CARRIED: u32 = u32::MAX;

/// Whether a row was taken up from the store.
pub fn is_carried(row: &Row) -> bool {
    row.position() == CARRIED
}

/// Takes what is held into `rows`, and says how many these are.
pub async fn take_up<S: Store>(
    store: &S,
    scope: &Scope,
    numbers: Numbers,
    rows: &mut Rows,
) -> Result<u64, Error> {
    let Some(value) = store.get(&scope.held()).await? else { return Ok(0) };
    let held = Rows::decode(open(Kind::Held, &value)?, numbers).ok_or_else(damaged)?;
    let kinds = held.kinds();
    for row in held.iter() {
        let name = kinds.device_name(kinds.device(row.kind()));
        let (version, unit) = (kinds.device_version(row.kind()), kinds.unit(row.kind()));
        let kind = rows.kinds_mut().intern(name, version, unit);
        rows.push(kind, row.start(), row.end(), row.value(), CARRIED);
    }
    Ok(u64::try_from(held.len()).unwrap_or(u64::MAX))
}

/// The rows with these indices, as they are kept.
pub fn encoded(rows: &Rows, indices: &[usize]) -> Vec<u8> {
    indices.iter().flat_map(|index| rows.encode(*index..index.saturating_add(1))).collect()
}

/// Holds what was [`encoded`], and nothing else.
pub async fn keep<S: Store>(store: &S, scope: &Scope, content: Vec<u8>) -> Result<(), Error> {
    if content.is_empty() {
        return store.delete(&scope.held()).await;
    }
    store.set(&scope.held(), seal(Kind::Held, &content)).await
}

/// Devices and starts of the rows with these indices: what is known and not sent.
pub fn waiting(rows: &Rows, indices: &[usize]) -> Vec<(String, Moment)> {
    let kinds = rows.kinds();
    let name = |row: &Row| kinds.device_name(kinds.device(row.kind())).to_owned();
    indices.iter().filter_map(|index| rows.get(*index)).map(|row| (name(&row), row.start())).collect()
}
