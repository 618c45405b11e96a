// The console starts.
import { html, render } from "./html.js";
import { App } from "./shell/App.js";
import { listen } from "./state/feed.js";
import "./state/theme.js";

const place = document.getElementById("console");
if (place) {
  place.replaceChildren();
  render(html`<${App} />`, place);
  void listen();
}
