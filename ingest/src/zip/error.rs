//! What can be wrong with an archive, and what users are told about it.

/// Why an archive cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ZipError {
    NotZip,
    Encrypted,
    /// An entry is compressed by a method other than deflate; this is its number in the format.
    Method(u16),
    /// Something is out of place, or not what a header or the directory says.
    Damaged,
    /// The archive ends before its directory does.
    Truncated,
}

impl ZipError {
    pub fn message(&self) -> &'static str {
        match self {
            Self::NotZip => "`source` is not a zip archive",
            Self::Encrypted => "`source` is an encrypted zip archive; give the file that is in it",
            Self::Method(_) => {
                "`source` is a zip archive that is compressed in a way that is not supported (only deflate is); give the file that is in it"
            }
            Self::Damaged => {
                "`source` is a damaged zip archive: what is in it is not what its checksums and its directory say; nothing of it is sent. Copy or export it again"
            }
            Self::Truncated => {
                "`source` is a zip archive that is cut off: its directory, which is at its end, is not there; nothing of it is sent. Copy or export it again"
            }
        }
    }
}
