//! The part of the table that is about comments, mentions and private replies.
//!
//! Next to nothing of it is documented for comments (reference, 3.4); the errors of private replies are.

/// What writes comments.
pub(super) const COMMENTS: &[&str] =
    &["POST media/comments", "POST comment/replies", "POST account/mentions"];
pub(super) const REPLIES: &[&str] = &["POST comment/replies"];
/// What comments that are switched off keep from.
pub(super) const COMMENTS_OFF: &[&str] =
    &["POST media/comments", "POST comment/replies", "POST account/mentions", "GET account"];

/// Calls the next macro with the rows it was given and, after them, those of this file.
macro_rules! with_comments {
    ($next:ident $($others:ident)+ { $($rows:tt)* }) => { $next! { $($others)+ { $($rows)*
    /// A reply to a comment that is hidden.
    CommentHidden => ErrorSpec::new(400, 100, "Invalid parameter")
        .raised_by(REPLIES)
        .known(Assumed, "documented is only that hidden comments cannot be replied to");
    /// Comments are switched off for the post.
    CommentsDisabled => ErrorSpec::new(400, 100, "Invalid parameter")
        .raised_by(COMMENTS_OFF)
        .known(Assumed, "documented is only that mentioned_comment fails then");
    /// A comment that breaks a rule of the retired API, where a setting enforces those.
    CommentRefused => ErrorSpec::new(400, 100, "Invalid parameter")
        .raised_by(COMMENTS)
        .known(Assumed, "the rules of the API that was retired in 2020; its errors had another form");
    /// The comment is too old, gone, or answered already.
    CommentInvalid => ErrorSpec::new(400, 100, "The comment is invalid for a private reply")
        .subcode_is(2_534_025)
        .raised_by(SEND)
        .known(Documented, COMMON);
    /// A second private reply after a first one that was delivered but answered 500.
    PrivateReplySent => ErrorSpec::new(500, -1, "The comment already has a private reply")
        .subcode_is(2_534_023)
        .raised_by(SEND)
        .known(Reported, "two integrators; the text is unconfirmed");
    /// A private reply without the permission for comments.
    PrivateReplyPermissionMissing => ErrorSpec::new(403, 200, "Requires permission to reply to comments privately")
        .subcode_is(2_534_066)
        .raised_by(SEND)
        .known(Reported, "one integrator; the text is unconfirmed");
    /// The app lacks a feature: Human Agent, for private replies.
    CapabilityMissing => ErrorSpec::new(400, 3, "Application does not have the capability to make this API call.")
        .only_on(&[Host::Facebook])
        .raised_by(SEND)
        .known(Reported, "integrators, of private replies among others; that Human Agent is the feature is documented");
    }}};
}
pub(super) use with_comments;
