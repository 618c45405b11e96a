// What the microphone hears, as a WAV file: the one format of voice messages that every browser can make by itself.

/** Begins; `stop` ends it and answers the file. */
export async function record() {
  const heard = await navigator.mediaDevices.getUserMedia({ audio: true });
  const context = new AudioContext();
  await context.audioWorklet.addModule(new URL("./recorder.worklet.js", import.meta.url));
  const recorder = new AudioWorkletNode(context, "recorder");
  /** @type {Float32Array[]} */
  const pieces = [];
  recorder.port.onmessage = ({ data }) => pieces.push(data);
  context.createMediaStreamSource(heard).connect(recorder).connect(context.destination);
  return {
    stop: async () => {
      for (const track of heard.getTracks()) track.stop();
      await context.close();
      return wav(pieces, context.sampleRate);
    },
  };
}

/**
 * One channel of 16 bits.
 * @param {Float32Array[]} pieces
 * @param {number} rate samples in a second
 */
function wav(pieces, rate) {
  const count = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const view = new DataView(new ArrayBuffer(44 + count * 2));
  /** @param {number} at @param {string} text */
  const letters = (at, text) => [...text].forEach((letter, n) => view.setUint8(at + n, letter.charCodeAt(0)));
  letters(0, "RIFF");
  view.setUint32(4, 36 + count * 2, true);
  letters(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  letters(36, "data");
  view.setUint32(40, count * 2, true);
  let at = 44;
  for (const piece of pieces) {
    for (const sample of piece) {
      view.setInt16(at, Math.max(-1, Math.min(1, sample)) * 0x7fff, true);
      at += 2;
    }
  }
  return new Blob([view], { type: "audio/wav" });
}
