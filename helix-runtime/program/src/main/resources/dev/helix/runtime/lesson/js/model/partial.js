// Partial attention of one query head over the tokens of one rank, in double precision and exactly.
import { dotInOrder } from "../arithmetic/fma.js";
import { dyadic, nearestQuotient, plus, times, ZERO } from "../arithmetic/dyadic.js";
import { weightOf } from "../arithmetic/split-exponential.js";

/**
 * The state of one rank: its output, normalised over its own tokens, and the log-sum-exp of its scores.
 * @typedef {{output: Float64Array, lse: number, tokens: number}} State
 */

/**
 * @param {number[]} scores of all tokens
 * @param {Float64Array[]} values of all tokens, each with those of all KV heads
 * @param {number} from where the head's components begin
 * @param {number} dim
 * @param {number[]} own the rank's tokens
 * @returns {State}
 */
export function partialState(scores, values, from, dim, own) {
  const output = new Float64Array(dim);
  if (own.length === 0) {
    return { output, lse: -Infinity, tokens: 0 };
  }
  let greatest = -Infinity;
  for (let at = 0; at < own.length; at++) {
    greatest = Math.max(greatest, scores[own[at]]);
  }
  let sum = 0;
  for (let at = 0; at < own.length; at++) {
    const value = values[own[at]];
    const weight = Math.exp(scores[own[at]] - greatest);
    sum += weight;
    for (let i = 0; i < dim; i++) {
      output[i] += weight * value[from + i];
    }
  }
  for (let i = 0; i < dim; i++) {
    output[i] /= sum;
  }
  return { output, lse: greatest + Math.log(sum), tokens: own.length };
}

/**
 * The exact state: two sums that are never rounded.
 * @typedef {{weighted: {n: bigint, e: number}[], weights: {n: bigint, e: number}}} ExactState
 */

/** The exact state of some tokens. @returns {ExactState} */
export function exactState(terms, own, dim) {
  const weighted = new Array(dim).fill(ZERO);
  let weights = ZERO;
  for (const j of own) {
    weights = plus(weights, terms[j].weight);
    for (let i = 0; i < dim; i++) {
      weighted[i] = plus(weighted[i], terms[j].weighted[i]);
    }
  }
  return { weighted, weights };
}

/** The exact terms of all tokens for one head: p and p * v. */
export function exactTerms(query, queryFrom, keys, values, from, dim, scale) {
  return keys.map((key, j) => {
    const weight = weightOf(scale * dotInOrder(query, queryFrom, key, from, dim));
    const weighted = [];
    for (let i = 0; i < dim; i++) {
      weighted.push(times(weight, dyadic(values[j][from + i])));
    }
    return { weight, weighted };
  });
}

/** Merging is adding, whatever the order. @param {ExactState[]} states @returns {ExactState} */
export function exactMerge(states) {
  return states.reduce((a, b) => ({
    weights: plus(a.weights, b.weights),
    weighted: a.weighted.map((sum, i) => plus(sum, b.weighted[i])),
  }));
}

/** The attention that an exact state stands for, each component rounded once. @param {ExactState} state */
export function exactOutput(state) {
  return state.weighted.map((sum) =>
    state.weights.n === 0n ? 0 : nearestQuotient(sum, state.weights));
}
