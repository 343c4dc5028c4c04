//! Genetic traits: records without an id and without dates.

/// The number of traits that a person has.
pub const COUNT: u64 = 24;

/// The names of the traits, each with its two possible values.
const TRAITS: [(&str, [&str; 2]); COUNT as usize] = [
    ("Alcohol Flush Reaction", ["Does Not Flush", "Flushes"]),
    ("Asparagus Odor Detection", ["Can Smell", "Cannot Smell"]),
    ("Bitter Taste Perception", ["Can Taste", "Unlikely to Taste"]),
    ("Caffeine Consumption", ["Likely to Consume More", "Likely to Consume Less"]),
    ("Cheek Dimples", ["Likely Dimples", "Likely No Dimples"]),
    ("Cleft Chin", ["Likely Cleft Chin", "Likely No Cleft Chin"]),
    ("Deep Sleep", ["More Likely to Be a Deep Sleeper", "Less Likely to Be a Deep Sleeper"]),
    ("Earlobe Type", ["Likely Attached Earlobes", "Likely Detached Earlobes"]),
    ("Earwax Type", ["Likely Wet", "Likely Dry"]),
    ("Eye Color", ["Likely Blue", "Likely Brown"]),
    ("Finger Length Ratio", ["Ring Finger Likely Longer", "Index Finger Likely Longer"]),
    ("Freckles", ["Likely Few Freckles", "Likely Freckled"]),
    ("Hair Curl", ["Slightly Curlier Hair", "Straighter Hair"]),
    ("Hair Thickness", ["Likely Thicker Hair", "Likely Thinner Hair"]),
    ("Lactose Tolerance", ["Likely Tolerant", "Likely Intolerant"]),
    ("Light Hair", ["Likely Dark", "Likely Light"]),
    ("Misophonia", ["Average Odds", "Higher Odds"]),
    ("Muscle Composition", ["Common in Elite Power Athletes", "Uncommon in Elite Power Athletes"]),
    ("Photic Sneeze Reflex", ["Unlikely", "Likely"]),
    ("Red Hair", ["Likely No Red Hair", "Likely Red Hair"]),
    ("Skin Pigmentation", ["Likely Lighter Skin", "Likely Darker Skin"]),
    ("Sweet vs Salty", ["Likely Prefers Salty", "Likely Prefers Sweet"]),
    ("Unibrow", ["Likely No Unibrow", "Likely Unibrow"]),
    ("Widow's Peak", ["Likely No Widow's Peak", "Likely Widow's Peak"]),
];

/// The user whose trait has this key.
#[must_use]
pub fn owner(key: u64) -> u32 {
    (key / COUNT) as u32
}

/// The key of a person's trait.
#[must_use]
pub fn key(user: u32, index: u64) -> u64 {
    u64::from(user) * COUNT + index
}

/// The name of the trait with this key, and its possible values. Names are in alphabetical order, like the keys.
#[must_use]
pub fn of(key: u64) -> (&'static str, [&'static str; 2]) {
    TRAITS[(key % COUNT) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_a_person_are_in_the_order_of_names() {
        assert!(TRAITS.is_sorted_by_key(|(name, _)| *name));
        assert_eq!((owner(key(7, 23)), of(key(7, 23)).0), (7, "Widow's Peak"));
    }
}
