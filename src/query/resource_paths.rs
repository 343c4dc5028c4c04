//! The paths below a data type, grouped as the package's resource interfaces are: a group is to be had only for the
//! data types that have these paths. No other module spells a path of the API.

use super::catalogue::{DataType, Kind};
use super::moments::calendar_date;
use super::path::{Path, PathSegment};
use crate::error::OptionError;

impl DataType {
    fn root(&self) -> Path {
        Path::of_api(self.path)
    }

    /// The paths of single readings in time.
    pub fn discrete(&self) -> Option<DiscretePaths> {
        (self.kind == Kind::Discrete).then(|| DiscretePaths(self.root()))
    }

    /// The paths of a paged list.
    pub fn list(&self) -> Option<ListPaths> {
        matches!(self.kind, Kind::List | Kind::Periodic).then(|| ListPaths(self.root()))
    }

    /// The paths that things which last have besides those of [`DataType::list`].
    pub fn periodic(&self) -> Option<PeriodicPaths> {
        (self.kind == Kind::Periodic).then(|| PeriodicPaths(self.root()))
    }

    /// The paths of summaries.
    pub fn summaries(&self) -> Option<SummaryPaths> {
        self.has_summaries.then(|| SummaryPaths(self.root()))
    }

    /// The paths of the documents behind the records.
    pub fn documents(&self) -> Option<DocumentPaths> {
        self.has_documents.then(|| DocumentPaths(self.root()))
    }

    /// The path of what comes in one answer: an object, or a list without pages.
    pub fn whole(&self) -> Option<Path> {
        matches!(self.kind, Kind::Object | Kind::WholeList).then(|| self.root())
    }
}

/// Paths of the package's `DiscreteResource`.
///
/// ```
/// use humansync::query::{Area, data_type};
///
/// let weight = data_type(Area::Human, "weight").and_then(|weight| weight.discrete()).unwrap();
/// assert_eq!(weight.daily("2024-01-01")?.as_str(), "/human/weight/readings/daily/2024-01-01");
/// # Ok::<(), humansync::error::OptionError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DiscretePaths(Path);

impl DiscretePaths {
    /// The latest reading: `/human/weight`.
    pub fn latest(&self) -> Path {
        self.0.clone()
    }

    /// One reading: `/human/weight/{id}`.
    ///
    /// # Errors
    /// An `id` that is no [`PathSegment`].
    pub fn get(&self, id: &str) -> Result<Path, OptionError> {
        below(self.latest(), "id", id)
    }

    /// The list of readings: `/human/weight/readings`.
    pub fn readings(&self) -> Path {
        self.latest().append_api("/readings")
    }

    /// One reading, in the form of newer servers: `/human/weight/readings/{id}`.
    ///
    /// # Errors
    /// An `id` that is no [`PathSegment`].
    pub fn reading(&self, id: &str) -> Result<Path, OptionError> {
        below(self.readings(), "id", id)
    }

    /// The list of a day's readings: `/human/weight/readings/daily/{date}`.
    ///
    /// # Errors
    /// A `date` that is no calendar day `YYYY-MM-DD`.
    pub fn daily(&self, date: &str) -> Result<Path, OptionError> {
        below_day(self.readings(), date)
    }
}

/// Paths of the package's `ListResource`.
#[derive(Clone, Debug)]
pub struct ListPaths(Path);

impl ListPaths {
    /// A list that the catalogue does not know, at a path below `/human` as its caller wrote it: `food/meals`.
    ///
    /// # Errors
    /// Those of [`Path::parse_user`].
    pub fn of_user(path: &str) -> Result<Self, OptionError> {
        Ok(Self(Path::of_api("/human").append(&Path::parse_user(path)?)))
    }

    /// The list: `/human/activities`.
    pub fn list(&self) -> Path {
        self.0.clone()
    }

    /// One record: `/human/activities/{id}`.
    ///
    /// # Errors
    /// An `id` that is no [`PathSegment`].
    pub fn get(&self, id: &str) -> Result<Path, OptionError> {
        below(self.list(), "id", id)
    }
}

/// The path that the package's `PeriodicResource` has besides those of `ListResource` and `SummaryResource`.
#[derive(Clone, Debug)]
pub struct PeriodicPaths(Path);

impl PeriodicPaths {
    /// The list of a day's records: `/human/activities/daily/{date}`.
    ///
    /// # Errors
    /// A `date` that is no calendar day `YYYY-MM-DD`.
    pub fn daily(&self, date: &str) -> Result<Path, OptionError> {
        below_day(self.0.clone(), date)
    }
}

/// Paths of the package's `SummaryResource`.
#[derive(Clone, Debug)]
pub struct SummaryPaths(Path);

impl SummaryPaths {
    /// The list of summaries: `/human/activities/summaries`.
    pub fn summaries(&self) -> Path {
        self.0.clone().append_api("/summaries")
    }

    /// One summary, by its day or its id: `/human/activities/summaries/{date or id}`. A server's ids may look like
    /// anything, so a mistyped day cannot be told from an id here.
    ///
    /// # Errors
    /// A `date_or_id` that is no [`PathSegment`].
    pub fn summary(&self, date_or_id: &str) -> Result<Path, OptionError> {
        below(self.summaries(), "dateOrId", date_or_id)
    }
}

/// Paths of the documents behind records.
#[derive(Clone, Debug)]
pub struct DocumentPaths(Path);

impl DocumentPaths {
    /// The document of one record: `/human/medical/ccds/{id}/raw`.
    ///
    /// # Errors
    /// An `id` that is no [`PathSegment`].
    pub fn raw(&self, id: &str) -> Result<Path, OptionError> {
        Ok(below(self.0.clone(), "id", id)?.append_api("/raw"))
    }
}

fn below(path: Path, option: &str, text: &str) -> Result<Path, OptionError> {
    Ok(path.join(&PathSegment::new(option, text)?))
}

fn below_day(list: Path, date: &str) -> Result<Path, OptionError> {
    let day = calendar_date("date", date)?;
    below(list.append_api("/daily"), "date", &day.to_string())
}
