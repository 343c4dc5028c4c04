//! The sandbox's clock. It stands, and a change to the data moves it on by a second, so that runs replay exactly; or it
//! runs with real time.

use tokio::time::Instant;

#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Unix milliseconds: what it shows, or, if it runs, what it showed at `since`.
    shown: i64,
    since: Option<Instant>,
}

impl Clock {
    /// A clock that stands, at Unix seconds.
    #[must_use]
    pub fn standing(now: i64) -> Self {
        Self { shown: now * 1000, since: None }
    }

    #[must_use]
    pub fn milliseconds(&self) -> i64 {
        let elapsed = self.since.map_or(0, |since| since.elapsed().as_millis());
        self.shown + i64::try_from(elapsed).unwrap_or(i64::MAX / 2)
    }

    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.milliseconds().div_euclid(1000)
    }

    #[must_use]
    pub fn runs(&self) -> bool {
        self.since.is_some()
    }

    /// Sets it to Unix seconds. It continues to stand or to run.
    pub fn set(&mut self, now: i64) {
        self.shown = now * 1000;
        self.since = self.since.map(|_| Instant::now());
    }

    /// Moves it on. It continues to stand or to run.
    pub fn advance(&mut self, seconds: u32) {
        self.shown += i64::from(seconds) * 1000;
    }

    /// Lets it run from what it shows, or stops it there.
    pub fn run(&mut self, runs: bool) {
        self.shown = self.milliseconds();
        self.since = runs.then(Instant::now);
    }

    /// Moves it on by a second for a change to the data, if it stands. Returns what it shows then, in Unix seconds.
    pub fn tick(&mut self) -> i64 {
        if !self.runs() {
            self.shown += 1000;
        }
        self.seconds()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;

    const NOW: i64 = 1_751_284_800;

    #[tokio::test(start_paused = true)]
    async fn it_stands_but_for_changes_until_it_runs() {
        let mut clock = Clock::standing(NOW);
        advance(Duration::from_secs(60)).await;
        assert_eq!((clock.seconds(), clock.runs()), (NOW, false));
        assert_eq!(clock.tick(), NOW + 1);
        clock.run(true);
        advance(Duration::from_millis(1500)).await;
        assert_eq!((clock.milliseconds(), clock.seconds()), ((NOW + 1) * 1000 + 1500, NOW + 2));
        assert_eq!(clock.tick(), NOW + 2, "time moves it, and not a change");
        clock.run(false);
        advance(Duration::from_secs(60)).await;
        assert_eq!(clock.milliseconds(), (NOW + 1) * 1000 + 1500);
    }

    #[tokio::test(start_paused = true)]
    async fn it_runs_on_from_where_it_is_set() {
        let mut clock = Clock::standing(NOW);
        clock.run(true);
        advance(Duration::from_secs(60)).await;
        clock.set(NOW - 5);
        assert_eq!(clock.seconds(), NOW - 5);
        advance(Duration::from_secs(2)).await;
        assert_eq!((clock.seconds(), clock.runs()), (NOW - 3, true));
    }
}
