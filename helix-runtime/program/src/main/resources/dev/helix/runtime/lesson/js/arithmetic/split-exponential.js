// exp(score) as f * 2^k, where f and k come from the score alone and never from a maximum. So a
// weight is the same number on whatever rank its token is. See SplitExponential and ExactLse in Java.
import { bitLength, dyadic, nearest, timesPowerOfTwo } from "./dyadic.js";
import { exp, log } from "./fdlibm.js";
import { fma } from "./fma.js";

export const LOG2_E = 1.4426950408889634;
const LN2_HEAD = 0.6931471803691238;
const LN2_TAIL = 1.9082149292705877e-10;
const SQRT_2 = 1.4142135623730951;
const TWO_TO_52 = 2 ** 52;

/** The nearest integer; of two equally near the even one. @param {number} x */
export function nearestInteger(x) {
  return x < 0 ? x - TWO_TO_52 + TWO_TO_52 : x + TWO_TO_52 - TWO_TO_52;
}

/** The exact number that stands for exp(score). @param {number} score */
export function weightOf(score) {
  const k = nearestInteger(score * LOG2_E);
  const reduced = fma(-k, LN2_TAIL, score - k * LN2_HEAD);
  return timesPowerOfTwo(dyadic(exp(reduced)), k);
}

/** The natural logarithm of an exact sum of weights. @param {{n: bigint, e: number}} sum */
export function logOfSum(sum) {
  if (sum.n === 0n) {
    return -Infinity;
  }
  let exponent = bitLength(sum.n) - 1 + sum.e;
  let significand = nearest({ n: sum.n, e: sum.e - exponent });
  if (significand > SQRT_2) {
    significand /= 2;
    exponent++;
  }
  return exponent * LN2_HEAD + fma(exponent, LN2_TAIL, log(significand));
}
