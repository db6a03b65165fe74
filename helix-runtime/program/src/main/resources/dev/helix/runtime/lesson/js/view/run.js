// One decode of the chosen story: unsharded, and spread over ranks as the learner has chosen.
import { Decoder, UNSHARDED } from "../model/decoder.js";
import { MERGES, rightMerge } from "../model/merges.js";
import { owners } from "../model/placement.js";

/** How many new tokens are decoded: the answer, a full stop, and "Where is the". */
export const NEW_TOKENS = 5;

/** Shares that logits stand for. @param {Float64Array} logits */
export function softmax(logits) {
  const greatest = Math.max(...logits);
  const terms = Array.from(logits, (x) => Math.exp(x - greatest));
  const sum = terms.reduce((a, b) => a + b, 0);
  return terms.map((x) => x / sum);
}

export class Runs {
  /** @param {Decoder} decoder @param {string[]} words */
  constructor(decoder, words) {
    this.decoder = decoder;
    this.words = words;
    this.ids = new Map(words.map((word, id) => [word, id]));
    this.kept = new Map();
  }

  /**
   * The tokens of a story, or what is wrong with it.
   * @param {string} story @returns {{tokens: number[], unknown: string[], tooLong: boolean, empty: boolean}}
   */
  tokens(story) {
    const given = story.replace(/([.?])/g, " $1 ").split(/\s+/).filter((word) => word !== "");
    const unknown = given.filter((word) => !this.ids.has(word));
    return {
      tokens: [1, ...given.map((word) => this.ids.get(word))],
      unknown: [...new Set(unknown)],
      tooLong: given.length + 1 + NEW_TOKENS > Math.min(this.decoder.capacity, 160),
      empty: given.length === 0,
    };
  }

  /** @param {number[]} tokens */
  unsharded(tokens) {
    return this.once("whole " + tokens, () => this.decoder.decode(tokens, NEW_TOKENS, UNSHARDED));
  }

  /** @param {number[]} tokens @param {import("./state.js").Chosen} chosen @param {string} [merge] */
  sharded(tokens, chosen, merge = chosen.m) {
    return this.spread(tokens, chosen, merge, MERGES.get(merge));
  }

  /** What the model would say if, in the chosen layer, one rank had to speak alone. @param {number} rank */
  alone(tokens, chosen, rank) {
    return this.spread(tokens, chosen, `rank ${rank} in ${chosen.l}`, (lses, outputs, counts, layer) =>
      rightMerge(lses.map((lse, other) => (other === rank || layer !== chosen.l ? lse : -Infinity)), outputs));
  }

  spread(tokens, chosen, name, merge) {
    const key = [name, chosen.kvp, chosen.run, [...chosen.moved].join(";"), tokens].join(" ");
    return this.once(key, () =>
      this.decoder.decode(tokens, NEW_TOKENS, {
        kvp: chosen.kvp,
        owners: (count) => owners(count, chosen.kvp, chosen.run, chosen.moved),
        merge,
      }));
  }

  once(key, make) {
    if (!this.kept.has(key)) {
      if (this.kept.size > 40) {
        this.kept.delete(this.kept.keys().next().value);
      }
      this.kept.set(key, make());
    }
    return this.kept.get(key);
  }

  /** @param {number[]} tokens */
  text(tokens) {
    return tokens.map((token) => this.words[token]).join(" ");
  }

  /** The most likely next words with their shares; empty if a logit is not a number. */
  next(result, count = 3) {
    const logits = result.logits[0];
    if (!logits.every(Number.isFinite)) {
      return [];
    }
    return softmax(logits)
      .map((share, id) => ({ word: this.words[id], share }))
      .sort((a, b) => b.share - a.share)
      .slice(0, count);
  }
}
