// Fingerprints of exact attention: the bits that one head gives for the last token of a story, over
// the queries, keys and values of the unsharded decode, in whatever layout.
import { hex } from "../arithmetic/doubles.js";
import { exactMerge, exactOutput, exactState, exactTerms } from "../model/partial.js";
import { owners } from "../model/placement.js";

/** A short fingerprint of many bits (FNV-1a of 64 bits). @param {Iterable<number>} numbers */
export function fingerprint(numbers) {
  let hash = 0xcbf29ce484222325n;
  for (const x of numbers) {
    for (const digit of hex(x)) {
      hash = ((hash ^ BigInt(digit.charCodeAt(0))) * 0x100000001b3n) & 0xffffffffffffffffn;
    }
  }
  return hash.toString(16).padStart(16, "0");
}

/** Keeps what it has computed of one head of one story. */
export class Fingerprints {
  /** @param {{heads: number, kvHeads: number, dim: number}} config */
  constructor(config) {
    this.config = config;
    this.inputs = null;
  }

  /**
   * The fingerprint of a head in a layout.
   * @param {import("../model/decoder.js").LayerView} view of a decode that keeps its cache
   * @param {number} head @param {{kvp: number, run: number, moved: Map<number, number>}} layout
   */
  of(view, head, { kvp, run, moved }) {
    if (this.inputs !== view.cache || this.head !== head) {
      const { heads, kvHeads, dim } = this.config;
      const { query, keys, values } = view.cache;
      this.inputs = view.cache;
      this.head = head;
      this.terms = exactTerms(query, head * dim, keys, values, Math.floor(head / (heads / kvHeads)) * dim, dim, 1 / Math.sqrt(dim));
      this.kept = new Map();
    }
    const of = owners(this.terms.length, kvp, run, moved);
    const layout = of.join("");
    if (!this.kept.has(layout)) {
      const states = Array.from({ length: kvp }, (unused, rank) =>
        exactState(this.terms, of.flatMap((owner, j) => (owner === rank ? [j] : [])), this.config.dim));
      this.kept.set(layout, fingerprint(exactOutput(exactMerge(states))));
    }
    return this.kept.get(layout);
  }
}
