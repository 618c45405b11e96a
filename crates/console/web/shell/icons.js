// The console's icons: strokes on a grid of 20.
import { html } from "../html.js";

/** @type {Record<string, string>} */
const PATHS = {
  phone: "M6.5 2.5h7a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 5 16V4a1.5 1.5 0 0 1 1.5-1.5zM9 15h2",
  wire: "M3 5h4l3 10 3-7 1.5 3H17",
  world: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM2.5 10h15M10 2.5c2 2 3 4.6 3 7.5s-1 5.5-3 7.5c-2-2-3-4.6-3-7.5s1-5.5 3-7.5z",
  back: "M12 4l-6 6 6 6",
  next: "M8 4l6 6-6 6",
  down: "M5 8l5 5 5-5",
  send: "M3 10l14-6-4.5 13-3-5.5zM9.5 11.5L17 4",
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5L5 15",
  reply: "M8 5L3.5 9.5 8 14M3.5 9.5H12a4.5 4.5 0 0 1 4.5 4.5v1.5",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  heart: "M10 16.5s-6.5-4-6.5-8.5A3.5 3.5 0 0 1 10 6a3.5 3.5 0 0 1 6.5 2c0 4.5-6.5 8.5-6.5 8.5z",
  image: "M3.5 4.5h13v11h-13zM3.5 13l4-4 3.5 3.5 2-2 3.5 3.5M13 7.5h.01",
  link: "M8 12l4-4M9 5.5l1.5-1.5a3.5 3.5 0 0 1 5 5L14 10.5M11 14.5L9.5 16a3.5 3.5 0 0 1-5-5L6 9.5",
  story: "M10 3a7 7 0 1 1-7 7M10 7v6M7 10h6M4 6.5l.5-.7M6.3 4.2l.8-.4",
  share: "M17 3L9 11M17 3l-5 14-3-6-6-3z",
  copy: "M7 7h9.5v9.5H7zM4.5 13H3.5V3.5H13v1",
  check: "M4 10.5l4 4 8-9",
  cross: "M5.5 5.5l9 9M14.5 5.5l-9 9",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l2.5 2",
  sun: "M10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM10 2.5v1.5M10 16v1.5M2.5 10H4M16 10h1.5M4.7 4.700l1 1M14.3 14.300l1 1M4.7 15.300l1-1M14.3 5.700l1-1",
  moon: "M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5z",
  replay: "M4 10a6 6 0 1 1 1.8 4.300M4 16v-3.5h3.5",
  webhook: "M10 8a3 3 0 1 0-2.6-1.5L5 11M10 8l2.5 4.5M12.5 12.5a2.5 2.5 0 1 1-.5 3M5 11a2.5 2.5 0 1 0 2.4 3.2H12",
  person: "M10 3.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM4 16.5c.5-3 3-5 6-5s5.5 2 6 5",
  shop: "M4 8.5v8h12v-8M3 8.5L4.5 3.5h11L17 8.5zM8 16.5v-4h4v4",
  app: "M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h5v5h-5z",
  key: "M13 3.5a3.5 3.5 0 1 1-2.3 6.1L4 16.300v0L3.5 16.500V14l6.9-6.8A3.5 3.5 0 0 1 13 3.5zM13.5 6.500h.01M6 14l1.500 1.500",
  bolt: "M11 2.5L4.5 11.5H10L9 17.5l6.5-9H10z",
  trash: "M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6",
  rules: "M10 2.5l6 2v5c0 4-2.6 6.5-6 8-3.4-1.5-6-4-6-8v-5zM7.5 10l2 2 3.5-4",
  database: "M4 5.5c0-1.4 2.7-2.5 6-2.5s6 1.1 6 2.5-2.7 2.5-6 2.5-6-1.1-6-2.5zM4 5.5v9c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5v-9M4 10c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  edit: "M4 16l.8-3.5L13 4.300l2.7 2.7-8.2 8.2z",
  flag: "M5 17V3.5M5 4h9l-2 3 2 3H5",
  menu: "M4 6h12M4 10h12M4 14h12",
  ad: "M3 8.5v3l2.5.5L7 16h2l-1-3.7 7 2.2v-9l-9.5 3z",
  mic: "M10 2.5a2.5 2.5 0 0 0-2.5 2.5v5a2.5 2.5 0 0 0 5 0V5A2.5 2.5 0 0 0 10 2.5zM5 9.5a5 5 0 0 0 10 0M10 14.5v3",
  stop: "M6 6h8v8H6z",
  file: "M5.5 2.5h6l3.5 3.5v11.5h-9.5zM11.5 2.5V6H15",
};

/** @param {{ name: string, size?: number }} props */
export const Icon = ({ name, size = 18 }) => html`
  <svg class="icon" viewBox="0 0 20 20" width=${size} height=${size} aria-hidden="true" focusable="false">
    <path d=${PATHS[name] ?? ""} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" />
  </svg>`;
