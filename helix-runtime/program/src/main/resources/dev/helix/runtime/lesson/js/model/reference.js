// Recomputes what Java exported: partial states and merged attention of the exact reading, bit for bit.
import { bitsOf } from "../arithmetic/doubles.js";
import { nearest } from "../arithmetic/dyadic.js";
import { exactMerge, exactOutput, exactState, exactTerms } from "./partial.js";
import { owners } from "./placement.js";

/**
 * Java's values of one layer, and the queries, keys and values that they are made from.
 * @typedef {{queries: Float64Array, keys: Float64Array[], values: Float64Array[],
 *     layouts: {kvp: number, run: number, partial: Float64Array[], weights: Float64Array[]}[],
 *     merged: Float64Array}} Exported
 */

/**
 * Compares one head of one layer.
 * @param {Exported} layer @param {number} head
 * @param {{heads: number, kvHeads: number, dim: number}} config
 * @returns {{values: number, equal: number}} how many values were compared, and how many have Java's bits
 */
export function compareHead(layer, head, config) {
  const { heads, kvHeads, dim } = config;
  const from = Math.floor(head / (heads / kvHeads)) * dim;
  const terms = exactTerms(
    layer.queries, head * dim, layer.keys, layer.values, from, dim, 1 / Math.sqrt(dim));
  let values = 0;
  let equal = 0;
  const compare = (mine, javas) => {
    values++;
    equal += bitsOf(mine) === bitsOf(javas) ? 1 : 0;
  };
  for (const layout of layer.layouts) {
    const of = owners(terms.length, layout.kvp, layout.run, new Map());
    const states = [];
    for (let rank = 0; rank < layout.kvp; rank++) {
      const own = of.flatMap((owner, token) => (owner === rank ? [token] : []));
      const state = exactState(terms, own, dim);
      compare(nearest(state.weights), layout.weights[rank][head]);
      state.weighted.forEach((sum, i) =>
        compare(nearest(sum), layout.partial[rank][head * dim + i]));
      states.push(state);
    }
    exactOutput(exactMerge(states)).forEach((x, i) => compare(x, layer.merged[head * dim + i]));
  }
  return { values, equal };
}
