//! Whether a page was the last one.
//!
//! Totals and links are hints: by itself, none of them ends a walk. The end is believed where both agree, or where it was seen: a
//! page asked for after the last record holds nothing.

use super::Paging;
use super::fetch::FetchedPage;
use super::next_link::NextLink;

/// What a page brought to the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contribution {
    /// Records that this pass had not read, or several that it had: the list has moved down, and they stand there again.
    Records,
    /// No more than the record that it was to overlap with.
    SeamOnly,
    /// No record at all.
    Nothing,
}

/// What a page says of itself, and what it brought.
pub struct EndEvidence {
    /// `Some(true)`: the Link field speaks of other pages, and of no next one; or there is none because there is but one page
    /// ([`FetchedPage::is_alone`]). `None`: no such Link field can be seen.
    pub link_ends: Option<bool>,
    /// `Some(true)`: the total is reached. `None`: no total can be seen.
    pub total_reached: Option<bool>,
    /// What it brought.
    pub contribution: Contribution,
    /// How this list is given out.
    pub paging: Paging,
    /// The server's links are the only way on, as they tell no positions.
    pub by_links_only: bool,
}

impl EndEvidence {
    /// What `page` says.
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
            // A total below what the page itself shows says nothing.
            total_reached: page
                .total
                .filter(|&total| page.keys.is_empty() || page.end() <= total)
                .map(|total| page.end() >= total),
            contribution,
            paging,
            by_links_only,
        }
    }

    /// Whether nothing that the page says speaks against the end.
    pub fn allows_end(&self) -> bool {
        self.link_ends != Some(false) && self.total_reached != Some(false)
    }

    /// Whether the list ends here.
    pub fn shows_end(&self) -> bool {
        let hints = (self.link_ends, self.total_reached);
        if self.by_links_only {
            // There is no other page to ask for.
            self.link_ends != Some(false)
        } else {
            match self.contribution {
                Contribution::Records => match hints {
                    (Some(true), Some(true)) => true,
                    // Such a list comes in one answer (API.md, paging): nothing else can be asked for.
                    (None | Some(true), None | Some(true)) => self.paging == Paging::Whole,
                    _ => false,
                },
                // The answer may have been cut short.
                Contribution::SeamOnly => hints == (Some(true), Some(true)),
                // An empty page with a next: at an odd end only, where the total is reached.
                Contribution::Nothing => hints.0 != Some(false) || hints.1 == Some(true),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(link_ends: Option<bool>, total_reached: Option<bool>, contribution: Contribution) -> bool {
        let paging = Paging::Pages;
        let evidence = EndEvidence { link_ends, total_reached, contribution, paging, by_links_only: false };
        evidence.shows_end()
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
            assert_eq!(ends(link_ends, total_reached, Contribution::Records), records, "{case}");
            assert_eq!(ends(link_ends, total_reached, Contribution::SeamOnly), seam_only, "{case}");
            assert_eq!(ends(link_ends, total_reached, Contribution::Nothing), nothing, "{case}");
        }
    }

    #[test]
    fn a_list_that_comes_at_once_ends_with_its_answer_unless_something_says_that_there_is_more() {
        for (link_ends, total_reached, expected) in [
            (None, None, true),
            (None, Some(true), true),
            (Some(true), None, true),
            (None, Some(false), false),
            (Some(true), Some(false), false),
            (Some(false), None, false),
        ] {
            let (contribution, paging) = (Contribution::Records, Paging::Whole);
            let evidence =
                EndEvidence { link_ends, total_reached, contribution, paging, by_links_only: false };
            assert_eq!(evidence.shows_end(), expected);
        }
    }

    #[test]
    fn links_without_positions_end_where_there_is_none_any_more() {
        for (link_ends, expected) in [(None, true), (Some(true), true), (Some(false), false)] {
            let (contribution, paging) = (Contribution::Records, Paging::Pages);
            let evidence = EndEvidence {
                link_ends,
                total_reached: Some(false),
                contribution,
                paging,
                by_links_only: true,
            };
            assert_eq!(evidence.shows_end(), expected);
        }
    }
}
