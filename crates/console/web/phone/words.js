// Messages in a few words.

/** @type {Record<string, string>} what a message carries */
export const THINGS = {
  image: "a picture",
  video: "a video",
  audio: "a voice message",
  file: "a file",
  like_heart: "❤️",
  share: "a post",
  story_mention: "a story mention",
  template: "a card",
  ephemeral: "a disappearing photo",
};

/** @param {Message} message */
export function contentOf(message) {
  if (message.is_deleted) return "message unsent";
  if (message.text) return message.text;
  if (message.is_unsupported) return "something unsupported";
  const first = message.attachments[0];
  if (!first) return "a message";
  return first.payload?.template_type === "button" ? first.payload.text : (THINGS[first.type] ?? first.type);
}

/**
 * The line of a conversation in the list.
 * @param {Message} message
 * @param {string} who
 */
export function lineOf(message, who) {
  const content = contentOf(message);
  if (message.from !== who) return message.text || message.is_deleted ? content : `Sent ${content}`;
  return message.text || message.is_deleted ? `You: ${content}` : `You sent ${content}`;
}
