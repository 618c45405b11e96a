// What a message carries, as Instagram draws it.
import { html } from "../html.js";
import { Icon } from "../shell/icons.js";
import { ownAddress } from "../state/address.js";
import { Picture } from "./Picture.js";
import { TemplateCards } from "./TemplateCards.js";

/** @param {{ attachment: Attachment, message: Message, who: string }} props */
export function Attached({ attachment, message, who }) {
  const { type, url, payload } = attachment;
  const own = ownAddress(url);
  switch (type) {
    case "image":
      return html`<${Picture} url=${url} words="Picture" />`;
    case "video":
      return html`<video class="video" src=${own} controls preload="metadata" aria-label="Video"></video>`;
    case "audio":
      return html`<div class="voice"><span class="voice-word">Voice message</span><audio src=${own} controls preload="metadata" aria-label="Voice message"></audio></div>`;
    case "file":
      return html`<a class="document" href=${own ?? url} target="_blank" rel="noopener noreferrer"><${Icon} name="file" />Document</a>`;
    case "like_heart":
      return html`<span class="big-heart" role="img" aria-label="Heart">❤️</span>`;
    case "share":
    case "story_mention":
      return html`<figure class="shared" data-kind=${type}>
        <figcaption>${type === "share" ? "Shared a post" : "Mentioned the account in a story"}</figcaption>
        <${Picture} url=${url} words=${payload?.title || "Shared media"} kind=${type === "share" ? "picture" : "story"} />
        ${payload?.title && html`<p class="shared-title">${payload.title}</p>`}
      </figure>`;
    case "template":
      return html`<${TemplateCards} template=${payload} message=${message} who=${who} />`;
    case "ephemeral":
      return html`<p class="bubble gone"><${Icon} name="eye" size=${15} /> Disappearing photo</p>`;
    default:
      return html`<p class="bubble gone">${type}</p>`;
  }
}
