// The forward pass of the embedded model in double precision, with its KV cache dealt to ranks.
import { partialState } from "./partial.js";
import { rightMerge } from "./merges.js";

/**
 * Multiplies a matrix of an even height with several rows. Two outputs of four rows are summed side
 * by side, each in the order of the columns; at the end the last row is computed again, which is
 * simpler than a loop for each remainder.
 */
function linear(matrix, rows) {
  const [height, width] = matrix.shape;
  const weights = matrix.values;
  const results = rows.map(() => new Float64Array(height));
  const last = rows.length - 1;
  for (let row = 0; row <= last; row += 4) {
    const r1 = Math.min(row + 1, last);
    const r2 = Math.min(row + 2, last);
    const r3 = Math.min(row + 3, last);
    const x0 = rows[row];
    const x1 = rows[r1];
    const x2 = rows[r2];
    const x3 = rows[r3];
    for (let o = 0; o < height; o += 2) {
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0, t0 = 0, t1 = 0, t2 = 0, t3 = 0;
      for (let i = 0, at = o * width; i < width; i++, at++) {
        const v = weights[at];
        const w = weights[at + width];
        const a0 = x0[i];
        const a1 = x1[i];
        const a2 = x2[i];
        const a3 = x3[i];
        s0 += v * a0;
        s1 += v * a1;
        s2 += v * a2;
        s3 += v * a3;
        t0 += w * a0;
        t1 += w * a1;
        t2 += w * a2;
        t3 += w * a3;
      }
      results[row][o] = s0;
      results[r1][o] = s1;
      results[r2][o] = s2;
      results[r3][o] = s3;
      results[row][o + 1] = t0;
      results[r1][o + 1] = t1;
      results[r2][o + 1] = t2;
      results[r3][o + 1] = t3;
    }
  }
  return results;
}

/** Adds rows to rows. */
function sums(rows, others) {
  return rows.map((row, r) => row.map((x, i) => x + others[r][i]));
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

/** The scores of one query head for the first tokens of a cache. */
function scoresOf(query, queryFrom, keys, tokens, from, dim) {
  const scores = new Float64Array(tokens);
  const scale = Math.sqrt(dim);
  for (let j = 0; j < tokens; j++) {
    const key = keys[j];
    let sum = 0;
    for (let i = 0; i < dim; i++) {
      sum += query[queryFrom + i] * key[from + i];
    }
    scores[j] = sum / scale;
  }
  return scores;
}

/**
 * How a decode spreads its cache and merges.
 * @typedef {{kvp: number, owners: (tokens: number) => number[], merge: import("./merges.js").Merge,
 *     keepsCache?: boolean, tap?: (row: Float64Array) => void}} Spread with keepsCache the views hold
 *     the query, keys and values, else they are let go; tap is told, token by token, the embedding, in each
 *     layer the attention output, the sum, the FFN output and the sum, and at last the logits
 */

/** @type {Spread} */
export const UNSHARDED = { kvp: 1, owners: (tokens) => new Array(tokens).fill(0), merge: rightMerge, keepsCache: true };

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
    const owners = spread.owners(prompt.length + count - 1);
    const caches = Array.from({ length: this.config.layers }, () =>
      ({ keys: [], values: [], own: Array.from({ length: spread.kvp }, () => []) }));
    const tokens = [];
    const logits = [];
    let last = [];
    let read = prompt;
    for (let position = 0; tokens.length < count; position += read.length, read = tokens.slice(-1)) {
      const { hidden, views } = this.block(read, position, caches, spread, owners);
      last = position === 0 ? views : last;
      const own = this.logits(hidden);
      spread.tap?.(own);
      logits.push(own);
      tokens.push(own.reduce((best, logit, id) => (logit > own[best] ? id : best), 0));
    }
    return { tokens, logits, last };
  }

  logits(hidden) {
    const normed = rmsNorm(hidden, this.weights.get("model.norm.weight"), this.config.epsilon);
    return linear(this.weights.get("lm_head.weight"), [normed])[0];
  }

  /** Reads some tokens, layer by layer; gives the last one's hidden state and its views. */
  block(tokens, first, caches, spread, owners) {
    const { layers, epsilon } = this.config;
    const table = this.weights.get("model.embed_tokens.weight");
    const width = table.shape[1];
    const taps = tokens.map(() => []);
    const tapped = (rows) => {
      rows.forEach((row, r) => taps[r].push(row));
      return rows;
    };
    const views = [];
    let hidden = tapped(tokens.map((token) => table.values.slice(token * width, (token + 1) * width)));
    for (let layer = 0; layer < layers; layer++) {
      const of = (name) => this.weights.get(`model.layers.${layer}.${name}.weight`);
      const normed = hidden.map((row) => rmsNorm(row, of("input_layernorm"), epsilon));
      // Nobody reads what the last layer makes of tokens before the last; their keys and values suffice.
      const asked = layer === layers - 1 && !spread.tap ? hidden.length - 1 : 0;
      const { outputs, view } = this.attend(of, normed, asked, first, caches[layer], spread, owners, layer);
      views.push(view);
      hidden = hidden.slice(asked);
      hidden = tapped(sums(hidden, tapped(linear(of("self_attn.o_proj"), outputs))));
      const again = hidden.map((row) => rmsNorm(row, of("post_attention_layernorm"), epsilon));
      const gates = linear(of("mlp.gate_proj"), again);
      const ups = linear(of("mlp.up_proj"), again);
      const activated = gates.map((gate, r) => gate.map((g, i) => (g / (1 + Math.exp(-g))) * ups[r][i]));
      hidden = tapped(sums(hidden, tapped(linear(of("mlp.down_proj"), activated))));
    }
    if (spread.tap) {
      taps.flat().forEach(spread.tap);
    }
    return { hidden: hidden[hidden.length - 1], views };
  }

  /**
   * What attention of one layer held for one token.
   * @typedef {{scores: number[][], states: import("./partial.js").State[][], output: Float64Array,
   *     whole: import("./partial.js").State[], lses: number[],
   *     cache?: {query: Float64Array, keys: Float64Array[], values: Float64Array[]}}} LayerView
   */
  attend(of, rows, asked, first, cache, spread, owners, layer) {
    const { heads, kvHeads, dim } = this.config;
    const half = dim / 2;
    const turn = (row, position) => {
      const at = position * half;
      return turned(row, dim, this.cosines.subarray(at, at + half), this.sines.subarray(at, at + half));
    };
    const queries = linear(of("self_attn.q_proj"), rows.slice(asked)).map((row, r) => turn(row, first + asked + r));
    cache.keys.push(...linear(of("self_attn.k_proj"), rows).map((row, r) => turn(row, first + r)));
    cache.values.push(...linear(of("self_attn.v_proj"), rows));
    const view = { scores: [], states: [], whole: [], lses: [], output: null };
    for (let position = first; position < first + asked; position++) {
      cache.own[owners[position]].push(position);
    }
    const outputs = queries.map((query, r) => {
      const position = first + asked + r;
      cache.own[owners[position]].push(position);
      const output = new Float64Array(heads * dim);
      for (let head = 0; head < heads; head++) {
        const from = Math.floor(head / (heads / kvHeads)) * dim;
        const scores = scoresOf(query, head * dim, cache.keys, position + 1, from, dim);
        const states = cache.own.map((tokens) => partialState(scores, cache.values, from, dim, tokens));
        const [lse, merged] = spread.merge(
          states.map((state) => state.lse),
          states.map((state) => state.output),
          states.map((state) => state.tokens),
          layer,
          head);
        output.set(merged, head * dim);
        if (r === queries.length - 1) {
          view.scores.push(Array.from(scores));
          view.states.push(states);
          view.whole.push(partialState(scores, cache.values, from, dim, Array.from(scores.keys())));
          view.lses.push(lse);
        }
      }
      view.output = output;
      if (spread.keepsCache) {
        view.cache = { query, keys: cache.keys.slice(0, position + 1), values: cache.values.slice(0, position + 1) };
      }
      return output;
    });
    return { outputs, view };
  }
}
