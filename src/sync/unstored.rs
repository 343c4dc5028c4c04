//! The positions that are to be stored: of deltas whose consumers are done with them, and of windows without any.

use super::position_update::PositionUpdate;
use std::collections::VecDeque;

/// Updates in the order in which they are written, one for each type: a newer update of a type takes the place of one
/// whose writing has not begun.
#[derive(Default)]
pub struct Unstored {
    waiting: VecDeque<Done>,
    /// The deltas of the update that is being written.
    writing: Option<Vec<u64>>,
}

/// An update, and the numbers of the deltas that are stored with it.
struct Done {
    deltas: Vec<u64>,
    update: PositionUpdate,
}

impl Unstored {
    /// Adds an update; with the number of its delta, if it has one.
    pub fn push(&mut self, delta: Option<u64>, update: PositionUpdate) {
        let name = update.keys.name;
        match self.waiting.iter_mut().find(|done| done.update.keys.name == name) {
            Some(done) => {
                done.deltas.extend(delta);
                done.update.take_in(update);
            }
            None => self.waiting.push_back(Done { deltas: delta.into_iter().collect(), update }),
        }
    }

    /// Takes out the update that is written next; [`Unstored::stored`] or [`Unstored::put_back`] follows.
    pub fn begin(&mut self) -> Option<PositionUpdate> {
        let Done { deltas, update } = self.waiting.pop_front()?;
        self.writing = Some(deltas);
        Some(update)
    }

    /// What was begun is stored.
    pub fn stored(&mut self) {
        self.writing = None;
    }

    /// What was begun could not be written, and comes first again.
    pub fn put_back(&mut self, mut update: PositionUpdate) {
        let mut deltas = self.writing.take().unwrap_or_default();
        let name = update.keys.name;
        let newer = self.waiting.iter().position(|done| done.update.keys.name == name);
        if let Some(newer) = newer.and_then(|index| self.waiting.remove(index)) {
            deltas.extend(newer.deltas);
            update.take_in(newer.update);
        }
        self.waiting.push_front(Done { deltas, update });
    }

    /// Whether everything is stored.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.writing.is_none()
    }

    /// How many deltas are not stored.
    pub fn deltas(&self) -> usize {
        self.all().count()
    }

    /// Whether this delta, or one before it, is one of them.
    pub fn has_up_to(&self, delta: u64) -> bool {
        self.all().any(|own| own <= delta)
    }

    fn all(&self) -> impl Iterator<Item = u64> {
        let waiting = self.waiting.iter().flat_map(|done| &done.deltas);
        self.writing.iter().flatten().chain(waiting).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::position_update::tests::update;
    use crate::testing::test;

    /// The types and the deltas of what is written from here on.
    fn written(unstored: &mut Unstored) -> Vec<(&'static str, Vec<u64>)> {
        let mut all = Vec::new();
        while let Some(update) = unstored.begin() {
            all.push((update.keys.name, unstored.writing.clone().unwrap()));
            unstored.stored();
        }
        all
    }

    #[test]
    fn a_type_waits_once_and_keeps_its_place() {
        let mut unstored = Unstored::default();
        for (delta, name) in [(1, "sleeps"), (2, "weights"), (3, "sleeps"), (4, "heights")] {
            unstored.push(Some(delta), update(name, 0));
        }
        unstored.push(None, update("weights", 1));
        assert_eq!(unstored.deltas(), 4);
        assert!(unstored.has_up_to(1) && unstored.has_up_to(5) && !unstored.has_up_to(0));
        assert_eq!(
            written(&mut unstored),
            [("sleeps", vec![1, 3]), ("weights", vec![2]), ("heights", vec![4])]
        );
        assert!(unstored.is_empty() && unstored.deltas() == 0 && !unstored.has_up_to(9));
    }

    #[test]
    fn what_is_being_written_is_not_stored_and_takes_nothing_in() {
        let mut unstored = Unstored::default();
        unstored.push(Some(1), update("sleeps", 0));
        let begun = unstored.begin().unwrap();
        assert!(!unstored.is_empty() && unstored.has_up_to(1));
        unstored.push(Some(2), update("sleeps", 1));
        assert_eq!((begun.position.beginning, unstored.deltas()), (Some(0), 2));
        unstored.stored();
        assert_eq!(written(&mut unstored), [("sleeps", vec![2])]);
    }

    #[test]
    fn what_could_not_be_written_comes_first_together_with_what_came_meanwhile() {
        let mut unstored = Unstored::default();
        unstored.push(Some(1), update("sleeps", 0));
        let begun = unstored.begin().unwrap();
        unstored.push(Some(2), update("weights", 0));
        unstored.push(Some(3), update("sleeps", 1));
        unstored.put_back(begun);
        assert_eq!(unstored.waiting[0].update.position.beginning, Some(1));
        assert_eq!(written(&mut unstored), [("sleeps", vec![1, 3]), ("weights", vec![2])]);
    }
}
