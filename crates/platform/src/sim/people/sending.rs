//! `POST /sim/people/{username}/send`.

use super::{Input, SimError, SimResult, play, scene_to, wrote};
use crate::Platform;
use crate::conversations::{Attachment, Content, Product, ReplyTo};
use crate::failure::Failure;
use crate::people;
use crate::people::acts::{Refused, Scene, Writing};
use crate::people::files::{Files, Wanted};
use crate::publishing;
use graph_api::ids::{MessageKey, NodeKind, decimal};
use graph_api::media::AttachmentKind;
use serde_json::{Value, json};
use std::sync::Arc;
use storage::Tx;

/// The longest text that the app lets a person send, in characters (assumed: the app's own limit is not published).
const TEXT_CHARS: usize = 1000;
/// Why a mention in a story does not come.
pub(super) const UNHEARD: &str =
    "the person is private and the account does not follow them: nobody hears of the mention";
/// Attachments of one call.
const ATTACHMENTS: usize = 10;

/// `{"to", "text"?, "attachments"?: [{"type","url"}] or, as multipart, `file` and `type`, "like_heart"?, "share"?: {"media_id"}, "story_mention"?: {"url"}, "unsupported"?,
/// "disappearing"?, "reply_to"?: {"mid"} or {"story"}}` → `{"igsid","conversation_id","mid"}`.
///
/// What the app would send as several messages becomes several, as there: pictures picked together are one, every
/// other attachment and the text are one each. `mid` is that of the last, `mids` has them all.
pub(in crate::sim) async fn send(platform: &Arc<Platform>, who: &str, mut input: Input) -> SimResult {
    let to = input.required("to")?;
    let text = text(&mut input)?;
    let attachments = input.list("attachments")?.unwrap_or_default();
    if attachments.len() > ATTACHMENTS {
        return Err(SimError::bad("attachments", format!("must have at most {ATTACHMENTS} entries")));
    }
    let mut wanted = attachments.into_iter().map(wanted).collect::<Result<Vec<_>, _>>()?;
    if let Some(file) = input.file()? {
        wanted.push(Wanted::File(kind(&mut input)?, file));
    }
    let (heart, unsupported) =
        (input.flag("like_heart")? == Some(true), input.flag("unsupported")? == Some(true));
    let disappearing = input.flag("disappearing")? == Some(true);
    let share = input.object("share")?.map(|mut share| {
        let id = share.required("media_id")?;
        share.done().map(|()| id)
    });
    let mention = input.object("story_mention")?.map(|mut mention| {
        let url = mention.required("url")?;
        mention.done().map(|()| url)
    });
    let mention = mention.transpose()?;
    let (share, reply) = (share.transpose()?, input.object("reply_to")?.map(reply).transpose()?);
    input.done()?;
    let scene = scene_to(platform, who, &to).await?;
    let files = Files::bring(&scene, wanted).await.map_err(|failure| not_had(failure, "attachments"))?;
    let mention = match mention {
        Some(url) => {
            let story = Files::bring_story(&scene, &url).await;
            Some(story.map_err(|failure| not_had(failure, "story_mention"))?)
        }
        None => None,
    };
    if mention.is_some() && !hears_of_story(&scene).await? {
        let key = scene.key();
        return Ok(json!({
            "igsid": key.igsid.to_string(), "conversation_id": key.id(), "mid": null, "unheard": UNHEARD,
        }));
    }
    let mids = play(scene, move |scene, tx| {
        let mut contents = files.contents(tx, scene.key().account)?;
        if let Some(id) = &share {
            contents.push(holding(Attachment::Share(shared(tx, scene, id)?)));
        }
        if let Some(story) = &mention {
            contents.push(holding(Attachment::StoryMention(story.story(tx, scene.key().account)?)));
        }
        if heart {
            contents.push(holding(Attachment::LikeHeart));
        }
        if unsupported {
            contents.push(Content { is_unsupported: true, ..Content::default() });
        }
        if disappearing {
            contents.push(holding(Attachment::Ephemeral));
        }
        let texts = text.iter().map(|text| Writing::text(text.as_str()));
        let others = contents.into_iter().map(|content| Writing { content, ..Writing::default() });
        let mut writings: Vec<Writing> = others.chain(texts).collect();
        if let Some(reply) = &reply {
            for writing in &mut writings {
                reply.put(tx, scene, writing)?;
            }
        }
        writings.iter().map(|writing| scene.write(tx, writing)).collect::<Result<Vec<MessageKey>, Refused>>()
    })
    .await?;
    let Some(last) = mids.last() else { return Err(SimError::bad("text", "there is nothing to send")) };
    let mut answer = wrote(*last);
    answer["mids"] = mids.iter().map(|mid| Value::from(mid.mid())).collect();
    Ok(answer)
}

/// Whether the account hears of a story of the person's: of a private one only if it follows them (doc: the Sunshine guide
/// to Instagram, story mentions).
pub(super) async fn hears_of_story(scene: &Scene) -> Result<bool, SimError> {
    let (account, person) = (scene.account.account.user_no, scene.person.user_no);
    let follows = scene.platform.db.read(move |db| people::store::follows(db, account, person)).await?;
    Ok(follows || !scene.person.is_private)
}

/// `text`, within the app's limit.
pub(in crate::sim) fn text(input: &mut Input) -> Result<Option<String>, SimError> {
    let Some(text) = input.text("text")? else { return Ok(None) };
    if text.trim().is_empty() {
        return Err(SimError::bad("text", "must not be blank"));
    }
    if text.chars().count() > TEXT_CHARS {
        return Err(SimError::bad("text", format!("must have at most {TEXT_CHARS} characters")));
    }
    Ok(Some(text))
}

fn holding(attachment: Attachment) -> Content {
    Content { attachments: vec![attachment], ..Content::default() }
}

/// An attachment that is to be fetched.
fn wanted(mut input: Input) -> Result<Wanted, SimError> {
    let (kind, url) = (kind(&mut input)?, input.required("url")?);
    input.done()?;
    Ok(Wanted::Url(kind, url))
}

fn kind(input: &mut Input) -> Result<AttachmentKind, SimError> {
    let kind = AttachmentKind::parse(&input.required("type")?);
    kind.ok_or_else(|| SimError::bad("type", "must be image, video, audio or file"))
}

/// Why a file cannot be sent, in the words of the Send API's error.
pub(in crate::sim) fn not_had(failure: Failure, parameter: &str) -> SimError {
    match failure {
        Failure::Graph(error) => {
            let message = error.message(graph_api::Host::Instagram);
            SimError::bad(
                parameter,
                error.explanation().map_or(message.clone(), |why| format!("{message} {why}")),
            )
        }
        Failure::Storage(error) => error.into(),
    }
}

/// What the person answers.
enum Reply {
    Message(MessageKey),
    Story(i64),
}

fn reply(mut input: Input) -> Result<Reply, SimError> {
    let (mid, story) = (input.text("mid")?, input.text("story")?);
    input.done()?;
    match (mid, story) {
        (Some(mid), None) => MessageKey::parse(&mid)
            .map(Reply::Message)
            .ok_or_else(|| SimError::bad("reply_to", "mid is no message")),
        (None, Some(story)) => decimal(&story)
            .map(Reply::Story)
            .ok_or_else(|| SimError::bad("reply_to", "story is no story's id")),
        _ => Err(SimError::bad("reply_to", "exactly one of mid and story is required")),
    }
}

impl Reply {
    fn put(&self, tx: &mut Tx<'_>, scene: &Scene, writing: &mut Writing) -> Result<(), Refused> {
        match self {
            Self::Message(key) => {
                let in_thread = key.account == scene.key().account && key.igsid == scene.key().igsid;
                if !in_thread {
                    return Err(Refused::missing(
                        "reply_to",
                        "there is no such message in this conversation",
                    ));
                }
                writing.reply_to = Some(*key);
            }
            Self::Story(id) => {
                let now = tx.now();
                let story = publishing::store::find(tx, scene.account.account.id, *id)?
                    .filter(|media| media.expires_at.is_some())
                    .ok_or_else(|| Refused::missing("reply_to", "the account has no such story"))?;
                if !story.is_live(now) {
                    return Err(Refused::conflict("reply_to", "the story has ended"));
                }
                writing.content.reply_to =
                    Some(ReplyTo::Story { story: story.shared(), link_sticker_url: story.link_sticker_url });
            }
        }
        Ok(())
    }
}

/// The post, reel or story that is sent on. A person can share what any account published.
fn shared(tx: &mut Tx<'_>, scene: &Scene, id: &str) -> Result<crate::conversations::Shared, Refused> {
    let media = match decimal(id).filter(|id| NodeKind::of(*id) == Some(NodeKind::Media)) {
        Some(id) => publishing::store::find(tx, scene.account.account.id, id)?,
        None => None,
    };
    let now = tx.now();
    match media {
        None => Err(Refused::missing("share", "there is no such media")),
        Some(media) if media.product == Product::Live => {
            Err(Refused::conflict("share", "a broadcast cannot be shared"))
        }
        Some(media) if !media.is_live(now) => Err(Refused::conflict("share", "the story has ended")),
        Some(media) => Ok(media.shared()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_names_one_thing() {
        for wrong in
            [json!({}), json!({"mid": "x"}), json!({"story": "x"}), json!({"mid": "a", "story": "1"})]
        {
            let input = Input::read(wrong.to_string().as_bytes()).unwrap_or_else(|_| panic!("an object"));
            assert!(reply(input).is_err(), "{wrong}");
        }
    }
}
