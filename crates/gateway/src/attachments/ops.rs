//! Attachments.

use super::store;
use crate::api::call::{Answer, Call, Failure, Outcome};
use crate::api::operations::{EVERY, Operation, Run, Standing, op};
use crate::conversations::removal;
use sunco_api::ApiError;

pub(crate) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "UploadAttachment",
        method: "POST",
        path: "/v2/apps/{appId}/attachments",
        scopes: EVERY,
        standing: Standing::Real,
        note: "",
        run: Run::Upload,
    },
    op!("DeleteAttachment", "POST", "/v2/apps/{appId}/attachments/remove", EVERY, Real, remove),
];

async fn remove(call: &Call) -> Outcome {
    let url = call.body.required("mediaUrl", 4096)?;
    let ours = format!("{}/", call.gateway.public_url);
    let id =
        store::id_of(&url).filter(|_| url.starts_with(&ours) || url.starts_with(&format!("{}/", call.base)));
    let Some(id) = id.map(str::to_owned) else {
        let title = format!("Unsupported media URL for attachment deletion: {url}");
        return Err(ApiError::bad(title).into());
    };
    let (app_id, key) = (call.app_id(), id.clone());
    call.gateway
        .db
        .write(move |tx| {
            let found = store::find(tx, &id)?.filter(|found| found.app_id == app_id);
            found.ok_or_else(|| ApiError::new(404, "not_found", "Attachment not found"))?;
            Ok::<_, Failure>(store::remove(tx, &id)?)
        })
        .await?;
    removal::drop_blobs(&call.gateway, vec![key]).await;
    Answer::done()
}
