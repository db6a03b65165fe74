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

/** The longest text that the model has learned, in tokens. */
const LONGEST = 160;

/** How many decodes are kept. A step asks for at most 18, and others stay for the way back. */
const KEPT = 60;

/** Calls when what is drawn now has been painted; a page in the background is never painted. */
function afterPainting(act) {
  let called = false;
  const once = () => {
    if (!called) {
      called = true;
      act();
    }
  };
  requestAnimationFrame(() => setTimeout(once, 20));
  setTimeout(once, 250);
}

export class Runs {
  /** @param {Decoder} decoder @param {string[]} words @param {() => void} arrived after decodes that had to wait */
  constructor(decoder, words, arrived) {
    this.decoder = decoder;
    this.words = words;
    this.ids = new Map(words.map((word, id) => [word, id]));
    this.kept = new Map();
    this.arrived = arrived;
    this.waiting = new Map();
    this.working = false;
    this.atOnce = false;
  }

  /** Calls something that needs all decodes at once, as paper does. */
  withoutWaiting(act) {
    this.atOnce = true;
    try {
      return act();
    } finally {
      this.atOnce = false;
    }
  }

  /**
   * The tokens of a story, or what is wrong with it.
   * @param {string} story @returns {{tokens: number[], unknown: string[], tooLong: boolean, empty: boolean,
   *     count: number, most: number}} most is how many words a story may have
   */
  tokens(story) {
    const given = story.replace(/([.?])/g, " $1 ").split(/\s+/).filter((word) => word !== "");
    const unknown = given.filter((word) => !this.ids.has(word));
    const most = Math.min(this.decoder.capacity, LONGEST) - 1 - NEW_TOKENS;
    return {
      tokens: [1, ...given.map((word) => this.ids.get(word))],
      unknown: [...new Set(unknown)],
      tooLong: given.length > most,
      count: given.length,
      most,
      empty: given.length === 0,
    };
  }

  /** @param {number[]} tokens */
  unsharded(tokens) {
    return this.once("whole " + tokens, () => this.decoder.decode(tokens, NEW_TOKENS, UNSHARDED));
  }

  /**
   * The decode that the picture shows.
   * @param {number[]} tokens @param {import("./state.js").Chosen} chosen
   * @param {number[]} shifts what is added to each rank's LSE in the chosen head; none if empty
   */
  sharded(tokens, chosen, shifts) {
    const merge = MERGES.get(chosen.m);
    if (shifts.every((shift) => shift === 0)) {
      return this.once(...this.spread(tokens, chosen, chosen.m, merge));
    }
    const { l, h } = chosen;
    return this.once(...this.spread(tokens, chosen, `${chosen.m}, ${shifts} in ${l}, ${h}`, (lses, outputs, counts, layer, head) =>
      merge(layer === l && head === h ? lses.map((lse, rank) => lse + shifts[rank]) : lses, outputs, counts)));
  }

  /** A decode beside that, or null, until the page has been painted and it is done. @param {string} merge */
  beside(tokens, chosen, merge) {
    return this.later(...this.spread(tokens, chosen, merge, MERGES.get(merge)));
  }

  /** What the model would say if, in the chosen layer, one rank had to speak alone; or null. @param {number} rank */
  alone(tokens, chosen, rank) {
    return this.later(...this.spread(tokens, chosen, `rank ${rank} in ${chosen.l}`, (lses, outputs, counts, layer) =>
      rightMerge(lses.map((lse, other) => (other === rank || layer !== chosen.l ? lse : -Infinity)), outputs)));
  }

  spread(tokens, chosen, name, merge) {
    const key = [name, chosen.kvp, chosen.run, [...chosen.moved].join(";"), tokens].join(" ");
    return [key, () =>
      this.decoder.decode(tokens, NEW_TOKENS, {
        kvp: chosen.kvp,
        owners: (count) => owners(count, chosen.kvp, chosen.run, chosen.moved),
        merge,
      })];
  }

  once(key, make) {
    const found = this.kept.get(key) ?? make();
    this.kept.delete(key);
    this.kept.set(key, found);
    if (this.kept.size > KEPT) {
      this.kept.delete(this.kept.keys().next().value);
    }
    return found;
  }

  later(key, make) {
    if (this.atOnce || this.kept.has(key)) {
      return this.once(key, make);
    }
    this.waiting.set(key, make);
    if (!this.working) {
      this.working = true;
      afterPainting(() => this.work());
    }
    return null;
  }

  /** One decode at a time, so that the page stays usable; at last the page is told. */
  work() {
    const [next] = this.waiting;
    if (next === undefined) {
      this.working = false;
      this.arrived();
    } else {
      this.waiting.delete(next[0]);
      this.once(...next);
      setTimeout(() => this.work());
    }
  }

  /** Nobody wants any more what has not begun. */
  forget() {
    this.waiting.clear();
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
