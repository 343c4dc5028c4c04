//! What a browser may have to load of each entry.
//!
//! The budget of an entry is what was aimed at when its size was first measured, and what features of later have added
//! since. What a feature adds is measured when it is made, alone, and becomes a row of [`FEATURES`]; nothing else raises
//! a budget. Where a budget is not met yet, the build fails beyond a ceiling just above it.

/// How many WebAssemblies there are: what reads, what sends, and the whole library.
pub const WASMS: usize = 3;

/// What a browser loads. Sizes are in bytes, after brotli.
pub struct Entry {
    /// By which it is imported.
    pub name: &'static str,
    /// Its files in the package, for `sizes.mjs`.
    pub files: &'static str,
    /// Its place in the numbers of a [`Feature`].
    pub wasm: usize,
    /// Whether the WebAssembly is inside its JavaScript, as a text.
    pub is_inline: bool,
    /// Its size when it was first measured, if there was such an entry.
    pub first: Option<u64>,
    /// What was aimed at then.
    pub to_reach: u64,
}

pub const ENTRIES: [Entry; 6] = [
    Entry {
        name: "humansync/slim/read",
        files: "slim/read.js+slim/read.wasm",
        wasm: 0,
        is_inline: false,
        first: Some(61_600),
        to_reach: 53_000,
    },
    Entry {
        name: "humansync/read",
        files: "read/index.js",
        wasm: 0,
        is_inline: true,
        first: None,
        to_reach: 57_000,
    },
    Entry {
        name: "humansync/slim/send",
        files: "slim/send.js+slim/send.wasm",
        wasm: 1,
        is_inline: false,
        first: Some(104_200),
        to_reach: 93_000,
    },
    Entry {
        name: "humansync/send",
        files: "send/index.js",
        wasm: 1,
        is_inline: true,
        first: None,
        to_reach: 98_000,
    },
    Entry {
        name: "humansync/slim",
        files: "slim.js+humansync.wasm",
        wasm: 2,
        is_inline: false,
        first: Some(152_600),
        to_reach: 142_000,
    },
    Entry {
        name: "humansync",
        files: "index.js",
        wasm: 2,
        is_inline: true,
        first: Some(161_100),
        to_reach: 150_000,
    },
];

/// Something that the library did not have when the sizes were first measured.
pub struct Feature {
    pub title: &'static str,
    /// How many bytes, after brotli, it added to `humansync/slim/read`, `humansync/slim/send` and `humansync/slim`.
    pub bytes: [u64; WASMS],
}

/// From the sizes that the README had before and after each.
pub const FEATURES: [Feature; 13] = [
    Feature { title: "archives and gzip, checked before a byte is sent", bytes: [300, 4_400, 4_900] },
    Feature { title: "ends of lists, acknowledgements and clocks, checked", bytes: [6_200, 9_800, 16_000] },
    Feature { title: "cursors, links to other lists, refusals put in words", bytes: [3_200, 3_600, 6_000] },
    Feature { title: "options that are checked by their types, times", bytes: [4_900, 4_400, 5_500] },
    Feature { title: "secrets in any encoding, values that throw", bytes: [500, 500, 900] },
    Feature { title: "sync of one person, checkpoints, windows", bytes: [200, 200, 8_500] },
    Feature { title: "plans of windows, missing records", bytes: [0, 0, 8_700] },
    Feature { title: "lists that ignore updates", bytes: [400, 0, 4_000] },
    Feature { title: "runs that lose no record to wrong clocks or crashes", bytes: [0, 0, 1_900] },
    Feature { title: "a limiter that clients share", bytes: [1_700, 1_700, 1_700] },
    Feature { title: "locks that may be lost", bytes: [0, 1_200, 2_500] },
    Feature { title: "positions that are stored in the background", bytes: [0, 0, 3_100] },
    Feature { title: "smaller mends, before this table was kept", bytes: [200, 400, 500] },
];

/// What each WebAssembly is still over its budget: no more than a fiftieth of it (docs/decisions/0009-size.md says
/// why). Only ever lowered.
const MISSED: [u64; WASMS] = [300, 2_300, 0];

/// What a WebAssembly takes more as a text, in thousandths: 52 to 56 were measured.
const INLINE_COST: u64 = 55;

/// What all [`FEATURES`] have added.
pub fn added() -> [u64; WASMS] {
    std::array::from_fn(|wasm| FEATURES.iter().map(|feature| feature.bytes[wasm]).sum())
}

impl Entry {
    /// What the features of later have added.
    pub fn added(&self) -> u64 {
        self.in_its_form(added()[self.wasm])
    }

    /// The bytes of a WebAssembly in the form that the entry has it in.
    fn in_its_form(&self, bytes: u64) -> u64 {
        bytes + if self.is_inline { bytes * INLINE_COST / 1000 } else { 0 }
    }

    pub fn budget(&self) -> u64 {
        self.to_reach + self.added()
    }

    /// Beyond this the build fails.
    pub fn ceiling(&self) -> u64 {
        self.budget() + self.in_its_form(MISSED[self.wasm])
    }

    /// The bytes of `size` that are over the budget.
    pub fn excess(&self, size: u64) -> u64 {
        size.saturating_sub(self.budget())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::compile::PARTS;

    #[test]
    fn a_budget_is_what_was_aimed_at_and_what_features_added() {
        let entry = |name| ENTRIES.iter().find(|entry| entry.name == name).unwrap();
        let [slim, inline] = ["humansync/slim", "humansync"].map(entry);
        let added: u64 = FEATURES.iter().map(|feature| feature.bytes[2]).sum();
        assert_eq!(slim.budget(), 142_000 + added);
        assert_eq!(inline.budget(), 150_000 + added + added * 55 / 1000);
        assert_eq!([0, 1].map(|more| slim.excess(slim.budget() + more)), [0, 1]);
    }

    #[test]
    fn no_budget_is_missed_by_more_than_a_fiftieth() {
        for entry in ENTRIES {
            assert!(entry.ceiling() - entry.budget() <= entry.budget() / 50, "{}", entry.name);
        }
    }

    #[test]
    fn every_part_has_an_entry_that_loads_by_itself_and_one_that_does_not() {
        for (wasm, part) in PARTS.iter().enumerate() {
            let of_part: Vec<_> = ENTRIES.iter().filter(|entry| entry.wasm == wasm).collect();
            let names: Vec<_> = of_part.iter().map(|entry| (entry.name, entry.is_inline)).collect();
            assert_eq!(
                names,
                [(&*format!("humansync/slim/{part}"), false), (&*format!("humansync/{part}"), true),]
            );
        }
    }
}
