// The exact number significand * 2^exponent, as the Java class Dyadic has it. Sums and products of
// doubles are such numbers, and integers of any length do the work.
import { bitsOf } from "./doubles.js";

/** @typedef {{n: bigint, e: number}} Dyadic */

/** @type {Dyadic} */
export const ZERO = { n: 0n, e: 0 };

const TWO_TO_53 = 1n << 53n;
const LEAST_EXPONENT = -1074;

/** @param {number} x a finite double @returns {Dyadic} */
export function dyadic(x) {
  const bits = bitsOf(x);
  const biased = Number((bits >> 52n) & 0x7ffn);
  if (biased === 0x7ff) {
    throw new RangeError("expected a finite number, got " + x);
  }
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { n: bits >> 63n ? -magnitude : magnitude, e: Math.max(biased, 1) - 1075 };
}

/** @param {Dyadic} a @param {Dyadic} b @returns {Dyadic} */
export function plus(a, b) {
  return a.e <= b.e
    ? { n: a.n + (b.n << BigInt(b.e - a.e)), e: a.e }
    : { n: b.n + (a.n << BigInt(a.e - b.e)), e: b.e };
}

/** @param {Dyadic} a @param {Dyadic} b @returns {Dyadic} */
export function times(a, b) {
  return { n: a.n * b.n, e: a.e + b.e };
}

/** @param {Dyadic} a @param {number} power @returns {Dyadic} */
export function timesPowerOfTwo(a, power) {
  return { n: a.n, e: a.e + power };
}

/** Number of binary digits of a magnitude. @param {bigint} n @returns {number} */
export function bitLength(n) {
  const digits = (n < 0n ? -n : n).toString(16);
  return digits === "0" ? 0 : 4 * digits.length - Math.clz32(parseInt(digits[0], 16)) + 28;
}

/** The nearest double; of two equally near the even one. @param {Dyadic} a */
export function nearest(a) {
  return rounded(a.n, 1n, a.e);
}

/** The double nearest to a / b, for a positive b. @param {Dyadic} a @param {Dyadic} b */
export function nearestQuotient(a, b) {
  return rounded(a.n, b.n, a.e - b.e);
}

/** Rounds n / d * 2^e to the nearest double. */
function rounded(n, d, e) {
  if (n === 0n) {
    return 0;
  }
  const magnitude = n < 0n ? -n : n;
  // In units of 2^unit the magnitude shall have 53 bits, or fewer if it is subnormal.
  let unit = Math.max(bitLength(magnitude) - bitLength(d) + e - 53, LEAST_EXPONENT);
  let parts = inUnits(magnitude, d, e - unit);
  if (parts.whole >= TWO_TO_53) {
    unit++;
    parts = inUnits(magnitude, d, e - unit);
  }
  const twice = parts.rest * 2n;
  const up = twice > parts.divisor || (twice === parts.divisor && (parts.whole & 1n) === 1n);
  const value = scaled(Number(up ? parts.whole + 1n : parts.whole), unit);
  return n < 0n ? -value : value;
}

function inUnits(n, d, shift) {
  const dividend = shift > 0 ? n << BigInt(shift) : n;
  const divisor = shift < 0 ? d << BigInt(-shift) : d;
  const whole = dividend / divisor;
  return { whole, rest: dividend - whole * divisor, divisor };
}

/** An integer of at most 53 bits times a power of two, which is exact or infinite. */
function scaled(whole, power) {
  const half = Math.trunc(power / 2);
  return whole * 2 ** half * 2 ** (power - half);
}
