//! The options of `SampleUploader`, and of its methods `plan` and `upload`.

use super::ClientInit;
use super::complaint::no_such;
use super::defaults;
use super::number::whole;
use crate::error::OptionError;
use crate::http::BaseUrl;
use crate::upload::{MAX_BATCH_SIZE, MIN_BATCH_SIZE, UploaderOptions};
use humansync_ingest::{DataType, Format, Numbers};
use serde::Deserialize;

/// What `SampleUploader` takes besides the options of every client.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploaderInit {
    /// Where samples go, below `baseUrl`.
    pub path: Option<String>,
    /// Separates people who share a store.
    pub account: Option<String>,
    /// Most samples in one request.
    pub batch_size: Option<f64>,
    /// What becomes of a batch whose outcome is not known.
    pub on_unknown: Option<String>,
}

impl UploaderInit {
    /// The endpoint. Errors: a `baseUrl` that is missing, and those of [`BaseUrl::endpoint`].
    pub fn base(&self, client: &ClientInit) -> Result<BaseUrl, OptionError> {
        let Some(base_url) = &client.base_url else {
            return Err(OptionError::new(
                "baseUrl",
                "`baseUrl` is missing: say where samples go, such as \"https://samples.example\"",
            ));
        };
        let path = self.path.as_deref().unwrap_or(defaults::SAMPLES_PATH);
        BaseUrl::endpoint(base_url, path, client.allows_http())
    }

    /// What an uploader goes by, on a host that reads and prints `numbers`. Errors: a `batchSize` that the API does not
    /// take, and another word than those that `onUnknown` can be.
    pub fn checked(&self, numbers: Numbers) -> Result<UploaderOptions, OptionError> {
        let [least, most, default] = [MIN_BATCH_SIZE, MAX_BATCH_SIZE, defaults::BATCH_SIZE]
            .map(|size| u64::try_from(size).unwrap_or(u64::MAX));
        let batch_size = whole("batchSize", self.batch_size, least, most, default)?;
        let hold_unknown = match self.on_unknown.as_deref() {
            None => defaults::HOLD_UNKNOWN,
            Some("resend") => false,
            Some("hold") => true,
            Some(other) => return Err(no_such("onUnknown", other, "\"resend\" or \"hold\"")),
        };
        Ok(UploaderOptions {
            account: self.account.clone(),
            batch_size: usize::try_from(batch_size).unwrap_or(MAX_BATCH_SIZE),
            hold_unknown,
            numbers,
        })
    }
}

/// What `plan` and `upload` take.
#[derive(Clone, Default, Deserialize)]
pub struct UploadInit {
    /// What the source is written in, where that is not to be found out.
    pub format: Option<String>,
}

impl UploadInit {
    /// What the source is written in, where it was said. Errors: a word for no format.
    pub fn format(&self) -> Result<Option<Format>, OptionError> {
        let Some(name) = &self.format else { return Ok(None) };
        let format = Format::from_name(name);
        format
            .map(Some)
            .ok_or_else(|| no_such("format", name, "\"json\", \"ndjson\", \"csv\" or \"apple-health\""))
    }
}

/// What is sent, by its name. Errors: another name than those that there are.
pub fn data_type(name: &str) -> Result<DataType, OptionError> {
    DataType::from_name(name.as_bytes()).ok_or_else(|| no_such("type", name, "\"steps\" or \"bpm\""))
}
