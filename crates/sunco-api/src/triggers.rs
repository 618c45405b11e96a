//! The names of what a webhook may be triggered by (spec). They mind the case.

/// All of them. Some never happen on Instagram; a webhook may name them all the same.
pub const ALL: &[&str] = &[
    "client:add",
    "client:remove",
    "client:update",
    "conversation:create",
    "conversation:join",
    "conversation:leave",
    "conversation:remove",
    "conversation:message",
    "conversation:message:delivery:channel",
    "conversation:message:delivery:failure",
    "conversation:message:delivery:user",
    "conversation:postback",
    "conversation:read",
    "conversation:referral",
    "conversation:typing",
    "passthrough:messaging",
    "switchboard:acceptControl",
    "switchboard:acceptControl:failure",
    "switchboard:offerControl",
    "switchboard:offerControl:failure",
    "switchboard:passControl",
    "switchboard:passControl:failure",
    "switchboard:releaseControl",
    "user:merge",
    "user:remove",
    "user:update",
];

/// Events of our own, for what Sunshine has no word: not in strict mode.
pub const EXTENSIONS: &[&str] = &[
    "instagram:message:edit",
    "instagram:message:reaction",
    "instagram:message:unsend",
    "instagram:window:warning",
];
