// The forward pass of the embedded model in double precision, with its KV cache dealt to ranks.
import { partialState } from "./partial.js";
import { rightMerge } from "./merges.js";

function linear(matrix, x) {
  const y = new Float64Array(matrix.shape[0]);
  const width = matrix.shape[1];
  for (let o = 0; o < y.length; o++) {
    let sum = 0;
    for (let i = 0, at = o * width; i < width; i++, at++) {
      sum += matrix.values[at] * x[i];
    }
    y[o] = sum;
  }
  return y;
}

function rmsNorm(x, weight, epsilon) {
  let squares = 0;
  for (const one of x) {
    squares += one * one;
  }
  const rms = Math.sqrt(squares / x.length + epsilon);
  return x.map((one, i) => (one / rms) * weight.values[i]);
}

/** Turns each pair (i, i + half) of each head by the angle of the position. */
function turned(heads, dim, cosines, sines) {
  const half = dim / 2;
  const result = new Float64Array(heads.length);
  for (let from = 0; from < heads.length; from += dim) {
    for (let i = 0; i < half; i++) {
      const a = heads[from + i];
      const b = heads[from + i + half];
      result[from + i] = a * cosines[i] - b * sines[i];
      result[from + i + half] = b * cosines[i] + a * sines[i];
    }
  }
  return result;
}

/**
 * How a decode spreads its cache and merges.
 * @typedef {{kvp: number, owners: (tokens: number) => number[], merge: import("./merges.js").Merge,
 *     tap?: (row: Float64Array) => void}} Spread tap is told, for each token, the embedding, in each
 *     layer the attention output, the sum, the FFN output and the sum, and at last the logits
 */

/** @type {Spread} */
export const UNSHARDED = { kvp: 1, owners: (tokens) => new Array(tokens).fill(0), merge: rightMerge };

export class Decoder {
  /**
   * @param {{heads: number, kvHeads: number, dim: number, layers: number, epsilon: number}} config
   * @param {Map<string, {shape: number[], values: Float64Array}>} weights
   * @param {Float64Array} cosines by position, dim / 2 each
   * @param {Float64Array} sines likewise
   */
  constructor(config, weights, cosines, sines) {
    this.config = config;
    this.weights = weights;
    this.cosines = cosines;
    this.sines = sines;
  }

  /** The greatest number of tokens, new ones included. */
  get capacity() {
    return this.cosines.length / (this.config.dim / 2);
  }

  /**
   * Decodes greedily.
   * @param {number[]} prompt @param {number} count @param {Spread} spread
   * @returns {{tokens: number[], logits: Float64Array[], last: LayerView[]}} the new tokens, their
   *     logits, and what attention held in each layer for the prompt's last token
   */
  decode(prompt, count, spread) {
    const cache = Array.from({ length: this.config.layers }, () => ({ keys: [], values: [] }));
    const tokens = [];
    const logits = [];
    let last = [];
    let next = 0;
    for (let position = 0; position < prompt.length + count - 1; position++) {
      const token = position < prompt.length ? prompt[position] : next;
      const layers = [];
      const sampled = position >= prompt.length - 1;
      const own = this.step(token, position, cache, spread, layers, sampled);
      if (position === prompt.length - 1) {
        last = layers;
      }
      if (sampled) {
        next = own.reduce((best, logit, id) => (logit > own[best] ? id : best), 0);
        logits.push(own);
        tokens.push(next);
      }
    }
    return { tokens, logits, last };
  }

  step(token, position, cache, spread, views, sampled) {
    const { layers, epsilon } = this.config;
    const named = (name) => this.weights.get(name);
    const table = named("model.embed_tokens.weight");
    const width = table.shape[1];
    const tap = spread.tap ?? (() => {});
    let hidden = table.values.slice(token * width, (token + 1) * width);
    tap(hidden);
    for (let layer = 0; layer < layers; layer++) {
      const of = (name) => named(`model.layers.${layer}.${name}.weight`);
      const x = rmsNorm(hidden, of("input_layernorm"), epsilon);
      const view = this.attend(of, x, position, cache[layer], spread, layer);
      views.push(view);
      const attended = linear(of("self_attn.o_proj"), view.output);
      tap(attended);
      hidden = hidden.map((h, i) => h + attended[i]);
      tap(hidden);
      const y = rmsNorm(hidden, of("post_attention_layernorm"), epsilon);
      const gate = linear(of("mlp.gate_proj"), y);
      const up = linear(of("mlp.up_proj"), y);
      const transformed = linear(
        of("mlp.down_proj"), gate.map((g, i) => (g / (1 + Math.exp(-g))) * up[i]));
      tap(transformed);
      hidden = hidden.map((h, i) => h + transformed[i]);
      tap(hidden);
    }
    if (!sampled) {
      return new Float64Array(0);
    }
    const logits = linear(named("lm_head.weight"), rmsNorm(hidden, named("model.norm.weight"), epsilon));
    tap(logits);
    return logits;
  }

  /**
   * What attention of one layer held for one token.
   * @typedef {{scores: number[][], states: import("./partial.js").State[][], output: Float64Array,
   *     whole: import("./partial.js").State[], lses: number[]}} LayerView
   */
  attend(of, x, position, cache, spread, layer) {
    const { heads, kvHeads, dim } = this.config;
    const half = dim / 2;
    const cosines = this.cosines.subarray(position * half, (position + 1) * half);
    const sines = this.sines.subarray(position * half, (position + 1) * half);
    const queries = turned(linear(of("self_attn.q_proj"), x), dim, cosines, sines);
    cache.keys.push(turned(linear(of("self_attn.k_proj"), x), dim, cosines, sines));
    cache.values.push(linear(of("self_attn.v_proj"), x));
    const owners = spread.owners(position + 1);
    const own = Array.from({ length: spread.kvp }, () => []);
    owners.forEach((rank, token) => own[rank].push(token));
    const everything = owners.map((rank, token) => token);
    const view = {
      scores: [], states: [], whole: [], lses: [], output: new Float64Array(heads * dim) };
    for (let head = 0; head < heads; head++) {
      const from = Math.floor(head / (heads / kvHeads)) * dim;
      const scores = cache.keys.map((key) => {
        let sum = 0;
        for (let i = 0; i < dim; i++) {
          sum += queries[head * dim + i] * key[from + i];
        }
        return sum / Math.sqrt(dim);
      });
      const states = own.map((tokens) => partialState(scores, cache.values, from, dim, tokens));
      const [lse, output] = spread.merge(
        states.map((state) => state.lse),
        states.map((state) => state.output),
        states.map((state) => state.tokens),
        layer);
      view.scores.push(scores);
      view.states.push(states);
      view.whole.push(partialState(scores, cache.values, from, dim, everything));
      view.lses.push(lse);
      view.output.set(output, head * dim);
    }
    return view;
  }
}
