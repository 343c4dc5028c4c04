//! Reads a source to its end: valid samples are collected, invalid ones are reported as rejections.

use super::ports::{SampleSource, UploadListener};
use super::report::{REJECTIONS_KEPT, StoppedUpload, UploadProgress, UploadReport};
use super::uploader::Uploader;
use crate::clock::Clock;
use crate::error::{Error, OptionError};
use crate::http::{Abort, Transport};
use crate::store::Store;
use humansync_ingest::{DataType, Format, Rejection, Rows, SampleReader};

/// All that was read from a source.
pub struct SourceContent {
    pub rows: Rows,
    pub report: UploadReport,
    pub progress: UploadProgress,
}

impl SourceContent {
    /// Reads `source` to its end, telling `listener` of progress and rejections.
    pub async fn read<T: Transport, C: Clock, S: Store>(
        uploader: &Uploader<T, C, S>,
        data_type: DataType,
        format: Option<Format>,
        mut source: impl SampleSource,
        listener: &impl UploadListener,
        abort: &Abort,
    ) -> Result<Self, StoppedUpload> {
        let mut reader = SampleReader::new(data_type, format, uploader.options.numbers);
        let mut rejected = Vec::new();
        let mut progress = UploadProgress::default();
        loop {
            let fed = uploader.until_aborted(abort, source.feed(&mut reader)).await;
            if matches!(fed, Ok(false)) {
                reader.finish();
            }
            (progress.bytes_read, progress.bytes_total) = source.bytes();
            let outcome = tell(&mut reader, listener, &mut rejected, &mut progress);
            let by_source = outcome.is_ok();
            match outcome.and(fed) {
                Ok(true) => {}
                Ok(false) if reader.type_mismatch() => {
                    return Err(StoppedUpload::new(other_type(data_type), read_so_far(&reader, rejected), 0));
                }
                Ok(false) => break,
                Err(error) => {
                    return Err(StoppedUpload {
                        by_source,
                        ..StoppedUpload::new(error, read_so_far(&reader, rejected), 0)
                    });
                }
            }
        }
        let report = read_so_far(&reader, rejected);
        Ok(Self { rows: reader.into_rows(), report, progress })
    }
}

/// Tells `listener` of new rejections and of the progress. The first rejections are kept for the report.
fn tell(
    reader: &mut SampleReader,
    listener: &impl UploadListener,
    kept: &mut Vec<Rejection>,
    progress: &mut UploadProgress,
) -> Result<(), Error> {
    progress.read = reader.sample_count();
    progress.rejected = reader.rejected_count();
    for rejection in reader.take_rejections() {
        let outcome = listener.rejected(&rejection);
        if kept.len() < REJECTIONS_KEPT {
            kept.push(rejection);
        }
        outcome?;
    }
    listener.progress(progress)
}

fn read_so_far(reader: &SampleReader, rejected: Vec<Rejection>) -> UploadReport {
    UploadReport {
        read: reader.sample_count(),
        rejected_count: reader.rejected_count(),
        rejected,
        ..UploadReport::default()
    }
}

#[cold]
fn other_type(data_type: DataType) -> Error {
    let message = [
        "the source says by its `data_type` that it is of another type than \"",
        data_type.name(),
        "\", the one that was asked for; nothing was sent",
    ];
    Error::from(OptionError::new("type", message.concat()))
}
