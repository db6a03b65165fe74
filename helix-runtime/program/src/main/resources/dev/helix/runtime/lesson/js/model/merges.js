// Merges of one head: the right one, naive ones, and those that serving systems have shipped.
// Each takes the LSEs and outputs of the ranks and gives [lse, output]. The shipped ones have the keys
// of `decode --fault` and are held against the Java exhibits of the museum.
import { LOG2_E } from "../arithmetic/split-exponential.js";

const LN_2 = 0.6931471805599453;
const SENTINEL = -1e5;

/** @typedef {(lses: number[], outputs: Float64Array[], tokens?: number[], layer?: number, head?: number) => [number, Float64Array]} Merge */

function weighted(lses, outputs, greatest, use) {
  const output = new Float64Array(outputs[0].length);
  let sum = 0;
  lses.forEach((lse, rank) => {
    const weight = Math.exp(lse - greatest);
    if (use(lse, weight)) {
      for (let i = 0; i < output.length; i++) {
        output[i] += weight * outputs[rank][i];
      }
    }
    sum += weight;
  });
  for (let i = 0; i < output.length; i++) {
    output[i] /= sum;
  }
  return [greatest + Math.log(sum), output];
}

/** @type {Merge} */
export function rightMerge(lses, outputs) {
  const greatest = Math.max(...lses);
  if (greatest === -Infinity) {
    return [greatest, new Float64Array(outputs[0].length)];
  }
  return weighted(lses, outputs, greatest, (lse) => lse !== -Infinity);
}

function average(shares, lses, outputs) {
  const output = new Float64Array(outputs[0].length);
  outputs.forEach((own, rank) => {
    for (let i = 0; i < output.length; i++) {
      output[i] += shares[rank] * own[i];
    }
  });
  return [rightMerge(lses, outputs)[0], output];
}

/** @type {Merge} */
function plainAverage(lses, outputs) {
  return average(lses.map(() => 1 / lses.length), lses, outputs);
}

/** @type {Merge} */
function averageByTokens(lses, outputs, tokens) {
  const all = tokens.reduce((a, b) => a + b, 0);
  return average(tokens.map((own) => own / all), lses, outputs);
}

/** Weighted sums of softmax outputs, added up without their weights. @type {Merge} */
function addedUp(lses, outputs) {
  return average(lses.map(() => 1), lses, outputs);
}

/** The last rank with tokens never arrives. @type {Merge} */
function lostRank(lses, outputs) {
  const last = lses.reduce((found, lse, rank) => (lse === -Infinity ? found : rank), 0);
  return rightMerge(lses.map((lse, rank) => (rank === last ? -Infinity : lse)), outputs);
}

/** @type {Merge} */
function base2AsE(lses, outputs) {
  const [lse, output] = rightMerge(lses.map((one) => one * LOG2_E), outputs);
  return [lse * LN_2, output];
}

/** @type {Merge} */
function baseOfAnotherBackend(lses, outputs) {
  const [lse, output] = rightMerge(lses.map((one) => one * LN_2), outputs);
  return [lse * LOG2_E, output];
}

/** @type {Merge} */
function twoEmptyPartials(lses, outputs) {
  return weighted(lses, outputs, Math.max(...lses), (lse, weight) => weight !== 0);
}

/** @type {Merge} */
function zeroTimesNaN(lses, outputs) {
  const greatest = Math.max(...lses);
  if (greatest === -Infinity) {
    return [greatest, new Float64Array(outputs[0].length)];
  }
  return weighted(lses, outputs, greatest, () => true);
}

/** @type {Merge} */
function finiteSentinel(lses, outputs) {
  if (!lses.includes(-Infinity)) {
    return rightMerge(lses, outputs);
  }
  const greatest = Math.max(SENTINEL, ...lses);
  if (lses.every((lse) => Math.exp(lse - greatest) === 0)) {
    return [-Infinity, new Float64Array(outputs[0].length)];
  }
  return weighted(lses, outputs, greatest, (lse, weight) => weight !== 0);
}

/** @type {Merge} */
function seededFold(lses, outputs) {
  const output = new Float64Array(outputs[0].length);
  let greatest = -Infinity;
  let sum = 0;
  lses.forEach((lse, rank) => {
    const next = Math.max(greatest, lse);
    const rescale = Math.exp(greatest - next);
    const weight = Math.exp(lse - next);
    sum = sum * rescale + weight;
    for (let i = 0; i < output.length; i++) {
      output[i] = output[i] * rescale + (weight === 0 ? 0 : weight * outputs[rank][i]);
    }
    greatest = next;
  });
  for (let i = 0; i < output.length; i++) {
    output[i] /= sum;
  }
  return [greatest + Math.log(sum), output];
}

/** @type {Merge} */
function rawGap(lses, outputs) {
  let output = new Float64Array(outputs[0].length);
  let all = -Infinity;
  lses.forEach((lse, rank) => {
    if (lse === -Infinity) {
      return;
    }
    if (all === -Infinity) {
      output = Float64Array.from(outputs[rank]);
      all = lse;
      return;
    }
    const ratio = Math.exp(lse - all);
    for (let i = 0; i < output.length; i++) {
      output[i] = (output[i] + ratio * outputs[rank][i]) / (1 + ratio);
    }
    all += Math.log1p(ratio);
  });
  return [all, output];
}

const asFloat = new DataView(new ArrayBuffer(4));

/** The nearest number of BF16; of two equally near the even one. @param {number} x */
export function bf16(x) {
  const single = Math.fround(x);
  if (!Number.isFinite(single)) {
    return single;
  }
  asFloat.setFloat32(0, single);
  const bits = asFloat.getUint32(0);
  const kept = (bits & 0xffff0000) >>> 0;
  // What the first rounding lost decides where single precision is half way.
  let beyond = (bits & 0xffff) - 0x8000;
  if (beyond === 0) {
    beyond = Math.sign(Math.abs(x) - Math.abs(single));
  }
  asFloat.setUint32(0, beyond > 0 || (beyond === 0 && (kept & 0x10000) !== 0) ? kept + 0x10000 : kept);
  return asFloat.getFloat32(0);
}

/** @type {Merge} */
function roundedFirst(lses, outputs) {
  return rightMerge(lses, outputs.map((output) => output.map(bf16)));
}

/** All merges by key. @type {Map<string, Merge>} */
export const MERGES = new Map([
  ["right", rightMerge],
  ["average", plainAverage],
  ["average-by-tokens", averageByTokens],
  ["added-up", addedUp],
  ["lost-rank", lostRank],
  ["two-empty-partials-merge-to-nan", twoEmptyPartials],
  ["weight-0-times-nan-poisons-the-sum", zeroTimesNaN],
  ["a-inf-seed-poisons-a-running-fold", seededFold],
  ["exp-of-the-raw-lse-gap-overflows", rawGap],
  ["base-2-lse-merged-as-base-e", base2AsE],
  ["lse-base-of-decode-follows-the-flag-of-the-prefill-backend", baseOfAnotherBackend],
  ["the-finite-sentinel-of-an-empty-shard-is-merged-as-a-maximum", finiteSentinel],
  ["partial-outputs-rounded-to-bf16-before-the-merge", roundedFirst],
]);
