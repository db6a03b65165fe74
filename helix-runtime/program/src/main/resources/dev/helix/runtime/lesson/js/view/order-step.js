// One merge in several orders, in doubles and exactly.
import { rightMerge } from "../model/merges.js";
import { decimal } from "./dom.js";
import { tableFigure } from "./figure.js";
import { fingerprint } from "./fingerprints.js";
import { shown } from "./picture.js";
import { KVPS } from "./state.js";

// The third order merges ranks 0 and 2 first, which neither of the others does.
const ORDERS = [[0, 1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1, 0], [2, 0, 7, 4, 1, 6, 3, 5]];

/** Two merged states, and what was merged in brackets. */
function pair(a, b) {
  const [lse, output] = rightMerge([a.lse, b.lse], [a.output, b.output]);
  const inBrackets = (name) => (name.includes(" ") ? `(${name})` : name);
  return { lse, output, name: `${inBrackets(a.name)} ${inBrackets(b.name)}` };
}

function fold(parts) {
  return parts.reduce(pair);
}

function tree(parts) {
  const pairs = [];
  for (let i = 0; i < parts.length; i += 2) {
    pairs.push(i + 1 < parts.length ? pair(parts[i], parts[i + 1]) : parts[i]);
  }
  return pairs.length === 1 ? pairs[0] : tree(pairs);
}

/**
 * The merge of plain doubles in several orders, each as a fold and as a tree; no way twice. Ranks
 * without tokens are left out: they change nothing, and would make one way look like two.
 */
function groupings({ states }) {
  const ways = ORDERS.flatMap((order) => {
    const parts = order.filter((rank) => states[rank]?.tokens > 0).map((rank) => ({ ...states[rank], name: String(rank) }));
    return [{ kind: "fold", ...fold(parts) }, { kind: "tree", ...tree(parts) }];
  });
  return ways.filter((way, i) => ways.findIndex((other) => other.name === way.name) === i);
}

/** The largest difference between two ways, in any component. */
function spread(ways) {
  return Math.max(...Array.from(ways[0].output, (unused, i) => {
    const numbers = ways.map((way) => way.output[i]);
    return Math.max(...numbers) - Math.min(...numbers);
  }));
}

function exactFingerprints({ fingerprints, facts, chosen }) {
  return KVPS.map((kvp) => fingerprints.of(facts.whole.last[chosen.l], chosen.h, { ...chosen, kvp }));
}

export const ORDER = {
  covers: ["outcome"],
  controls: ["kvp", "run", "layer", "head", "digits"],
  always: { m: "right" },
  facts: (context) => {
    const ways = groupings(context.facts);
    return { different: new Set(ways.map((way) => fingerprint(way.output))).size, all: ways.length,
      spread: decimal(Number(spread(ways).toPrecision(2))), exact: new Set(exactFingerprints(context)).size };
  },
  play: (context) => {
    const { words, facts, chosen } = context;
    return [
      tableFigure("orders", words.play.orders, words, [words.play.order,
        chosen.digits === "bits" ? words.picture.first : words.play.seventeen, words.play.hash],
        groupings(facts).map((way) => [`${words.play[way.kind]} ${way.name}`,
          shown(way.output[0], chosen.digits === "bits" ? "bits" : "17"), fingerprint(way.output)])),
      tableFigure("exact", words.play.exact, words, [words.play.layout, words.play.hash],
        exactFingerprints(context).map((one, i) => ["KVP " + KVPS[i], one])),
    ];
  },
};
