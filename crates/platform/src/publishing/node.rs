//! Media and containers as the API shows them (doc: IG Media; IG Container).

use super::store;
use super::{ALBUM, BROADCAST, IMAGE, Media, VIDEO, rules};
use crate::assets;
use crate::comments::of_media::{self, Comments};
use crate::conversations::Product;
use crate::failure::Result;
use crate::graph::Call;
use crate::graph::node::{FieldValue, Node, NodeType, asked, select};
use crate::insights::{self, OfMedia};
use graph_api::fields::{self, Field};
use graph_api::ids::NodeKind;
use graph_api::{ErrorName, GraphError, Host, time};
use serde_json::{Value, json};
use storage::Read;

/// Through what a medium is looked at: that decides which fields it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Through {
    /// As one's own, or as a post in which one is tagged.
    Itself,
    /// Business discovery: another account's.
    Discovery,
    /// A hashtag: nobody's in particular.
    Hashtag,
}

/// A medium with what its fields need.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// It.
    pub media: Media,
    /// The username of who published it.
    pub username: String,
    /// The parts of an album, if they are asked for.
    pub children: Vec<Media>,
    /// Its comments, as far as they are asked for.
    pub commented: Comments,
    /// What else was counted of it, as far as it is asked for.
    pub counted: OfMedia,
}

impl Shown {
    /// With everything that those fields need.
    pub(crate) fn read(
        db: &mut impl Read,
        media: Media,
        username: &str,
        asked: &[Field],
    ) -> storage::Result<Self> {
        let wants_parts = media.media_type == ALBUM && asked.iter().any(|field| field.name == "children");
        let children = match wants_parts {
            true => store::children(db, media.account, media.id)?,
            false => Vec::new(),
        };
        let username = username.to_owned();
        Ok(Self { media, username, children, commented: Comments::default(), counted: OfMedia::default() })
    }
}

/// Adds the comments and insights that the fields ask for; of others' media, their numbers.
pub(crate) async fn comment(
    call: &Call<'_>,
    shown: &mut [Shown],
    asked: &[Field],
    through: Through,
) -> Result<()> {
    for one in shown {
        let count = [Field { name: "comments_count".to_owned(), modifiers: Vec::new(), fields: None }];
        let is_counted = asked.iter().any(of_media::is_count);
        one.commented = match through {
            Through::Itself => of_media::read(call, &one.media, asked).await?,
            _ if is_counted => of_media::read(call, &one.media, &count).await?,
            _ => Comments::default(),
        };
        one.counted = match through {
            Through::Itself => insights::of_node(call, &one.media, asked).await?,
            _ => insights::of_others(call, &one.media, asked).await?,
        };
    }
    Ok(())
}

/// A medium whose comments and numbers are known, without the parts of an album.
pub(crate) fn show_commented(
    call: &Call<'_>,
    media: &Media,
    username: &str,
    (commented, counted): (&Comments, &OfMedia),
    asked: &[Field],
) -> graph_api::Result<Value> {
    let shown = Shown {
        media: media.clone(),
        username: username.to_owned(),
        children: Vec::new(),
        commented: commented.clone(),
        counted: counted.clone(),
    };
    show(call, &shown, asked, Through::Itself)
}

/// The fields that are asked for where none is named.
pub(crate) const DEFAULT: &str = "id";

/// `GET /{media-id}`.
pub(super) async fn media(call: &Call<'_>) -> Result<Value> {
    let Node::Media(media, view) = call.node else { return Err(ErrorName::Unknown.into()) };
    let asked = asked(call.params, DEFAULT)?;
    let (media, username, wanted) = (Media::clone(media), view.account.username.clone(), asked.clone());
    let read = move |db: &mut storage::ReadTx<'_>| Shown::read(db, media.clone(), &username, &wanted);
    let mut shown = [call.platform.db.read(read).await?];
    comment(call, &mut shown, &asked, Through::Itself).await?;
    Ok(show(call, &shown[0], &asked, Through::Itself)?)
}

/// `GET /{media-id}/children`: the parts of an album.
pub(super) async fn children(call: &Call<'_>) -> Result<Value> {
    let Node::Media(media, view) = call.node else { return Err(ErrorName::Unknown.into()) };
    let asked = asked(call.params, DEFAULT)?;
    let (account, id) = (media.account, media.id);
    let parts = call.platform.db.read(move |db| store::children(db, account, id)).await?;
    Ok(json!({ "data": of_album(call, parts, &view.account.username, &asked, Through::Itself)? }))
}

fn of_album(
    call: &Call<'_>,
    parts: Vec<Media>,
    username: &str,
    asked: &[Field],
    through: Through,
) -> graph_api::Result<Vec<Value>> {
    let shown = |media: Media| {
        let (username, children) = (username.to_owned(), Vec::new());
        Shown { media, username, children, commented: Comments::default(), counted: OfMedia::default() }
    };
    parts.into_iter().map(|part| show(call, &shown(part), asked, through)).collect()
}

/// `GET /{media-id}/collaborators`: who was asked (doc: changelog of 2026-05). Nobody here answers.
pub(super) async fn collaborators(call: &Call<'_>) -> Result<Value> {
    let Node::Media(media, _) = call.node else { return Err(ErrorName::Unknown.into()) };
    let names = media.details.collaborators.clone();
    let asked = call
        .platform
        .db
        .read(move |db| {
            let mut people = Vec::with_capacity(names.len());
            for name in &names {
                people.extend(crate::people::store::with_username(db, name)?);
            }
            Ok::<_, storage::Error>(people)
        })
        .await?;
    let data: Vec<Value> = asked
        .iter()
        .map(|person| {
            let id = crate::people::igsid(media.account, person.user_no);
            json!({ "id": id.to_string(), "username": person.username, "invite_status": "Pending" })
        })
        .collect();
    Ok(json!({ "data": data }))
}

/// A medium as an object of the asked fields. A field that does not apply is left out (cap: a probe of 2026-05).
///
/// Errors: 100 for a field that there is not on this host or on this way, 36104 for `view_count`, 9005 for the copyright of
/// what is no video.
pub(crate) fn show(
    call: &Call<'_>,
    shown: &Shown,
    asked: &[Field],
    through: Through,
) -> graph_api::Result<Value> {
    let media = &shown.media;
    let (is_part, is_video) = (media.parent.is_some(), media.media_type == VIDEO);
    let is_facebook = call.host == Host::Facebook;
    let is_accounts = NodeKind::of(media.account) == Some(NodeKind::Account);
    let is_named = through != Through::Hashtag;
    let link = |asset: i64| assets::url::for_caller(call, media.account, asset, media.expires_at);
    let of_whole = |value: Value| if is_part { FieldValue::Absent } else { FieldValue::Is(value) };
    select(NodeType::Media, media.id.to_string(), asked, |field| {
        Ok(match field.name.as_str() {
            "caption" if media.caption.is_empty() => FieldValue::Absent,
            "caption" => FieldValue::Is(media.caption.as_str().into()),
            "media_type" => FieldValue::Is(media.media_type.as_str().into()),
            "media_product_type" => FieldValue::Is(media.product.name().into()),
            "media_url" if media.asset == 0 => FieldValue::Absent,
            "media_url" => FieldValue::Is(link(media.asset).into()),
            "thumbnail_url" => {
                let thumbnail = media.thumbnail.filter(|_| is_video);
                thumbnail.map(|asset| Value::from(link(asset))).into()
            }
            "permalink" => FieldValue::Is(permalink(&call.base(), media, &shown.username).into()),
            "shortcode" => FieldValue::Is(media.shortcode().into()),
            "timestamp" => FieldValue::Is(time::graph(media.created_at).into()),
            "username" if is_named => FieldValue::Is(shown.username.as_str().into()),
            // A person's posts are nobody's that an id of an account could name.
            "owner" if is_named && !is_accounts => FieldValue::Absent,
            "owner" if is_named => FieldValue::Is(json!({ "id": media.account.to_string() })),
            "comments_count" => of_whole(shown.commented.count.into()),
            "comments" if through == Through::Itself => shown.commented.listed.clone().into(),
            "like_count" => of_whole(shown.counted.totals.likes.into()),
            "children" if shown.children.is_empty() => FieldValue::Absent,
            "children" => {
                let default = fields::parse(DEFAULT)?;
                let asked = field.fields.as_deref().unwrap_or(&default);
                let parts = of_album(call, shown.children.clone(), &shown.username, asked, through)?;
                FieldValue::Is(json!({ "data": parts }))
            }
            name if through == Through::Itself => of_its_own(name, shown, is_facebook)?,
            "view_count" if through == Through::Discovery => match is_video {
                true => FieldValue::Is(shown.counted.totals.views.into()),
                false => FieldValue::Absent,
            },
            _ => FieldValue::Unknown,
        })
    })
}

/// The fields that are shown of one's own media alone.
fn of_its_own(name: &str, shown: &Shown, is_facebook: bool) -> graph_api::Result<FieldValue> {
    let (media, totals) = (&shown.media, shown.counted.totals);
    let (is_part, is_video) = (media.parent.is_some(), media.media_type == VIDEO);
    let details = &media.details;
    let is_counted = !is_part && matches!(media.product, Product::Feed | Product::Reels);
    // The counters are Facebook Login's alone, and of posts and reels (doc: IG Media).
    let count = |number: i64| match (is_facebook, is_counted) {
        (false, _) => FieldValue::Unknown,
        (true, true) => FieldValue::Is(number.into()),
        (true, false) => FieldValue::Absent,
    };
    Ok(match name {
        "alt_text" => details.alt_text.as_deref().map(Value::from).into(),
        "is_comment_enabled" if is_part => FieldValue::Absent,
        "is_comment_enabled" => FieldValue::Is(media.comments_enabled.into()),
        // Shown in the feed too unless the author says otherwise (doc: share_to_feed; the default is unconfirmed).
        "is_shared_to_feed" if media.product == Product::Reels => {
            FieldValue::Is(details.share_to_feed.unwrap_or(true).into())
        }
        "is_shared_to_feed" => FieldValue::Absent,
        "is_ai_generated" if is_part => FieldValue::Absent,
        "is_ai_generated" => FieldValue::Is(details.is_ai_generated.into()),
        "media_audio_type" if is_video && media.product == Product::Reels => {
            FieldValue::Is("ORIGINAL_AUDIO".into())
        }
        "media_audio_type" => FieldValue::Absent,
        // An id of the older numbering, of 19 digits.
        "legacy_instagram_media_id" => {
            FieldValue::Is(format!("3{:018}", media.id.rem_euclid(1_000_000_000_000_000_000)).into())
        }
        "copyright_check_information" if is_video => FieldValue::Is(json!({
            "status": { "status": "completed", "matches_found": false },
        })),
        "copyright_check_information" => return Err(GraphError::new(ErrorName::NotAVideo)),
        "view_count" if is_facebook => return Err(GraphError::new(ErrorName::OutsideDiscovery)),
        "insights" => shown.counted.listed.clone().into(),
        "total_like_count" => count(totals.likes),
        "total_comments_count" => count(shown.commented.count),
        "saved_count" => count(totals.saved),
        "shares_count" => count(totals.shares),
        "reposts_count" => count(totals.reposts),
        "total_views_count" if is_facebook && !is_video => FieldValue::Absent,
        "total_views_count" => count(totals.views),
        "boost_ads_list" if is_facebook => FieldValue::Is(json!([])),
        "boost_eligibility_info" if is_facebook => FieldValue::Is(json!({
            "eligible_to_boost": is_counted,
        })),
        _ => FieldValue::Unknown,
    })
}

/// Where a medium's page is. That of a part of an album is the album's.
pub(crate) fn permalink(base: &str, media: &Media, username: &str) -> String {
    let code = rules::shortcode(media.parent.unwrap_or(media.id));
    match (media.product, media.media_type.as_str()) {
        (Product::Reels, _) => format!("{base}/reel/{code}/"),
        (Product::Story, _) => format!("{base}/stories/{username}/{}/", media.id),
        (Product::Live, _) | (_, BROADCAST) => format!("{base}/{username}/live/"),
        (Product::Feed, _) => format!("{base}/p/{code}/"),
    }
}

/// Whether a medium is one that can be deleted: posts, albums as a whole, reels, stories (doc: IG Media).
pub(super) fn is_deletable(media: &Media) -> bool {
    media.parent.is_none()
        && media.product != Product::Live
        && [IMAGE, VIDEO, ALBUM].contains(&&*media.media_type)
}

/// `GET /{container-id}`.
pub(super) async fn container(call: &Call<'_>) -> Result<Value> {
    let Node::Container(container, _) = call.node else { return Err(ErrorName::Unknown.into()) };
    let asked = asked(call.params, DEFAULT)?;
    let (parent, now) = (container.clone(), call.platform.clock.now());
    let children = call.platform.db.read(move |db| store::containers::children(db, &parent)).await?;
    let status = rules::status(container, &children, now);
    Ok(select(NodeType::Container, container.id.to_string(), &asked, |field| {
        Ok(match field.name.as_str() {
            "status_code" => FieldValue::Is(status.code().into()),
            "status" => FieldValue::Is(status.text().into()),
            "copyright_check_status" if container.shape.is_video() => {
                let state = match status {
                    rules::Status::InProgress if container.ready_at.is_none() => "not_started",
                    rules::Status::InProgress => "in_progress",
                    rules::Status::Error(_) => "error",
                    _ => "completed",
                };
                FieldValue::Is(json!({ "status": state, "matches_found": false }))
            }
            "copyright_check_status" => FieldValue::Absent,
            _ => FieldValue::Unknown,
        })
    })?)
}
