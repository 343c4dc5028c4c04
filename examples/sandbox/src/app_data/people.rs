//! The app's users: their numbers, their ids, and their form in the API.

use serde_json::{Value, json};

use super::Size;
use crate::calendar::rfc3339;
use crate::draw::{Draw, purpose};

/// The id of a user, 32 hex digits.
#[must_use]
pub fn human_id(seed: u64, user: u32) -> String {
    let (front, back) = halves(seed, user);
    format!("{front:016x}{back:016x}")
}

/// Finds the user with this id without formatting the id of every user.
#[must_use]
pub fn named(seed: u64, users: &[u32], human_id: &str) -> Option<u32> {
    if human_id.len() != 32 || human_id.bytes().any(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let half = |text: &str| u64::from_str_radix(text, 16).ok();
    let wanted = (half(&human_id[..16])?, half(&human_id[16..])?);
    users.iter().copied().find(|user| halves(seed, *user) == wanted)
}

/// A user in the API's form. They were created before the first of their records.
#[must_use]
pub fn user(seed: u64, began: i64, size: Size, user: u32, client_id: &str) -> Value {
    let mut draw = Draw::new(seed, &[purpose("user since"), u64::from(user)]);
    let created = began - (size.days + draw.between(1, 400)) * 86_400 + draw.between(0, 86_399);
    let updated = draw.between(created, began);
    json!({
        "humanId": human_id(seed, user),
        "externalId": format!("user-{user:05}"),
        "appId": client_id,
        "createdAt": rfc3339(created * 1000 + draw.between(0, 999)),
        "updatedAt": rfc3339(updated * 1000 + 999),
    })
}

fn halves(seed: u64, user: u32) -> (u64, u64) {
    let mut draw = Draw::new(seed, &[purpose("app user"), u64::from(user)]);
    (draw.bits(), draw.bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_user_and_no_other_text_does() {
        let users: Vec<u32> = (0..50).collect();
        for user in &users {
            assert_eq!(named(1, &users, &human_id(1, *user)), Some(*user));
        }
        assert_eq!(named(1, &users[..9], &human_id(1, 9)), None);
        for text in [
            "",
            "steps",
            &human_id(1, 3).to_uppercase(),
            &human_id(1, 3)[1..],
            "+123456789abcdef+123456789abcdef",
        ] {
            assert_eq!(named(1, &users, text), None, "{text}");
        }
    }

    #[test]
    fn a_user_was_there_before_the_first_record() {
        let size = Size { users: 9, days: 30, records: 0 };
        for number in 0..9 {
            let user = user(1, 1_751_284_800, size, number, "app");
            assert!(user["createdAt"].as_str() < Some("2025-05-31T12:00:00"), "{user}");
            assert!(user["createdAt"].as_str() <= user["updatedAt"].as_str(), "{user}");
            assert!(user["updatedAt"].as_str() < Some("2025-06-30T12:00:01"), "{user}");
        }
    }
}
