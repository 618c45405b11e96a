//! TEMPORARY
use crate::conversations::Attachment;
use crate::failure::Result;
use crate::graph::Call;
use graph_api::send::MediaAttachment;
#[derive(Default)]
pub(super) struct Brought;
pub(super) async fn bring(_c: &Call<'_>, _a: i64, _m: &[MediaAttachment]) -> Result<Brought> {
    Ok(Brought)
}
impl Brought {
    pub(super) fn reusable(&self) -> Option<i64> {
        None
    }
    pub(super) fn attach(&self, _tx: &mut storage::Tx<'_>, _a: i64, _app: i64) -> Result<Vec<Attachment>> {
        Ok(vec![])
    }
}
