//! TEMPORARY, replaced by the assets slice.
use crate::Platform;
use crate::conversations::Content;
use crate::graph::Call;
use crate::people::acts::{Refused, Scene};
use graph_api::send::MediaKind;
pub(crate) const HEART: i64 = 1;
pub(crate) fn webhook_link(_p: &Platform, a: i64) -> String {
    format!("x{a}")
}
pub(crate) fn link(_c: &Call<'_>, a: i64) -> String {
    format!("x{a}")
}
pub(crate) struct Links<'a> {
    pub p: &'a Platform,
}
impl Links<'_> {
    pub(crate) fn asset(&self, a: i64) -> String {
        let _ = self.p;
        format!("x{a}")
    }
}
pub(crate) struct M;
pub(crate) async fn of_person(_s: &Scene, _w: Vec<(MediaKind, String)>) -> Result<M, crate::sim::SimError> {
    Ok(M)
}
impl M {
    pub(crate) fn contents(&self, _tx: &mut storage::Tx<'_>, _s: &Scene) -> Result<Vec<Content>, Refused> {
        Ok(vec![])
    }
}
