//! The path of each operation on each data type. No other module spells a path of one person's data.

use super::catalogue::{Area, Kind, Operation, kind, slug};
use super::path::{Path, PathSegment};
use crate::error::OptionError;
use humansync_ingest::time::Date;

/// The path of `operation` on the data type `name`. `argument` is the record's id, the day or either, as
/// [`Operation::argument`] says; an operation without an argument ignores it.
///
/// ```
/// use humansync::api::{Area, Operation, resource_path};
///
/// let path = resource_path(Area::Human, "weight", Operation::Daily, "2024-01-01")?;
/// assert_eq!(path.as_str(), "/human/weight/readings/daily/2024-01-01");
/// # Ok::<(), humansync::error::OptionError>(())
/// ```
/// Errors: a data type that does not exist or does not have the operation; an `argument` that is no [`PathSegment`], or
/// not a day `YYYY-MM-DD` if it must be one. (The argument of a summary may also be an id, which may look like
/// anything.)
pub fn resource_path(
    area: Area,
    name: &str,
    operation: Operation,
    argument: &str,
) -> Result<Path, OptionError> {
    let kind = kind(area, name).ok_or_else(|| unknown(name))?;
    let mut root = Path::default();
    root.push_api("/human");
    if area == Area::Medical {
        root.push_api("/medical");
    }
    let slug = slug(name);
    if !slug.is_empty() {
        root.push_api("/");
        root.push_api(&slug);
    }
    below(root, name, kind, operation, argument)
}

/// The path of `operation` on a list that is not in the catalogue, at a path below `/human` as the caller wrote it:
/// `food/meals`. It has [`Operation::List`] and [`Operation::Get`] only.
pub fn user_path(path: &str, operation: Operation, argument: &str) -> Result<Path, OptionError> {
    let mut root = Path::default();
    root.push_api("/human");
    root.push_user(path)?;
    below(root, path, Kind::List, operation, argument)
}

#[inline(never)]
fn below(
    mut path: Path,
    name: &str,
    kind: Kind,
    operation: Operation,
    argument: &str,
) -> Result<Path, OptionError> {
    use Operation::{Daily, Get, Latest, List, Raw, Reading, Readings, Summaries, Summary, Whole};
    let folder = match (operation, kind) {
        (Latest, Kind::Discrete | Kind::SummedUp)
        | (List, Kind::List | Kind::Documents | Kind::Periodic)
        | (Get, Kind::Discrete | Kind::SummedUp | Kind::List | Kind::Documents | Kind::Periodic)
        | (Raw, Kind::Documents)
        | (Whole, Kind::Object | Kind::WholeList) => "",
        (Readings | Reading, Kind::Discrete | Kind::SummedUp) => "/readings",
        (Daily, Kind::Discrete | Kind::SummedUp) => "/readings/daily",
        (Daily, Kind::Periodic) => "/daily",
        (Summaries | Summary, Kind::SummedUp | Kind::Periodic) => "/summaries",
        _ => return Err(unknown(name)),
    };
    path.push_api(folder);
    if let Some(option) = operation.argument() {
        if operation == Daily {
            calendar_date(option, argument)?;
        }
        path.push(&PathSegment::new(option, argument)?);
        if operation == Raw {
            path.push_api("/raw");
        }
    }
    Ok(path)
}

/// A defect of the caller: the package's classes have the methods of the catalogue and no others.
#[cold]
fn unknown(name: &str) -> OptionError {
    OptionError::new(name, "there is no such resource or operation")
}

/// Reads a day, `YYYY-MM-DD`. Refuses any other text, about `option`, and does not repeat it: times of records are
/// health values.
#[inline(never)]
pub fn calendar_date(option: &str, text: &str) -> Result<Date, OptionError> {
    Date::parse(text)
        .map_err(|error| OptionError::new(option, [option, ": ", &error.message_about_text()].concat()))
}
