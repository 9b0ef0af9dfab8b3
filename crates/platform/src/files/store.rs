//! Where sealed bytes lie: a folder of this machine, or a bucket of an S3-compatible store that several nodes share. Names are ids, nothing
//! of the file; what is written appears whole or not at all.

use std::sync::Arc;

use axum::body::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt as _, RetryConfig, WriteMultipart};
use uuid::Uuid;

use crate::config::Settings;
use crate::error::{Error, Result};
use crate::keys;

/// The smallest part that S3 takes.
const PART: usize = 5 * 1024 * 1024;
/// A local part may be smaller: less lies in memory.
const LOCAL_PART: usize = 1024 * 1024;
/// Parts on their way at once.
const UNDER_WAY: usize = 2;

/// The store.
#[derive(Clone)]
pub struct Store {
    inner: Arc<dyn ObjectStore>,
    part: usize,
    /// The folder, for what a crash left half-written in it.
    folder: Option<std::path::PathBuf>,
}

impl Store {
    /// Opens the store of these settings; a local folder is made when missing.
    ///
    /// # Errors
    /// [`Error::Internal`] naming the folder, or the setting that is wrong.
    pub fn open(settings: &Settings) -> Result<Self> {
        if settings.files.bucket.is_empty() {
            let folder = settings.files_folder();
            keys::make_folder(&folder)?;
            let inner = LocalFileSystem::new_with_prefix(&folder).map_err(Error::internal)?.with_fsync(true);
            return Ok(Self { inner: Arc::new(inner), part: LOCAL_PART, folder: Some(folder) });
        }
        Ok(Self { inner: Arc::new(bucket(settings)?), part: PART, folder: None })
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<()> {
        // Listing a folder that is gone finds nothing, and no fault with that.
        self.has_folder()?;
        match self.inner.list(None).next().await {
            None | Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(fault(error)),
        }
    }

    /// Begins writing the bytes of `id`.
    pub(crate) async fn write(&self, id: Uuid) -> Result<Writing> {
        let upload = self.inner.put_multipart(&place(id)).await.map_err(fault)?;
        Ok(Writing { inner: Some(WriteMultipart::new_with_chunk_size(upload, self.part)) })
    }

    /// The sealed bytes of `id`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the store does not answer; [`Error::Internal`] when it has lost them.
    pub(super) async fn read(&self, id: Uuid) -> Result<BoxStream<'static, Result<Bytes>>> {
        self.find(id).await?.ok_or_else(|| Error::internal(format!("the file store has lost the file {id}")))
    }

    /// The same; none when nothing lies there.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the store does not answer.
    pub(crate) async fn find(&self, id: Uuid) -> Result<Option<BoxStream<'static, Result<Bytes>>>> {
        match self.inner.get(&place(id)).await {
            Ok(found) => Ok(Some(found.into_stream().map(|part| part.map_err(fault)).boxed())),
            // Below a folder that is gone nothing is found either: that is no loss.
            Err(object_store::Error::NotFound { .. }) => self.has_folder().map(|()| None),
            Err(error) => Err(fault(error)),
        }
    }

    /// That the folder is there, where files lie in one.
    fn has_folder(&self) -> Result<()> {
        match self.folder.as_ref().map(std::fs::read_dir) {
            Some(Err(error)) => {
                tracing::error!(%error, "the folder of files cannot be read");
                metrics::counter!("vouchsafe_file_store_failed_total").increment(1);
                Err(Error::Unavailable)
            }
            _ => Ok(()),
        }
    }

    /// Deletes the bytes of `id`; it is no fault if they are gone.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the store does not answer.
    pub(super) async fn delete(&self, id: Uuid) -> Result<()> {
        match self.inner.delete(&place(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(fault(error)),
        }
    }

    /// The ids of all that is stored.
    pub(crate) fn ids(&self) -> BoxStream<'static, Result<Uuid>> {
        let all = self.inner.list(None);
        all.filter_map(|found| async move {
            match found {
                // What is not ours stays where it is.
                Ok(meta) => meta.location.filename().and_then(|name| name.parse().ok()).map(Ok),
                Err(error) => Some(Err(fault(error))),
            }
        })
        .boxed()
    }

    /// Removes what a crash left half-written in the local folder, for ids that `stale` names. In a bucket, a rule for incomplete uploads
    /// does so.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(super) fn sweep_parts(&self, stale: impl Fn(Uuid) -> bool) -> Result<usize> {
        let Some(folder) = &self.folder else { return Ok(0) };
        let mut gone = 0;
        for shard in std::fs::read_dir(folder).map_err(Error::internal)?.flatten().filter(|e| e.path().is_dir()) {
            for file in std::fs::read_dir(shard.path()).map_err(Error::internal)?.flatten() {
                let name = file.file_name().to_string_lossy().into_owned();
                let id = name.split_once('#').and_then(|(id, _)| id.parse::<Uuid>().ok());
                if id.is_some_and(&stale) && std::fs::remove_file(file.path()).is_ok() {
                    gone += 1;
                }
            }
        }
        Ok(gone)
    }
}

/// A folder for each of 256 endings, so that none grows too large.
pub(crate) fn place_of(id: Uuid) -> String {
    let name = id.to_string();
    format!("{}/{name}", &name[name.len() - 2..])
}

fn place(id: Uuid) -> Path {
    Path::from(place_of(id))
}

/// A bucket that needs no conditional writes: ids are written once.
fn bucket(settings: &Settings) -> Result<impl ObjectStore + use<>> {
    let files = &settings.files;
    let secret = match (files.secret_key.is_empty(), files.secret_key_file.as_os_str().is_empty()) {
        (false, _) => files.secret_key.clone(),
        (true, true) => String::new(),
        (true, false) => std::fs::read_to_string(&files.secret_key_file)
            .map_err(|e| Error::internal(format!("files.secret_key_file: cannot read {}: {e}", files.secret_key_file.display())))?
            .trim()
            .to_owned(),
    };
    let patience = std::time::Duration::from_secs(files.store_seconds);
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&files.bucket)
        .with_region(&files.region)
        .with_access_key_id(&files.access_key)
        .with_secret_access_key(secret)
        .with_conditional_put(S3ConditionalPut::Disabled)
        .with_retry(RetryConfig { max_retries: 3, retry_timeout: patience, ..RetryConfig::default() })
        .with_client_options(
            // No limit to the whole of an answer: a large file goes to a slow visitor as slowly as that takes.
            ClientOptions::new()
                .with_allow_http(files.endpoint.starts_with("http://"))
                .with_timeout_disabled()
                .with_connect_timeout(patience)
                .with_read_timeout(patience),
        );
    if !files.endpoint.is_empty() {
        builder = builder.with_endpoint(&files.endpoint);
    }
    builder.build().map_err(|e| Error::internal(format!("files.bucket: {e}")))
}

/// Bytes on their way into the store. Dropped before [`Writing::finish`], nothing of them stays.
pub(crate) struct Writing {
    inner: Option<WriteMultipart>,
}

impl Writing {
    /// Takes the next sealed bytes, waiting while too much is under way.
    pub(crate) async fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let inner = self.inner.as_mut().ok_or_else(|| Error::internal("a file that was finished goes on"))?;
        inner.wait_for_capacity(UNDER_WAY).await.map_err(fault)?;
        inner.write(bytes);
        Ok(())
    }

    /// All is there: it appears under its id.
    pub(crate) async fn finish(mut self) -> Result<()> {
        let inner = self.inner.take().ok_or_else(|| Error::internal("a file that was finished twice"))?;
        inner.finish().await.map_err(fault)?;
        Ok(())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // The visitor hung up, or what was sent is refused.
        if let (Some(inner), Ok(runtime)) = (self.inner.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move {
                if let Err(error) = inner.abort().await {
                    tracing::warn!(%error, "a file that was not kept could not be cleared away; the sweep will");
                }
            });
        }
    }
}

/// A store that lost what a row says it has is a fault of ours; any other trouble may pass.
fn fault(error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => Error::internal(format!("the file store has lost something: {error}")),
        other => {
            tracing::error!(error = %other, "the file store cannot be used");
            metrics::counter!("vouchsafe_file_store_failed_total").increment(1);
            Error::Unavailable
        }
    }
}
