//! A query as the user gave it.

use humansync_ingest::time::{Date, Instant};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// The options of a query as a caller gave them; [`Query::new`](super::Query::new) checks them.
///
/// Without the caller's cursor, which belongs to the walk, and signal, which belongs to the edge.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryInit {
    /// Records per page, a whole number from 1 to 500; 500 if left out.
    pub limit: Option<f64>,
    /// Index of the first record, a whole number from 0.
    pub offset: Option<f64>,
    /// Only records created at this time or later.
    pub created_since: Option<Instant>,
    /// Only records created before this time.
    pub created_before: Option<Instant>,
    /// Only records updated at this time or later.
    pub updated_since: Option<Instant>,
    /// Only records updated before this time.
    pub updated_before: Option<Instant>,
    /// Only records of this source: a name or an id, passed on as it is.
    pub source: Option<String>,
    /// Oldest day; only together with `end_date`.
    pub start_date: Option<Date>,
    /// Most recent day; only together with `start_date`.
    pub end_date: Option<Date>,
    /// Name and value of parameters that this library does not know.
    #[serde(default, deserialize_with = "texts")]
    pub params: Vec<(String, String)>,
}

/// Reads an object of texts. A name may come twice, as it may in what `Headers` and `URLSearchParams` hold.
pub fn texts<'de, D: Deserializer<'de>, V: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<(String, V)>, D::Error> {
    deserializer.deserialize_map(Pairs(PhantomData))
}

struct Pairs<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for Pairs<V> {
    type Value = Vec<(String, V)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = entries.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}
