//! Caches lists that are filtered or sorted in another order until they change, because a walk requests the same list
//! page after page.

use std::collections::HashMap;
use std::ops::Range;

use crate::app_data::AppData;
use crate::app_data::batch_type::BatchType;
use crate::app_data::entry::Entry;
use crate::faults::BatchOrder;
use crate::human::query::ListQuery;

/// The latest such list of each type.
#[derive(Debug, Default)]
pub struct Sorted(HashMap<BatchType, (Question, Vec<Entry>)>);

/// The key of the cache: everything that determines the list, without the paging.
#[derive(Debug, PartialEq, Eq)]
struct Question {
    updated: Range<i64>,
    order: BatchOrder,
    /// All other options that were sent.
    options: Vec<(String, String)>,
    version: u64,
}

impl Sorted {
    /// The entries of a list, in the order in which they are sent.
    pub fn entries(
        &mut self,
        app: &mut AppData,
        batch_type: BatchType,
        updated: Range<i64>,
        query: &ListQuery,
        order: BatchOrder,
    ) -> &[Entry] {
        let paging = ["offset", "limit"];
        let options =
            query.sent.iter().filter(|(name, _)| !paging.contains(&name.as_str())).cloned().collect();
        let question = Question { updated, order, options, version: app.version(batch_type) };
        let kept = self.0.entry(batch_type).or_insert_with(|| (Question::none(), Vec::new()));
        if kept.0 != question {
            let range = app.window(batch_type, question.updated.start, question.updated.end);
            let inside = app.entries(batch_type)[range].iter().rev();
            let mut entries: Vec<Entry> =
                inside.filter(|entry| query.keeps_otherwise(&entry.row())).copied().collect();
            if order == BatchOrder::Recorded {
                entries.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.key)));
            }
            *kept = (question, entries);
        }
        &kept.1
    }
}

impl Question {
    /// A question that no request has.
    fn none() -> Self {
        Self { updated: 0..0, order: BatchOrder::Updated, options: Vec::new(), version: u64::MAX }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::app_data::Size;
    use crate::app_data::change::Change;

    const NOW: i64 = 1_751_284_800;

    #[test]
    fn a_list_is_made_anew_when_it_changes_and_when_another_is_asked_for() {
        let mut app = AppData::new(1, NOW, Size { users: 9, days: 20, records: 4000 });
        let mut sorted = Sorted::default();
        let query = ListQuery::read(&"/l?limit=5".parse().unwrap(), &BTreeSet::new()).unwrap();
        let mut length = |app: &mut AppData, start: i64| {
            sorted.entries(app, BatchType::Weights, start..i64::MAX, &query, BatchOrder::Recorded).len()
        };
        let (all, day) = (length(&mut app, 0), length(&mut app, (NOW - 86_400) * 1000));
        assert!(0 < day && day < all, "{day} {all}");
        assert_eq!(length(&mut app, 0), all);
        app.change(BatchType::Weights, Change { insert: 3, ..Change::default() }, NOW);
        assert_eq!(length(&mut app, 0), all + 3);
    }
}
