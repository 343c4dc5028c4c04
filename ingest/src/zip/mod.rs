//! Reads zip archives from front to back: a phone exports its data in one.
//!
//! Bytes come as they arrive, and the entries' data leave in small parts, still compressed. The directory at the
//! archive's end is read as well, and must list the same entries with the same properties as their headers. For that,
//! no entry is kept: each header becomes a hash, and the sums of the hashes must be equal.

mod central_directory;
mod data_descriptor;
mod error;
mod export_detection;
mod export_zip;
mod local_header;
mod reader;
#[cfg(test)]
mod tests;

pub(crate) use export_zip::ExportZip;
pub(crate) use local_header::is_zip;
