//! Writing a blob, a piece at a time.

use bytes::Bytes;
use object_store::{MultipartUpload, PutPayload, PutPayloadMut};

use super::failure::told;
use crate::Result;

/// How much is gathered before it is handed to the store: each handing-over costs a way to another thread. (A store in a
/// cloud would want 5 MiB.)
const PIECE: usize = 256 << 10;

/// A blob in the making. Dropped without [`finish`](Self::finish), nothing of it stays.
pub struct BlobUpload {
    upload: Box<dyn MultipartUpload>,
    gathered: PutPayloadMut,
    size: u64,
}

impl BlobUpload {
    pub(super) fn new(upload: Box<dyn MultipartUpload>) -> Self {
        Self { upload, gathered: PutPayloadMut::new(), size: 0 }
    }

    /// Adds bytes. After an error, the blob cannot be finished any more.
    pub async fn write(&mut self, bytes: Bytes) -> Result<()> {
        self.size += bytes.len() as u64;
        // A copy: a few bytes of a large buffer would keep all of it.
        self.gathered.extend_from_slice(&bytes);
        if self.gathered.content_length() < PIECE {
            return Ok(());
        }
        let piece = std::mem::take(&mut self.gathered);
        self.hand_over(piece.freeze()).await
    }

    /// The bytes that were added so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Makes the blob appear. When this answers, it is on disk; answers its size in bytes.
    pub async fn finish(mut self) -> Result<u64> {
        let rest = std::mem::take(&mut self.gathered);
        if rest.content_length() > 0 {
            self.hand_over(rest.freeze()).await?;
        }
        self.upload.complete().await.map_err(|e| told(&e))?;
        Ok(self.size)
    }

    /// Gives the blob up and removes what was written of it.
    pub async fn abandon(mut self) -> Result<()> {
        self.upload.abort().await.map_err(|e| told(&e))
    }

    async fn hand_over(&mut self, piece: PutPayload) -> Result<()> {
        self.upload.put_part(piece).await.map_err(|e| told(&e))
    }
}
