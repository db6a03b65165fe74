// Doubles as bits. Numbers travel from Java as base64 of little-endian bytes, so that -0, NaN and
// infinities arrive as they are.

const scratch = new DataView(new ArrayBuffer(8));

/** The 64 bits of a double. @param {number} x @returns {bigint} */
export function bitsOf(x) {
  scratch.setFloat64(0, x);
  return scratch.getBigUint64(0);
}

/** @param {bigint} bits @returns {number} */
export function doubleOf(bits) {
  scratch.setBigUint64(0, bits);
  return scratch.getFloat64(0);
}

/** The upper 32 bits, signed. @param {number} x @returns {number} */
export function highWord(x) {
  scratch.setFloat64(0, x);
  return scratch.getInt32(0);
}

/** The lower 32 bits. @param {number} x @returns {number} */
export function lowWord(x) {
  scratch.setFloat64(0, x);
  return scratch.getInt32(4);
}

/** The same double with other upper bits. @param {number} x @param {number} high */
export function withHighWord(x, high) {
  scratch.setFloat64(0, x);
  scratch.setInt32(0, high);
  return scratch.getFloat64(0);
}

/** Hexadecimal digits of the bits. @param {number} x */
export function hex(x) {
  return bitsOf(x).toString(16).padStart(16, "0");
}

/** How many doubles lie from one finite double to another. @param {number} a @param {number} b */
export function doublesBetween(a, b) {
  const place = (x) => {
    const bits = bitsOf(x);
    return bits >> 63n ? -(bits & 0x7fffffffffffffffn) : bits;
  };
  const distance = place(a) - place(b);
  return distance < 0n ? -distance : distance;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The bytes behind base64. @param {string} text @returns {Uint8Array} */
export function bytesOf(text) {
  const values = new Uint8Array(128);
  for (let i = 0; i < 64; i++) {
    values[DIGITS.charCodeAt(i)] = i;
  }
  let length = text.length;
  while (length > 0 && text[length - 1] === "=") {
    length--;
  }
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let at = 0;
  for (let i = 0; i < length; i += 4) {
    const word =
      (values[text.charCodeAt(i)] << 18) |
      (values[text.charCodeAt(i + 1)] << 12) |
      ((i + 2 < length ? values[text.charCodeAt(i + 2)] : 0) << 6) |
      (i + 3 < length ? values[text.charCodeAt(i + 3)] : 0);
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) {
      bytes[at++] = (word >> shift) & 255;
    }
  }
  return bytes;
}

/** Little-endian doubles behind base64. @param {string} text @returns {Float64Array} */
export function doublesOf(text) {
  const bytes = bytesOf(text);
  const view = new DataView(bytes.buffer);
  const numbers = new Float64Array(bytes.length / 8);
  for (let i = 0; i < numbers.length; i++) {
    numbers[i] = view.getFloat64(8 * i, true);
  }
  return numbers;
}
