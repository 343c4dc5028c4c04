//! The warnings of a run.

use crate::http::Warning;

/// No answer has a usable `Date`.
pub static CLOCK_HIDDEN: Warning = Warning {
    code: "clock-hidden",
    message: "the answers show no Date that a clock can mean (in a web page: the server does not expose it), \
              so the run ends a minute before this machine's clock; if that is ahead by more, what is \
              updated meanwhile may be missed",
};
/// The server's clock and this machine's differ.
pub static CLOCK_DIFFERS: Warning = Warning {
    code: "clock-differs",
    message: "the server's Date and this machine's clock differ by more than the overlap; the run ends at \
              the earlier of the two or, if they differ by more than a day, at the server's; set this \
              machine's clock",
};
/// One answer has a date that no other has.
pub static DATE_ODD: Warning = Warning {
    code: "clock-differs",
    message: "the Date of an answer differs from that of the others by more than a minute, and was set aside",
};
/// The server's clock is behind a position.
pub static POSITION_AHEAD: Warning = Warning {
    code: "position-ahead",
    message: "the server's clock is behind the stored position, so that one of the two was wrong; the \
              position stays, and the run also reads what was updated from that clock on; what was updated \
              before it while the clock was wrong may be missing: run once with an overlap that reaches back \
              to then",
};
