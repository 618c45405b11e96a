//! What needs no more than a word: reactions, edits, seen, typing, blocking.

use super::{Input, SimError, SimResult, play, scene_of, scene_to};
use crate::Platform;
use crate::conversations::store::NOW;
use graph_api::send::Reaction;
use serde_json::json;
use std::sync::Arc;

/// The acts of `POST /sim/people/{username}/{act}` that answer `{}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Act {
    /// `{"mid","reaction"}`; without a reaction, the heart.
    React,
    /// `{"mid"}`.
    Unreact,
    /// `{"mid"}`.
    Unsend,
    /// `{"mid","text"}`.
    Edit,
    /// `{"to"}` or `{"mid"}`.
    Seen,
    /// `{"to"}`, and `"on": false` for the end of it.
    Typing,
    /// `{"to"}`.
    Block,
    /// `{"to"}`.
    Unblock,
    /// `{"to","media_id"?}`: the medium that led the person to the profile.
    Follow,
    /// `{"to"}`.
    Unfollow,
}

impl Act {
    /// The act that a path names.
    pub(in crate::sim) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "react" => Self::React,
            "unreact" => Self::Unreact,
            "unsend" => Self::Unsend,
            "edit" => Self::Edit,
            "seen" => Self::Seen,
            "typing" => Self::Typing,
            "block" => Self::Block,
            "unblock" => Self::Unblock,
            "follow" => Self::Follow,
            "unfollow" => Self::Unfollow,
            _ => return None,
        })
    }
}

/// Does it.
pub(in crate::sim) async fn act(
    platform: &Arc<Platform>,
    who: &str,
    act: Act,
    mut input: Input,
) -> SimResult {
    match act {
        Act::React | Act::Unreact => {
            let mid = input.required("mid")?;
            let reaction = match (act, input.text("reaction")?) {
                (Act::Unreact, _) => None,
                (_, text) => {
                    let text = text.as_deref().unwrap_or("love");
                    let reaction = Reaction::read(text);
                    Some(reaction.ok_or_else(|| SimError::bad("reaction", "must be an emoji, or love"))?)
                }
            };
            input.done()?;
            let (scene, mid) = scene_of(platform, who, &mid).await?;
            play(scene, move |scene, tx| scene.react(tx, mid, reaction.as_ref())).await?;
        }
        Act::Unsend => {
            let mid = input.required("mid")?;
            input.done()?;
            let (scene, mid) = scene_of(platform, who, &mid).await?;
            play(scene, move |scene, tx| scene.unsend(tx, mid)).await?;
        }
        Act::Edit => {
            let (mid, text) = (input.required("mid")?, super::sending::text(&mut input)?);
            let text = text.ok_or_else(|| SimError::bad("text", "text is required"))?;
            input.done()?;
            let (scene, mid) = scene_of(platform, who, &mid).await?;
            play(scene, move |scene, tx| scene.edit(tx, mid, &text)).await?;
        }
        Act::Seen => {
            let (mid, to) = (input.text("mid")?, input.text("to")?);
            input.done()?;
            let (scene, until) = match (mid, to) {
                (Some(mid), _) => {
                    let (scene, key) = scene_of(platform, who, &mid).await?;
                    (scene, key.at)
                }
                (None, Some(to)) => (scene_to(platform, who, &to).await?, NOW),
                (None, None) => return Err(SimError::bad("to", "to or mid is required")),
            };
            play(scene, move |scene, tx| scene.see(tx, until)).await?;
        }
        Act::Typing => {
            let (to, is_on) = (input.required("to")?, input.flag("on")?.unwrap_or(true));
            input.done()?;
            let scene = scene_to(platform, who, &to).await?;
            play(scene, move |scene, tx| scene.typing(tx, is_on)).await?;
        }
        Act::Follow | Act::Unfollow => {
            let (to, follows) = (input.required("to")?, act == Act::Follow);
            let from = if follows { input.text("media_id")? } else { None };
            input.done()?;
            let from = from.map(|id| super::engaging::media_id(&id)).transpose()?;
            let scene = scene_to(platform, who, &to).await?;
            play(scene, move |scene, tx| scene.follow(tx, follows, from)).await?;
        }
        Act::Block | Act::Unblock => {
            let to = input.required("to")?;
            input.done()?;
            let scene = scene_to(platform, who, &to).await?;
            play(scene, move |scene, tx| scene.block(tx, act == Act::Block)).await?;
        }
    }
    Ok(json!({}))
}
