//! Decides whether the list ends with a page.
//!
//! Totals and links are hints, and none of them ends a walk by itself. The walk ends where both agree, or where it has
//! seen the end: a page requested after the last record is empty.

use super::Paging;
use super::fetch::FetchedPage;
use super::next_link::NextLink;

/// What a page adds to what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contribution {
    /// Records that this pass had not read; or several that it had, as the list has moved down.
    Records,
    /// Only the record that it shares with the page before.
    SeamOnly,
    /// No record at all.
    Nothing,
}

/// What speaks for and against the end of the list after a page.
pub struct EndEvidence {
    /// `Some(true)`: the Link field names other pages but no next one, or is absent as there is only one page
    /// ([`FetchedPage::is_alone`]). `None`: no such Link field can be seen.
    pub link_ends: Option<bool>,
    /// `Some(true)`: the page reaches the total. `None`: no total can be seen.
    pub total_reached: Option<bool>,
    /// What the page adds.
    pub contribution: Contribution,
    /// How the server sends this list.
    pub paging: Paging,
    /// Only the server's links lead on, as they have no offset.
    pub by_links_only: bool,
}

impl EndEvidence {
    /// The evidence of `page`.
    pub fn of<R>(
        page: &FetchedPage<R>,
        contribution: Contribution,
        paging: Paging,
        by_links_only: bool,
    ) -> Self {
        Self {
            link_ends: match page.next {
                NextLink::NoField => page.is_alone().then_some(true),
                NextLink::Absent => Some(true),
                NextLink::AtOffset { .. } | NextLink::Opaque(_) | NextLink::Refused(_) => Some(false),
            },
            // A total that is smaller than the end of the page is wrong, and says nothing.
            total_reached: page
                .total
                .filter(|&total| page.keys.is_empty() || page.end() <= total)
                .map(|total| page.end() >= total),
            contribution,
            paging,
            by_links_only,
        }
    }

    /// Whether neither link nor total speaks against the end.
    pub fn allows_end(&self) -> bool {
        self.link_ends != Some(false) && self.total_reached != Some(false)
    }

    /// Whether the list ends here.
    pub fn shows_end(&self) -> bool {
        let hints = (self.link_ends, self.total_reached);
        if self.by_links_only {
            // There is no other way to request a page.
            self.link_ends != Some(false)
        } else {
            match self.contribution {
                Contribution::Records => match hints {
                    (Some(true), Some(true)) => true,
                    // Such a list comes in one answer (API.md, paging), so there is no other page to request.
                    (None | Some(true), None | Some(true)) => self.paging == Paging::Whole,
                    _ => false,
                },
                // A single record may be a page that the server cut short: both hints must agree.
                Contribution::SeamOnly => hints == (Some(true), Some(true)),
                // An empty page with a next link is the end only if the total is reached.
                Contribution::Nothing => hints.0 != Some(false) || hints.1 == Some(true),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    fn evidence(link_ends: Option<bool>, total_reached: Option<bool>) -> EndEvidence {
        let (contribution, paging) = (Contribution::Records, Paging::Pages);
        EndEvidence { link_ends, total_reached, contribution, paging, by_links_only: false }
    }

    #[test]
    fn every_combination_of_link_total_and_contribution() {
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
            for (contribution, expected) in [
                (Contribution::Records, records),
                (Contribution::SeamOnly, seam_only),
                (Contribution::Nothing, nothing),
            ] {
                let evidence = EndEvidence { contribution, ..evidence(link_ends, total_reached) };
                assert_eq!(
                    evidence.shows_end(),
                    expected,
                    "{link_ends:?} {total_reached:?} {contribution:?}"
                );
            }
        }
    }

    #[test]
    fn a_list_in_one_answer_ends_with_it_unless_a_hint_says_that_there_is_more() {
        for (link_ends, total_reached, expected) in [
            (None, None, true),
            (None, Some(true), true),
            (Some(true), None, true),
            (None, Some(false), false),
            (Some(true), Some(false), false),
            (Some(false), None, false),
        ] {
            let evidence = EndEvidence { paging: Paging::Whole, ..evidence(link_ends, total_reached) };
            assert_eq!(evidence.shows_end(), expected, "{link_ends:?} {total_reached:?}");
        }
    }

    #[test]
    fn a_list_that_is_followed_by_links_only_ends_where_there_is_no_next_link() {
        for (link_ends, expected) in [(None, true), (Some(true), true), (Some(false), false)] {
            let evidence = EndEvidence { by_links_only: true, ..evidence(link_ends, Some(false)) };
            assert_eq!(evidence.shows_end(), expected, "{link_ends:?}");
        }
    }
}
