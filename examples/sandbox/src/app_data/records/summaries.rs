//! Summaries of days. They are not the sums of the day's records, because here each record is generated independently.

use std::fmt::{Result, Write};

use crate::app_data::entry::Entry;
use crate::calendar::Day;
use crate::draw::Draw;

fn dated(out: &mut String, entry: &Entry) -> Result {
    write!(out, r#""date":"{}""#, Day::of(entry.at, entry.offset()))
}

pub fn activity(out: &mut String, draw: &mut Draw, entry: &Entry) -> Result {
    dated(out, entry)?;
    let steps = draw.between(500, 22_000);
    let (vigorous, moderate, light) = (draw.between(0, 60), draw.between(0, 120), draw.between(20, 400));
    write!(
        out,
        r#","duration":{},"distance":{},"steps":{steps},"calories":{},"vigorous":{vigorous},"moderate":{moderate},"light":{light},"sedentary":{}"#,
        (vigorous + moderate + light) * 60,
        steps * 74 / 100,
        1620 + steps / 20,
        1440 - vigorous - moderate - light
    )
}

pub fn sleep(out: &mut String, draw: &mut Draw, entry: &Entry) -> Result {
    dated(out, entry)?;
    // Some sources measure half minutes.
    let half = if entry.key.is_multiple_of(4) { ".5" } else { "" };
    write!(out, r#","timeAsleep":{}{half},"timeAwake":{}"#, draw.between(250, 560), draw.between(2, 40))
}

pub fn heart_rate(out: &mut String, draw: &mut Draw, entry: &Entry) -> Result {
    dated(out, entry)?;
    out.write_str(r#","zones":["#)?;
    for (name, min, max, burnt) in [
        ("Out of Range", 30, 91, 2),
        ("Fat Burn", 91, 127, 6),
        ("Cardio", 127, 154, 10),
        ("Peak", 154, 220, 13),
    ] {
        let minutes = draw.between(0, 120);
        let comma = if min == 30 { "" } else { "," };
        write!(
            out,
            r#"{comma}{{"name":"{name}","max":{max},"min":{min},"duration":{minutes},"caloriesBurned":{}}}"#,
            minutes * burnt
        )?;
    }
    out.write_char(']')?;
    // A tracker that was not worn at night has no resting heart rate.
    if !entry.key.is_multiple_of(5) {
        write!(out, r#","restingHR":{}"#, draw.between(44, 80))?;
    }
    write!(
        out,
        r#","averageHR":{},"maxHR":{},"minHR":{}"#,
        draw.between(60, 100),
        draw.between(110, 190),
        draw.between(38, 60)
    )
}
