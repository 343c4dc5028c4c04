//! Where the API answers an operation on a data type. No other module spells a path of the API.

use super::catalogue::{Area, DataType, Kind, data_type};
use super::moments::calendar_date;
use super::operation::Operation;
use super::path::{Path, PathSegment};
use crate::error::OptionError;

/// The path of `operation` on the data type `name`. `argument` is the record's id, the day or both by turns, as
/// [`Operation::argument`] says; an operation that takes none does not look at it.
///
/// ```
/// use humansync::query::{Area, Operation, resource_path};
///
/// let path = resource_path(Area::Human, "weight", Operation::Daily, "2024-01-01")?;
/// assert_eq!(path.as_str(), "/human/weight/readings/daily/2024-01-01");
/// # Ok::<(), humansync::error::OptionError>(())
/// ```
///
/// # Errors
/// A data type that does not exist or does not have the operation; an `argument` that is no [`PathSegment`], or no
/// day `YYYY-MM-DD` where it must be one. (The day of a summary may as well be an id, which may look like anything.)
pub fn resource_path(area: Area, name: &str, operation: Operation, argument: &str) -> Result<Path, OptionError> {
    let entry = data_type(area, name).ok_or_else(|| unknown(name))?;
    below(Path::of_api(entry.path), entry, operation, argument)
}

/// The path of `operation` on a list that the catalogue does not know, at a path below `/human` as its caller wrote
/// it: `food/meals`.
///
/// # Errors
/// Those of [`Path::parse_user`] and [`resource_path`]; a list has [`Operation::List`] and [`Operation::Get`] only.
pub fn user_path(path: &str, operation: Operation, argument: &str) -> Result<Path, OptionError> {
    let root = Path::of_api("/human").append(&Path::parse_user(path)?);
    below(root, &DataType::of_user(), operation, argument)
}

fn below(root: Path, entry: &DataType, operation: Operation, argument: &str) -> Result<Path, OptionError> {
    use Operation::{Daily, Get, Latest, List, Raw, Reading, Readings, Summaries, Summary, Whole};
    let folder = match (operation, entry.kind) {
        (Latest, Kind::Discrete) | (List, Kind::List | Kind::Periodic) => "",
        (Get, Kind::Discrete | Kind::List | Kind::Periodic) => "",
        (Whole, Kind::Object | Kind::WholeList) => "",
        (Readings | Reading, Kind::Discrete) => "/readings",
        (Daily, Kind::Discrete) => "/readings/daily",
        (Daily, Kind::Periodic) => "/daily",
        (Summaries | Summary, _) if entry.has_summaries => "/summaries",
        (Raw, _) if entry.has_documents => "",
        _ => return Err(unknown(entry.name)),
    };
    let path = root.append_api(folder);
    let Some(option) = operation.argument() else { return Ok(path) };
    if operation == Daily {
        calendar_date(option, argument)?;
    }
    let path = path.join(&PathSegment::new(option, argument)?);
    Ok(if operation == Raw { path.append_api("/raw") } else { path })
}

/// A defect of whoever calls: the package's classes have the methods of the catalogue and no others.
#[cold]
fn unknown(name: &str) -> OptionError {
    OptionError::new(name, ["there is no such resource or operation: ", name].concat())
}
