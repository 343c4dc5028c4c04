//! Parsed answers, as plain values.

use humansync::pages::{People, RecordKey, RecordList};

/// A record. Only tests see the `serial`, which is unique.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Unique, and invisible to the library.
    pub serial: u64,
    /// The id that the library sees.
    pub id: Option<String>,
    /// Its `humanId`; empty if it has none.
    pub human: String,
    /// The id is a number, not text.
    pub is_number: bool,
    /// `updatedAt`, as RFC 3339 with milliseconds; empty if it has none.
    pub updated: String,
    /// Everything else in it.
    pub content: String,
}

impl Record {
    /// A record for a test to which it does not matter when it was updated.
    pub fn new(serial: u64, id: Option<String>, content: String) -> Self {
        Self {
            serial,
            id,
            human: String::new(),
            is_number: false,
            updated: "2024-01-01T00:00:00.000Z".to_owned(),
            content,
        }
    }
}

/// A parsed answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// An array.
    List(Vec<Record>),
    /// An object that is not empty.
    Object(String),
    /// `{}` or `null`.
    Blank,
}

impl Document {
    /// Whether it is empty.
    pub fn is_blank(&self) -> bool {
        *self == Self::Blank
    }

    /// Its records, if it is a list.
    pub fn rows(self) -> Option<Rows> {
        match self {
            Self::List(records) => Some(Rows(records)),
            Self::Object(_) | Self::Blank => None,
        }
    }
}

/// The records of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows(pub Vec<Record>);

impl RecordList for Rows {
    fn none() -> Self {
        Self(Vec::new())
    }

    fn count(&self) -> usize {
        self.0.len()
    }

    fn keys(&self, people: People) -> Vec<RecordKey> {
        let key = |record: &Record| {
            let key = match &record.id {
                Some(id) if record.is_number => RecordKey::of_json_id(id.as_bytes()),
                Some(id) => RecordKey::of_id(id),
                None => RecordKey::of_content(&record.content),
            };
            if people == People::Many { key.owned_by(record.human.as_bytes()) } else { key }
        };
        self.0.iter().map(key).collect()
    }

    fn each_content(&self, mut visit: impl FnMut(&[u8])) {
        self.0.iter().for_each(|record| visit(format!("{} {}", record.updated, record.content).as_bytes()));
    }

    fn each_updated_at(&self, mut visit: impl FnMut(&[u8])) {
        self.0.iter().for_each(|record| visit(record.updated.as_bytes()));
    }

    fn select(self, indices: &[usize]) -> Self {
        Self(indices.iter().map(|&index| self.0[index].clone()).collect())
    }
}
