/** Puts bytes 0 to 255 on a canvas: grey from black to white, or blue over neutral to orange for signed values. */

const NEUTRAL = { light: [247, 247, 247], dark: [34, 34, 34] };
const COLD = { light: [23, 109, 193], dark: [51, 158, 244] };
const WARM = { light: [184, 92, 8], dark: [240, 160, 75] };

export const bytesOf = (view) =>
  view instanceof DataView ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : new Uint8Array(view ?? 0);

export const isDark = () => document.body.dataset.jpThemeLight === "false";

/** Paints `rows` x `cols` bytes from `start` on; `channels` is 1 or 3. */
export function paint(canvas, bytes, { rows, cols, start = 0, channels = 1, signed = false }) {
  canvas.width = cols;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const image = context.createImageData(cols, rows);
  const colour = signed ? signedColours() : null;
  for (let at = 0; at < rows * cols; at += 1) {
    const value = bytes[start + at * channels];
    const rgb = colour ? colour[value] : channels === 3 ? bytes.subarray(start + at * 3, start + at * 3 + 3) : [value, value, value];
    image.data.set([rgb[0], rgb[1], rgb[2], 255], at * 4);
  }
  context.putImageData(image, 0, 0);
}

function signedColours() {
  const theme = isDark() ? "dark" : "light";
  return Array.from({ length: 256 }, (_, value) => {
    const share = Math.min(1, Math.abs(value - 127.5) / 127.5);
    const end = value < 127.5 ? COLD[theme] : WARM[theme];
    return NEUTRAL[theme].map((from, i) => Math.round(from + (end[i] - from) * share));
  });
}
