//! Whether a page was the last one.

use super::Paging;
use super::fetch::Fetched;
use super::links::Next;

/// What follows from a page that has been joined to the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The list goes on behind it.
    GoOn,
    /// The list ends with it.
    End,
    /// It ends for want of anything new, though the server said that there is more.
    EndShort,
}

/// What a page says of itself, and what it brought.
pub struct Evidence {
    /// `Some(true)`: there is a Link field without a next. `None`: no Link field can be seen.
    pub link_ends: Option<bool>,
    /// `Some(true)`: the total is reached. `None`: no total can be seen.
    pub total_reached: Option<bool>,
    /// It holds its seam at most, and nothing new: there is nothing behind what was read. A longer page without news is
    /// no end: the list has moved down, and what was read stands there again.
    pub runs_dry: bool,
    /// It holds more records than were asked for: the server gives the list out at once.
    pub more_than_asked: bool,
    /// How this list is given out.
    pub paging: Paging,
}

impl Evidence {
    /// What `page` says.
    pub fn of<R>(page: &Fetched<R>, runs_dry: bool, paging: Paging) -> Self {
        Self {
            link_ends: match page.next {
                Next::NoLink => None,
                Next::Nowhere => Some(true),
                Next::At { .. } | Next::Opaque(_) | Next::Refused(_) => Some(false),
            },
            // A total that is less than what came with it is none.
            total_reached: page
                .total
                .filter(|&total| page.keys.is_empty() || page.end() <= total)
                .map(|total| page.end() >= total),
            runs_dry,
            more_than_asked: page.len() > page.asked,
            paging,
        }
    }

    /// Links and total each end a walk where they are alone or agree. Where one says that there is more, the walk goes
    /// on until a page runs dry: an answer too many costs less than a record too few.
    pub fn verdict(&self) -> Verdict {
        match (self.link_ends, self.total_reached) {
            (None, None) if self.paging == Paging::Whole || self.more_than_asked || self.runs_dry => {
                Verdict::End
            }
            (None, None) => Verdict::GoOn,
            (Some(true), Some(true) | None) | (None, Some(true)) => Verdict::End,
            (Some(true), Some(false)) | (None, Some(false)) if self.runs_dry => Verdict::EndShort,
            (Some(false), Some(true)) if self.runs_dry => Verdict::End,
            _ => Verdict::GoOn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(link_ends: Option<bool>, total_reached: Option<bool>, runs_dry: bool) -> Verdict {
        Evidence { link_ends, total_reached, runs_dry, more_than_asked: false, paging: Paging::Pages }
            .verdict()
    }

    #[test]
    fn every_combination_of_links_and_totals_with_a_page_that_runs_dry_or_not() {
        use Verdict::{End, EndShort, GoOn};
        for (link_ends, total_reached, running, dry) in [
            (None, None, GoOn, End),
            (None, Some(true), End, End),
            (None, Some(false), GoOn, EndShort),
            (Some(true), None, End, End),
            (Some(true), Some(true), End, End),
            (Some(true), Some(false), GoOn, EndShort),
            (Some(false), None, GoOn, GoOn),
            (Some(false), Some(true), GoOn, End),
            (Some(false), Some(false), GoOn, GoOn),
        ] {
            assert_eq!(verdict(link_ends, total_reached, false), running, "{link_ends:?} {total_reached:?}");
            assert_eq!(verdict(link_ends, total_reached, true), dry, "{link_ends:?} {total_reached:?} dry");
        }
    }

    #[test]
    fn a_list_given_out_at_once_ends_with_its_first_answer() {
        for (more_than_asked, paging) in [(true, Paging::Pages), (false, Paging::Whole)] {
            let evidence =
                Evidence { link_ends: None, total_reached: None, runs_dry: false, more_than_asked, paging };
            assert_eq!(evidence.verdict(), Verdict::End);
        }
    }
}
