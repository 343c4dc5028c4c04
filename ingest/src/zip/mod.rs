//! A zip archive, read forward only: what an export from a phone comes in.
//!
//! Bytes are pushed in as they arrive, and the entries come out still compressed, in small parts. The directory at the archive's end
//! is read as well: it must tell of the same entries, and of each the same, as the headers before them. Nothing of the archive is
//! kept for that: what either tells of an entry becomes one number, and the two digest must be equal.

mod central_directory;
mod data_descriptor;
mod export_detection;
mod export_zip;
mod local_header;
mod reader;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use export_detection::{is_export, may_be_export};
pub(crate) use export_zip::ExportZip;
pub(crate) use local_header::{CompressionMethod, ContentDigest};
pub(crate) use reader::{ZipError, ZipEvent, ZipReader, is_zip};
