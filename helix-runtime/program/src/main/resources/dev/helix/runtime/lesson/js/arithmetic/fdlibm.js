// Ports of e_exp.c and e_log.c of fdlibm, whose bits StrictMath of Java has on every machine.
// ECMAScript leaves those of Math.exp and Math.log open. The original's notice:
//
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Developed at SunSoft, a Sun Microsystems, Inc. business.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that
// this notice is preserved.
import { highWord, lowWord, withHighWord } from "./doubles.js";

const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const ONE_OVER_LN2 = 1.44269504088896338700;
const EXP_OVERFLOWS = 7.09782712893383973096e2;
const EXP_UNDERFLOWS = -7.45133219101941108420e2;
const TWO_TO_MINUS_1000 = 2 ** -1000;
const TWO_TO_54 = 2 ** 54;
const P1 = 1.66666666666666019037e-1;
const P2 = -2.77777777770155933842e-3;
const P3 = 6.61375632143793436117e-5;
const P4 = -1.65339022054652515390e-6;
const P5 = 4.13813679705723846039e-8;
const LG1 = 6.666666666666735130e-1;
const LG2 = 3.999999999940941908e-1;
const LG3 = 2.857142874366239149e-1;
const LG4 = 2.222219843214978396e-1;
const LG5 = 1.818357216161805012e-1;
const LG6 = 1.531383769920937332e-1;
const LG7 = 1.479819860511658591e-1;

/** The exponential, with the bits of StrictMath.exp. @param {number} given */
export function exp(given) {
  let x = given;
  const negative = highWord(x) < 0;
  const high = highWord(x) & 0x7fffffff;
  if (high >= 0x40862e42) {
    if (Number.isNaN(x)) {
      return NaN;
    }
    if (x > EXP_OVERFLOWS) {
      return Infinity;
    }
    if (x < EXP_UNDERFLOWS) {
      return 0;
    }
  }
  let k = 0;
  let head = 0;
  let tail = 0;
  if (high > 0x3fd62e42) {
    if (high < 0x3ff0a2b2) {
      k = negative ? -1 : 1;
    } else {
      k = Math.trunc(ONE_OVER_LN2 * x + (negative ? -0.5 : 0.5));
    }
    head = x - k * LN2_HIGH;
    tail = k * LN2_LOW;
    x = head - tail;
  } else if (high < 0x3e300000) {
    return 1 + x;
  }
  const square = x * x;
  const c = x - square * (P1 + square * (P2 + square * (P3 + square * (P4 + square * P5))));
  if (k === 0) {
    return 1 - ((x * c) / (c - 2) - x);
  }
  const y = 1 - (tail - (x * c) / (2 - c) - head);
  if (k >= -1021) {
    return k === 1024 ? y * 2 * 2 ** 1023 : withHighWord(y, highWord(y) + (k << 20));
  }
  return withHighWord(y, highWord(y) + ((k + 1000) << 20)) * TWO_TO_MINUS_1000;
}

/** The natural logarithm, with the bits of StrictMath.log. @param {number} given */
export function log(given) {
  let x = given;
  let high = highWord(x);
  let k = 0;
  if (high < 0x00100000) {
    if (((high & 0x7fffffff) | lowWord(x)) === 0) {
      return -Infinity;
    }
    if (high < 0) {
      return NaN;
    }
    k -= 54;
    x *= TWO_TO_54;
    high = highWord(x);
  }
  if (high >= 0x7ff00000) {
    return x + x;
  }
  k += (high >> 20) - 1023;
  high &= 0x000fffff;
  const carry = (high + 0x95f64) & 0x100000;
  x = withHighWord(x, high | (carry ^ 0x3ff00000));
  k += carry >> 20;
  const f = x - 1;
  if ((0x000fffff & (2 + high)) < 3) {
    if (f === 0) {
      return k === 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
    }
    const r = f * f * (0.5 - 0.33333333333333333 * f);
    return k === 0 ? f - r : k * LN2_HIGH - (r - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (LG2 + w * (LG4 + w * LG6));
  const odd = z * (LG1 + w * (LG3 + w * (LG5 + w * LG7)));
  const r = odd + even;
  if (((high - 0x6147a) | (0x6b851 - high)) > 0) {
    const half = 0.5 * f * f;
    return k === 0
      ? f - (half - s * (half + r))
      : k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
  }
  return k === 0 ? f - s * (f - r) : k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f);
}
