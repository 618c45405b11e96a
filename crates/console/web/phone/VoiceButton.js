// Records a voice message with this computer's microphone.
import { html, useEffect, useRef, useState } from "../html.js";
import { attempt } from "../state/notice.js";
import { play } from "../state/sim.js";
import { Icon } from "../shell/icons.js";
import { record } from "./recording.js";

/** @param {{ to: string, who: string, recording: boolean, setRecording: (is: boolean) => void }} props */
export function VoiceButton({ to, who, recording, setRecording }) {
  const [seconds, setSeconds] = useState(0);
  const tape = useRef(/** @type {Awaited<ReturnType<typeof record>> | null} */ (null));
  useEffect(() => {
    if (!recording) return;
    setSeconds(0);
    const timer = setInterval(() => setSeconds((/** @type {number} */ n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, [recording]);
  // Whoever leaves the thread leaves no microphone on.
  useEffect(() => () => void tape.current?.stop(), []);
  const start = async () => {
    const started = await attempt(async () => {
      if (!navigator.mediaDevices) throw new Error("A browser records only on this machine or over https. Send a file instead.");
      return record();
    });
    if (!started) return;
    tape.current = started;
    setRecording(true);
  };
  /** @param {boolean} send */
  const stop = async (send) => {
    setRecording(false);
    const taped = await tape.current?.stop();
    tape.current = null;
    if (!send || !taped) return;
    const form = new FormData();
    form.append("to", to);
    form.append("type", "audio");
    form.append("file", taped, "voice.wav");
    await attempt(() => play(who, "send", form));
  };
  if (!recording) return html`<button class="icon-button" type="button" aria-label="Record a voice message" onClick=${start}><${Icon} name="mic" size=${20} /></button>`;
  return html`
    <span class="recording" role="status"><${Icon} name="mic" size=${17} />Recording, ${seconds} s</span>
    <button class="icon-button" type="button" aria-label="Throw the recording away" onClick=${() => stop(false)}><${Icon} name="trash" size=${18} /></button>
    <button class="send" type="button" aria-label="Send the recording" onClick=${() => stop(true)}><${Icon} name="send" size=${18} /></button>`;
}
