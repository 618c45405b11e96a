//! What a comment must keep, and what may still be done with one.

use super::Comment;
use crate::conversations::Product;
use crate::publishing::Media;
use clock::Micros;
use graph_api::{ErrorName, GraphError, limits};

/// Whether an app may write that text as a comment. `by_legacy_rules`: as the API that was retired in 2020 had it, which
/// many still take for the rules (reference, 3.3).
pub(crate) fn may_write(text: &str, by_legacy_rules: bool) -> Result<(), GraphError> {
    if text.trim().is_empty() {
        return Err(GraphError::with(ErrorName::ParameterEmpty, ["message"]));
    }
    let characters = text.chars().count();
    if characters > limits::COMMENT_TEXT {
        let most = limits::COMMENT_TEXT.to_string();
        return Err(GraphError::with(ErrorName::ParameterTooLong, ["message", &most]));
    }
    if by_legacy_rules && let Some(why) = breaks_legacy_rules(text, characters) {
        return Err(GraphError::new(ErrorName::CommentRefused).explain(why));
    }
    Ok(())
}

fn breaks_legacy_rules(text: &str, characters: usize) -> Option<String> {
    let (most, hashtags, addresses) = limits::LEGACY_COMMENT;
    let starts = |start: &[&str]| {
        text.split_whitespace().filter(|word| start.iter().any(|start| word.starts_with(start))).count()
    };
    let (upper, lower) = (text.chars().any(char::is_uppercase), text.chars().any(char::is_lowercase));
    if characters > most {
        Some(format!("The total length of the comment cannot exceed {most} characters."))
    } else if starts(&["#"]) > hashtags {
        Some(format!("The comment cannot contain more than {hashtags} hashtags."))
    } else if starts(&["http://", "https://"]) > addresses {
        Some(format!("The comment cannot contain more than {addresses} URL."))
    } else if upper && !lower {
        Some("The comment cannot consist of all capital letters.".to_owned())
    } else {
        None
    }
}

/// Whether a comment may be replied to privately (doc: Private Replies): once, within seven days, during a broadcast only
/// while it lasts. `media` is what it stands under, if that is there.
///
/// Errors: 2534025, or -1/2534023 if the account has replied and the app was not told so: programs send again after an
/// HTTP 500, and must not (rep: two integrators).
pub(crate) fn may_reply_privately(
    comment: &Comment,
    media: Option<&Media>,
    owner_no: i64,
    now: Micros,
) -> Result<(), GraphError> {
    let refused = |why: &str| Err(GraphError::new(ErrorName::CommentInvalid).explain(why));
    if comment.is_answer_lost {
        return Err(GraphError::new(ErrorName::PrivateReplySent).explain(
            "The private reply was sent the first time, although that was answered with an error.",
        ));
    }
    if comment.private_reply_at.is_some() {
        return refused("The comment has a private reply: there is one for each comment.");
    }
    if comment.is_deleted {
        return refused("The comment was deleted.");
    }
    if comment.author == owner_no {
        return refused("The account wrote the comment itself.");
    }
    if comment.is_live && media.is_none_or(|media| media.product != Product::Live) {
        return refused("The broadcast is over.");
    }
    if media.is_none_or(|media| !media.is_live(now)) {
        return refused("The post is gone.");
    }
    if comment.created_at.plus(limits::PRIVATE_REPLY_AGE) <= now {
        return refused("The comment is older than seven days.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn comment() -> Comment {
        Comment {
            owner: 1,
            id: 2,
            media: 3,
            parent: None,
            author: 4,
            ad: None,
            username: String::new(),
            app: 0,
            text: "nice".into(),
            created_at: Micros::from_secs(1_000_000),
            is_hidden: false,
            is_deleted: false,
            is_live: false,
            likes: 0,
            private_reply_at: None,
            is_answer_lost: false,
        }
    }

    fn media(product: Product) -> Media {
        Media {
            parent: None,
            thumbnail: None,
            details: graph_api::publish::Details::default(),
            account: 1,
            id: 3,
            product,
            media_type: String::new(),
            caption: String::new(),
            asset: 0,
            link_sticker_url: None,
            comments_enabled: true,
            created_at: Micros(0),
            expires_at: None,
        }
    }

    #[test]
    fn a_private_reply_is_taken_once_within_seven_days() {
        let (comment, post) = (comment(), media(Product::Feed));
        let name = |comment: &Comment, media: Option<&Media>, now: Micros| {
            may_reply_privately(comment, media, 9, now).err().map(|error| error.name)
        };
        let end = comment.created_at.plus(Duration::from_secs(7 * 24 * 3600));
        let before = Micros(end.0 - 1);
        assert_eq!(name(&comment, Some(&post), before), None);
        assert_eq!(name(&comment, Some(&post), end), Some(ErrorName::CommentInvalid));
        assert_eq!(name(&comment, None, before), Some(ErrorName::CommentInvalid));
        let answered = Comment { private_reply_at: Some(before), ..comment.clone() };
        assert_eq!(name(&answered, Some(&post), before), Some(ErrorName::CommentInvalid));
        let lost = Comment { is_answer_lost: true, ..answered };
        assert_eq!(name(&lost, Some(&post), before), Some(ErrorName::PrivateReplySent));
        let live = Comment { is_live: true, ..comment.clone() };
        assert_eq!(name(&live, Some(&media(Product::Live)), before), None);
        assert_eq!(name(&live, None, before), Some(ErrorName::CommentInvalid));
        assert_eq!(
            may_reply_privately(&comment, Some(&post), 4, before).unwrap_err().name,
            ErrorName::CommentInvalid
        );
    }

    #[test]
    fn the_rules_of_the_retired_api_are_a_setting() {
        let refused = |text: &str, legacy: bool| may_write(text, legacy).err().map(|error| error.name);
        let hashtags = "#a #b #c #d #e";
        for text in [&"x".repeat(301), hashtags, "see http://a.test https://b.test", "BUY NOW"] {
            assert_eq!(refused(text, false), None, "{text}");
            assert_eq!(refused(text, true), Some(ErrorName::CommentRefused), "{text}");
        }
        for text in [&"x".repeat(300), "#a #b #c #d", "see http://a.test", "Buy now", "👍", "100"] {
            assert_eq!(refused(text, true), None, "{text}");
        }
        assert_eq!(refused(&"é".repeat(2200), false), None);
        assert_eq!(refused(&"é".repeat(2201), false), Some(ErrorName::ParameterTooLong));
        assert_eq!(refused(" \n", false), Some(ErrorName::ParameterEmpty));
    }
}
