//! Whether a page was the last one.
//!
//! Totals and links are hints: by itself, none of them ends a walk. The end is believed where both agree, or where it was seen: a
//! page asked for after the last record holds nothing.

use super::Paging;
use super::fetch::Fetched;
use super::links::Next;

/// What follows from a page that has been joined to the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The list goes on after it.
    GoOn,
    /// The list ends with it.
    End,
}

/// What a page brought to the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    /// Records that this pass had not read, or several that it had: the list has moved down, and they stand there again.
    Records,
    /// No more than the record that it was to overlap with.
    SeamOnly,
    /// No record at all.
    Nothing,
}

/// What a page says of itself, and what it brought.
pub struct Evidence {
    /// `Some(true)`: the Link field speaks of other pages, and of no next one; or there is none because there is but one page
    /// ([`Fetched::is_alone`]). `None`: no such Link field can be seen.
    pub link_ends: Option<bool>,
    /// `Some(true)`: the total is reached. `None`: no total can be seen.
    pub total_reached: Option<bool>,
    /// What it brought.
    pub brought: Brought,
    /// How this list is given out.
    pub paging: Paging,
    /// The server's links are the only way on, as they tell no positions.
    pub by_links_only: bool,
}

impl Evidence {
    /// What `page` says.
    pub fn of<R>(page: &Fetched<R>, brought: Brought, paging: Paging, by_links_only: bool) -> Self {
        Self {
            link_ends: match page.next {
                Next::NoLink => page.is_alone().then_some(true),
                Next::Nowhere => Some(true),
                Next::At { .. } | Next::Opaque(_) | Next::Refused(_) => Some(false),
            },
            // A total below what the page itself shows says nothing.
            total_reached: page
                .total
                .filter(|&total| page.keys.is_empty() || page.end() <= total)
                .map(|total| page.end() >= total),
            brought,
            paging,
            by_links_only,
        }
    }

    /// Whether nothing that the page says speaks against the end.
    pub fn allows_end(&self) -> bool {
        self.link_ends != Some(false) && self.total_reached != Some(false)
    }

    /// Whether the list ends here.
    pub fn verdict(&self) -> Verdict {
        let hints = (self.link_ends, self.total_reached);
        let ends = if self.by_links_only {
            // There is no other page to ask for.
            self.link_ends != Some(false)
        } else {
            match self.brought {
                Brought::Records => match hints {
                    (Some(true), Some(true)) => true,
                    // Such a list comes in one answer (API.md, paging): nothing else can be asked for.
                    (None | Some(true), None | Some(true)) => self.paging == Paging::Whole,
                    _ => false,
                },
                // The answer may have been cut short.
                Brought::SeamOnly => hints == (Some(true), Some(true)),
                // An empty page with a next: at an odd end only, where the total is reached.
                Brought::Nothing => hints.0 != Some(false) || hints.1 == Some(true),
            }
        };
        if ends { Verdict::End } else { Verdict::GoOn }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    fn ends(link_ends: Option<bool>, total_reached: Option<bool>, brought: Brought) -> bool {
        let paging = Paging::Pages;
        let evidence = Evidence { link_ends, total_reached, brought, paging, by_links_only: false };
        evidence.verdict() == Verdict::End
    }

    #[test]
    fn every_combination_of_links_totals_and_what_came() {
        let (yes, no) = (Some(true), Some(false));
        for (link_ends, total_reached, records, seam_only, nothing) in [
            (None, None, false, false, true),
            (None, yes, false, false, true),
            (None, no, false, false, true),
            (yes, None, false, false, true),
            (yes, yes, true, true, true),
            (yes, no, false, false, true),
            (no, None, false, false, false),
            (no, yes, false, false, true),
            (no, no, false, false, false),
        ] {
            let case = format!("{link_ends:?} {total_reached:?}");
            assert_eq!(ends(link_ends, total_reached, Brought::Records), records, "{case}");
            assert_eq!(ends(link_ends, total_reached, Brought::SeamOnly), seam_only, "{case}");
            assert_eq!(ends(link_ends, total_reached, Brought::Nothing), nothing, "{case}");
        }
    }

    #[test]
    fn a_list_that_comes_at_once_ends_with_its_answer_unless_something_says_that_there_is_more() {
        for (link_ends, total_reached, expected) in [
            (None, None, Verdict::End),
            (None, Some(true), Verdict::End),
            (Some(true), None, Verdict::End),
            (None, Some(false), Verdict::GoOn),
            (Some(true), Some(false), Verdict::GoOn),
            (Some(false), None, Verdict::GoOn),
        ] {
            let (brought, paging) = (Brought::Records, Paging::Whole);
            let evidence = Evidence { link_ends, total_reached, brought, paging, by_links_only: false };
            assert_eq!(evidence.verdict(), expected);
        }
    }

    #[test]
    fn links_without_positions_end_where_there_is_none_any_more() {
        for (link_ends, expected) in
            [(None, Verdict::End), (Some(true), Verdict::End), (Some(false), Verdict::GoOn)]
        {
            let (brought, paging) = (Brought::Records, Paging::Pages);
            let evidence =
                Evidence { link_ends, total_reached: Some(false), brought, paging, by_links_only: true };
            assert_eq!(evidence.verdict(), expected);
        }
    }
}
