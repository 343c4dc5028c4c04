//! The three jobs of the package, each with a test that runs its worlds.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    Walks,
    Sync,
    Uploads,
}

impl Job {
    pub const ALL: [Self; 3] = [Self::Walks, Self::Sync, Self::Uploads];

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|job| job.name() == name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Walks => "walks",
            Self::Sync => "sync",
            Self::Uploads => "uploads",
        }
    }

    /// The name of its test in `tests/simulation`.
    pub const fn test(self) -> &'static str {
        match self {
            Self::Walks => "pages::worlds::odd_worlds",
            Self::Sync => "sync::worlds::odd_worlds",
            Self::Uploads => "upload::worlds::odd_worlds",
        }
    }
}

/// The names of all jobs, for messages.
pub fn names() -> String {
    Job::ALL.map(Job::name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_found_by_its_name_and_by_nothing_else() {
        for job in Job::ALL {
            assert_eq!(Job::named(job.name()), Some(job));
        }
        assert_eq!(Job::named("apps"), None);
    }
}
