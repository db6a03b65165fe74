// One merge in several orders, in doubles and exactly.
import { rightMerge } from "../model/merges.js";
import { partialState } from "../model/partial.js";
import { owners } from "../model/placement.js";
import { decimal, el, filled } from "./dom.js";
import { tableFigure } from "./figure.js";
import { fingerprint } from "./fingerprints.js";
import { shown, weightsOf } from "./picture.js";
import { KVPS, RUNS } from "./state.js";

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

/** A fold and a tree of neighbours are one and the same for fewer states. */
const FOUR = 4;

/**
 * The states of the shown head on four ranks, over the queries, keys and values of the unsharded
 * decode, in the longest runs with which all four have tokens; null for a story that is too short.
 * @returns {{run: number, states: import("../model/partial.js").State[]}|null}
 */
function onFourRanks({ facts, chosen, tokens, data }) {
  const run = RUNS.filter((one) => tokens.length > (FOUR - 1) * one).pop();
  if (run === undefined) {
    return null;
  }
  const { heads, kvHeads, dim } = data.config;
  const view = facts.whole.last[chosen.l];
  const of = owners(tokens.length, FOUR, run, new Map());
  const own = (rank) => of.flatMap((owner, token) => (owner === rank ? [token] : []));
  const from = Math.floor(chosen.h / (heads / kvHeads)) * dim;
  return { run, states: Array.from({ length: FOUR }, (unused, rank) =>
    partialState(view.scores[chosen.h], view.cache.values, from, dim, own(rank))) };
}

/** What comes out in several orders: how many were tried, how many outputs differ, and by how much. */
function counted(ways) {
  return { all: ways.length, different: new Set(ways.map((way) => fingerprint(way.output))).size,
    spread: decimal(Number(widest(ways).by.toPrecision(2))) };
}

/**
 * The merge of plain doubles in several orders, each as a fold and as a tree; no way twice. Ranks
 * without tokens are left out: they change nothing, and would make one way look like two.
 */
function groupings(states) {
  const ways = ORDERS.flatMap((order) => {
    const parts = order.filter((rank) => states[rank]?.tokens > 0).map((rank) => ({ ...states[rank], name: String(rank) }));
    return [{ kind: "fold", ...fold(parts) }, { kind: "tree", ...tree(parts) }];
  });
  return ways.filter((way, i) => ways.findIndex((other) => other.name === way.name) === i);
}

/** The component in which two ways differ most, and by how much; the first one if all are equal. */
function widest(ways) {
  return Array.from(ways[0].output, (unused, component) => {
    const numbers = ways.map((way) => way.output[component]);
    return { component, by: Math.max(...numbers) - Math.min(...numbers) };
  }).reduce((a, b) => (b.by > a.by ? b : a));
}

/** Below this the weight of all ranks but one changes no bit, or hardly one. */
const NO_WEIGHT = 1e-15;

/** Why a table shows no difference, or which component it shows. */
function compared(words, ways, states) {
  const { component, by } = widest(ways);
  const weights = weightsOf(states.map((state) => state.lse));
  const rest = weights.reduce((sum, weight) => sum + weight, 0) - Math.max(...weights);
  const same = states.filter((state) => state.tokens > 0).length < 3 ? 1 : rest < NO_WEIGHT ? 2 : 3;
  return filled(words.play.compared[by > 0 ? 0 : same], { component: component + 1, by: decimal(Number(by.toPrecision(2))) });
}

function exactFingerprints({ fingerprints, facts, chosen }) {
  return KVPS.map((kvp) => fingerprints.of(facts.whole.last[chosen.l], chosen.h, { ...chosen, kvp }));
}

export const ORDER = {
  covers: ["outcome"],
  controls: ["kvp", "run", "layer", "head", "digits"],
  always: { m: "right" },
  facts: (context) => {
    const { facts, words } = context;
    const chosen = counted(groupings(facts.states));
    const four = onFourRanks(context);
    const ofFour = four === null ? chosen : counted(groupings(four.states));
    const ranks = facts.states.filter((state) => state.tokens > 0).length;
    const grouped = filled(words.play.grouped[ranks < FOUR ? (four === null ? 1 : 0) : 2], { ranks, run: four?.run });
    return { ...chosen, allOfFour: ofFour.all, differentOfFour: ofFour.different, spreadOfFour: ofFour.spread, grouped,
      exact: new Set(exactFingerprints(context)).size };
  },
  play: (context) => {
    const { words, facts, chosen } = context;
    const orders = (id, title, states) => {
      const ways = groupings(states);
      const { component } = widest(ways);
      const named = filled(chosen.digits === "bits" ? words.play.inBits : words.play.seventeen, { component: component + 1 });
      return tableFigure(id, title, words, [words.play.order, named, words.play.hash],
        ways.map((way) => [`${words.play[way.kind]} ${way.name}`,
          shown(way.output[component], chosen.digits === "bits" ? "bits" : "17"), fingerprint(way.output)]),
        el("p", {}, compared(words, ways, states)));
    };
    const four = facts.states.filter((state) => state.tokens > 0).length < FOUR ? onFourRanks(context) : null;
    return [
      four === null ? null : orders("four", filled(words.play.four, four), four.states),
      orders("orders", words.play.orders, facts.states),
      tableFigure("exact", words.play.exact, words, [words.play.layout, words.play.hash],
        exactFingerprints(context).map((one, i) => ["KVP " + KVPS[i], one])),
    ];
  },
};
