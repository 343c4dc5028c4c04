//! Records with a duration (activities, sleeps, stays at places), and meals.

use serde_json::{Value, json};

use super::{common, rounded, whole, with};
use crate::calendar::{Day, rfc3339};
use crate::data::person::{TRAINING, trains};
use crate::data::row::Row;
use crate::data::{Dataset, person};
use crate::draw::Draw;

/// The figures of an activity, for both its record and its day's summary.
pub struct Activity {
    pub kind: &'static str,
    /// Seconds.
    pub duration: i64,
    /// Metres.
    pub distance: i64,
    pub steps: i64,
    pub calories: i64,
}

pub fn activity_figures(row: &Row) -> Activity {
    let mut draw = Draw::new(row.key, &[]);
    let offset = person::offset_at(row.at);
    let day = Day::of(row.at, offset);
    let training = trains(day) && row.at == person::local(day, TRAINING);
    let kind = match (training, day.weekday()) {
        (true, 5) => "cycling",
        (true, 6) => "swimming",
        (true, _) => "running",
        _ => draw.pick(&["walking", "walking", "walking", "cycling", "transport"]),
    };
    let duration = if training { draw.between(2100, 3600) } else { draw.between(420, 2400) };
    // Metres per second, metres per step, calories per minute.
    let (speed, step, burnt) = match kind {
        "running" => (2.9, Some(1.05), 11.5),
        "cycling" => (5.4, None, 8.0),
        "swimming" => (0.8, None, 9.5),
        "walking" => (1.35, Some(0.74), 4.2),
        _ => (9.5, None, 1.6),
    };
    let distance = duration as f64 * speed * (1.0 + draw.around_zero(0.15));
    Activity {
        kind,
        duration,
        distance: whole(distance),
        steps: step.map_or(0, |step| whole(distance / step)),
        calories: whole(duration as f64 / 60.0 * burnt),
    }
}

pub fn activity(dataset: &Dataset, row: &Row, with_series: bool) -> Value {
    let figures = activity_figures(row);
    let record = with(
        common(dataset, row),
        json!({
            "startTime": rfc3339(row.at * 1000),
            "endTime": rfc3339((row.at + figures.duration) * 1000),
            "type": figures.kind,
            "duration": figures.duration,
            "distance": figures.distance,
            "steps": figures.steps,
            "calories": figures.calories,
            "sourceData": { "logId": row.key >> 24 },
        }),
    );
    if with_series { with(record, json!({ "timeSeries": step_series(row, &figures) })) } else { record }
}

/// The steps of each minute, which add up to those of the activity.
fn step_series(row: &Row, figures: &Activity) -> Vec<Value> {
    let minutes = (figures.duration / 60).max(1);
    (0..minutes)
        .map(|minute| {
            let steps = figures.steps * (minute + 1) / minutes - figures.steps * minute / minutes;
            json!({ "timestamp": rfc3339((row.at + minute * 60) * 1000), "steps": steps })
        })
        .collect()
}

/// The figures of a sleep, in minutes.
pub struct Sleep {
    pub main: bool,
    pub asleep: i64,
    pub awake: i64,
    to_fall_asleep: i64,
    after_wakeup: i64,
    wakeups: i64,
}

pub fn sleep_figures(row: &Row) -> Sleep {
    let mut draw = Draw::new(row.key, &[]);
    let offset = person::offset_at(row.at);
    let hour = (row.at + i64::from(offset) * 60).rem_euclid(86_400) / 3600;
    if hour >= 12 {
        return Sleep {
            main: false,
            asleep: draw.between(20, 70),
            awake: 3,
            to_fall_asleep: 2,
            after_wakeup: 1,
            wakeups: 0,
        };
    }
    let weekend = if Day::of(row.at, offset).weekday() >= 5 { 55 } else { 0 };
    let wakeups = draw.between(0, 5);
    Sleep {
        main: true,
        asleep: draw.between(350, 440) + weekend,
        awake: wakeups * 4 + draw.between(2, 14),
        to_fall_asleep: draw.between(2, 22),
        after_wakeup: draw.between(0, 12),
        wakeups,
    }
}

pub fn sleep(dataset: &Dataset, row: &Row) -> Value {
    let figures = sleep_figures(row);
    let in_bed = figures.asleep + figures.awake + figures.to_fall_asleep + figures.after_wakeup;
    let mut record = with(
        common(dataset, row),
        json!({
            "day": row.local_day().to_string(),
            "startTime": rfc3339((row.at - in_bed * 60) * 1000),
            "endTime": rfc3339(row.at * 1000),
            "mainSleep": figures.main,
            "timeAsleep": figures.asleep,
            "timeAwake": figures.awake,
            "efficiency": whole(100.0 * figures.asleep as f64 / in_bed as f64),
            "timeToFallAsleep": figures.to_fall_asleep,
            "timeAfterWakeup": figures.after_wakeup,
            "timeInBed": in_bed,
        }),
    );
    if figures.main && row.source().name == "fitbit" {
        record["numberOfWakeups"] = json!(figures.wakeups);
    }
    with(record, json!({ "sourceData": {} }))
}

/// The place of a stay: name, latitude, longitude.
pub fn place(row: &Row) -> (&'static str, f64, f64) {
    let mut draw = Draw::new(row.key, &[1]);
    let hour = row.at.div_euclid(3600).rem_euclid(24);
    let abroad = row.offset == Some(120);
    let weekend = row.local_day().weekday() >= 5;
    let places: &[(&str, f64, f64)] = match (abroad, hour) {
        (true, _) => {
            &[("Hotel", 52.520, 13.405), ("Museum Island", 52.517, 13.398), ("Tiergarten", 52.514, 13.350)]
        }
        (_, 13..=20) if weekend => {
            &[("Lakefront Park", 41.896, -87.613), ("Farmers Market", 41.912, -87.634)]
        }
        (_, 13..=16) => {
            &[("Office", 41.882, -87.630), ("Office", 41.882, -87.630), ("Library", 41.876, -87.628)]
        }
        (_, 17..=20) => &[("Office", 41.882, -87.630), ("Cafe Lakeview", 41.884, -87.626)],
        _ => &[("Home", 41.929, -87.653), ("Home", 41.929, -87.653), ("Gym", 41.925, -87.649)],
    };
    draw.pick(places)
}

pub fn location(dataset: &Dataset, row: &Row) -> Value {
    let mut draw = Draw::new(row.key, &[]);
    let (name, latitude, longitude) = place(row);
    let end = row.at + draw.between(1500, 4 * 3600);
    with(
        common(dataset, row),
        json!({
            "startTime": rfc3339(row.at * 1000),
            "endTime": rfc3339(end * 1000),
            "name": name,
            "location": {
                "lat": rounded(latitude + draw.around_zero(0.0003), 6),
                "lon": rounded(longitude + draw.around_zero(0.0003), 6),
            },
            "sourceData": {},
        }),
    )
}

pub fn meal(dataset: &Dataset, row: &Row) -> Value {
    let mut draw = Draw::new(row.key, &[]);
    let offset = i64::from(row.offset.unwrap_or(-360)) * 60;
    let hour = (row.at + offset).rem_euclid(86_400) / 3600;
    let (kind, names): (&str, &[&str]) = match hour {
        0..=10 => ("breakfast", &["Porridge with berries", "Yoghurt and granola", "Scrambled eggs on toast"]),
        11..=15 => ("lunch", &["Chicken salad", "Lentil soup", "Tuna sandwich", "Burrito bowl"]),
        _ => ("dinner", &["Pasta with tomato sauce", "Salmon and rice", "Vegetable curry", "Pizza"]),
    };
    let (carbohydrate, fat, protein) = (draw.between(30, 95), draw.between(6, 34), draw.between(8, 45));
    with(
        common(dataset, row),
        json!({
            "timestamp": rfc3339(row.at * 1000),
            "type": kind,
            "name": draw.pick(names),
            "calories": carbohydrate * 4 + fat * 9 + protein * 4,
            "carbohydrate": carbohydrate,
            "fat": fat,
            "protein": protein,
            "sodium": draw.between(150, 1400),
            "sugar": draw.between(2, carbohydrate / 2),
            "fiber": draw.between(1, 14),
            "saturatedFat": draw.between(1, fat / 2),
            "amount": { "value": 1, "unit": "serving" },
            "sourceData": {},
        }),
    )
}
