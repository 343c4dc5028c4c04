//! Records with a duration (activities, sleeps, stays at places), and meals.

use std::fmt::{Result, Write};

use crate::app_data::entry::Entry;
use crate::calendar::{Day, rfc3339};
use crate::draw::Draw;

pub fn activity(out: &mut String, draw: &mut Draw, entry: &Entry, with_series: bool) -> Result {
    // Centimetres per second, steps per minute, calories per hour.
    let (kind, speed, pace, burnt) = draw.pick(&[
        ("walking", 135, 108, 250),
        ("walking", 135, 108, 250),
        ("running", 290, 165, 690),
        ("cycling", 540, 0, 480),
        ("swimming", 80, 0, 570),
    ]);
    let duration = draw.between(300, 5400);
    let steps = duration * pace / 60 + draw.between(0, pace);
    write!(
        out,
        r#""startTime":"{}","endTime":"{}","type":"{kind}","duration":{duration},"distance":{},"steps":{steps},"calories":{}"#,
        rfc3339(entry.at * 1000),
        rfc3339((entry.at + duration) * 1000),
        duration * speed / 100 + draw.between(0, 99),
        duration * burnt / 3600,
    )?;
    if with_series { series(out, entry.at, duration, steps) } else { Ok(()) }
}

/// The steps of each minute, which add up to those of the activity.
fn series(out: &mut String, start: i64, duration: i64, steps: i64) -> Result {
    let minutes = (duration / 60).max(1);
    out.write_str(r#","timeSeries":["#)?;
    for minute in 0..minutes {
        let steps = steps * (minute + 1) / minutes - steps * minute / minutes;
        let comma = if minute == 0 { "" } else { "," };
        write!(out, r#"{comma}{{"timestamp":"{}","steps":{steps}}}"#, rfc3339((start + minute * 60) * 1000))?;
    }
    out.write_char(']')
}

/// A sleep, with durations in minutes. It ends when it was recorded.
pub fn sleep(out: &mut String, draw: &mut Draw, entry: &Entry) -> Result {
    let main = draw.chance(0.85);
    let asleep = if main { draw.between(250, 540) } else { draw.between(20, 80) };
    let (wakeups, fall_asleep, after) = (draw.between(0, 5), draw.between(2, 22), draw.between(0, 12));
    let awake = wakeups * 4 + draw.between(2, 14);
    let in_bed = asleep + awake + fall_asleep + after;
    write!(
        out,
        r#""day":"{}","startTime":"{}","endTime":"{}","mainSleep":{main},"timeAsleep":{asleep},"timeAwake":{awake},"efficiency":{},"timeToFallAsleep":{fall_asleep},"timeAfterWakeup":{after},"timeInBed":{in_bed}"#,
        Day::of(entry.at, entry.offset()),
        rfc3339((entry.at - in_bed * 60) * 1000),
        rfc3339(entry.at * 1000),
        100 * asleep / in_bed,
    )?;
    match entry.source() {
        "fitbit" => write!(out, r#","numberOfWakeups":{wakeups}"#),
        _ => Ok(()),
    }
}

pub fn location(out: &mut String, draw: &mut Draw, entry: &Entry) -> Result {
    let name = draw.pick(&["Home", "Office", "Library", "Gym", "Lakefront Park", "Cafe Lakeview"]);
    write!(
        out,
        r#""startTime":"{}","endTime":"{}","name":"{name}","location":{{"lat":41.{}1,"lon":-87.{}1}}"#,
        rfc3339(entry.at * 1000),
        rfc3339((entry.at + draw.between(600, 4 * 3600)) * 1000),
        draw.between(87_500, 92_999),
        draw.between(61_000, 65_999),
    )
}

pub fn meal(out: &mut String, draw: &mut Draw, entry: &Entry) -> Result {
    let (kind, name) = draw.pick(&[
        ("breakfast", "Porridge with berries"),
        ("lunch", "Lentil soup"),
        ("lunch", "Tuna sandwich"),
        ("dinner", "Salmon and rice"),
        ("dinner", "Vegetable curry"),
    ]);
    let (carbohydrate, fat, protein) = (draw.between(30, 95), draw.between(6, 34), draw.between(8, 45));
    write!(
        out,
        r#""timestamp":"{}","type":"{kind}","name":"{name}","calories":{},"carbohydrate":{carbohydrate},"fat":{fat},"protein":{protein},"sodium":{},"sugar":{},"fiber":{}"#,
        rfc3339(entry.at * 1000),
        carbohydrate * 4 + fat * 9 + protein * 4,
        draw.between(150, 1400),
        draw.between(2, carbohydrate / 2),
        draw.between(1, 14),
    )
}
