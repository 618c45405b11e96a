//! The tokens of the pages that a user's token reaches.

use super::{NewToken, Through, TokenKind, store};
use crate::failure::{Failure, Result};
use crate::graph::Call;
use graph_api::ErrorName;
use storage::Read;

/// The texts of those pages' tokens, in that order; one that does not exist yet, or is no good any more, is made. Made
/// from a long-lived token of a user they do not expire, made from another they end with it (doc: Instagram Messaging,
/// get started).
pub(crate) async fn of_pages(call: &Call<'_>, pages: Vec<i64>) -> Result<Vec<String>> {
    let (key, app_id) = (call.platform.key.clone(), call.caller.app.id);
    let hash = key.token_hash(call.token);
    let found = {
        let (key, pages) = (key.clone(), pages.clone());
        let reading = call.platform.db.read(move |db| {
            let parent = store::find(db, &hash)?.ok_or(ErrorName::TokenUnknown)?;
            pages
                .iter()
                .map(|page| Ok(good(db, app_id, *page, parent.serial)?.map(|token| token.text(&key))))
                .collect::<Result<Option<Vec<String>>, Failure>>()
        });
        reading.await?
    };
    if let Some(found) = found {
        return Ok(found);
    }
    let made = call.platform.db.write(move |tx| {
        let parent = store::find(tx, &hash)?.ok_or(ErrorName::TokenUnknown)?;
        let mut texts = Vec::with_capacity(pages.len());
        for page in &pages {
            let token = match good(tx, app_id, *page, parent.serial)? {
                Some(token) => token,
                None => {
                    let long_lived = parent.made.long_lived;
                    let made = NewToken {
                        app_id,
                        kind: TokenKind::Page,
                        subject: *page,
                        scopes: parent.made.scopes,
                        expires_at: parent.made.expires_at.filter(|_| !long_lived),
                        long_lived,
                        through: Some(Through { user_id: parent.made.subject, parent: Some(parent.serial) }),
                    };
                    store::issue(tx, &key, made)?
                }
            };
            texts.push(token.text(&key));
        }
        Ok::<_, Failure>(texts)
    });
    made.await
}

fn good(db: &mut impl Read, app_id: i64, page: i64, parent: i64) -> storage::Result<Option<super::Token>> {
    let now = db.now();
    Ok(store::of_page(db, app_id, page, parent)?.filter(|token| token.is_good(now)))
}
