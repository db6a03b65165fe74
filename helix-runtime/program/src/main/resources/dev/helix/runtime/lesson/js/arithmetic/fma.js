// JavaScript has no fused multiply-add. Here the product and the sum are exact, and the result is
// rounded once, as Math.fma of Java does.
import { dyadic, nearest, plus, times } from "./dyadic.js";

/** a * b + c, rounded once. @param {number} a @param {number} b @param {number} c */
export function fma(a, b, c) {
  if (!Number.isFinite(a) || !Number.isFinite(b) || !Number.isFinite(c)) {
    // A product of finite numbers is finite before it is rounded.
    return Number.isFinite(a) && Number.isFinite(b) ? c : a * b + c;
  }
  const sum = plus(times(dyadic(a), dyadic(b)), dyadic(c));
  if (sum.n === 0n) {
    // Here the plain operations are exact, and give zero its sign.
    return a * b + c;
  }
  return nearest(sum);
}

/** The dot product in fixed order, each step rounded once: +0, a0*b0 + sum, and so on. */
export function dotInOrder(a, aFrom, b, bFrom, length) {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    sum = fma(a[aFrom + i], b[bFrom + i], sum);
  }
  return sum;
}
