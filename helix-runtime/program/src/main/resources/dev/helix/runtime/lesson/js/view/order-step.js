// One merge in several orders, in doubles and exactly.
import { hex } from "../arithmetic/doubles.js";
import { rightMerge } from "../model/merges.js";
import { tableFigure } from "./figure.js";
import { shown } from "./picture.js";
import { KVPS } from "./state.js";

const ORDERS = [[0, 1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1, 0], [3, 0, 7, 4, 1, 6, 2, 5]];

/** The merge of plain doubles in some order, pair by pair or as a fold. */
function grouped(states, order, tree) {
  let parts = order.filter((rank) => rank < states.length).map((rank) => states[rank]);
  const pair = (a, b) => {
    const [lse, output] = rightMerge([a.lse, b.lse], [a.output, b.output]);
    return { lse, output };
  };
  if (!tree) {
    return parts.reduce(pair);
  }
  while (parts.length > 1) {
    const next = [];
    for (let i = 0; i < parts.length; i += 2) {
      next.push(i + 1 < parts.length ? pair(parts[i], parts[i + 1]) : parts[i]);
    }
    parts = next;
  }
  return parts[0];
}

function groupings(facts) {
  return ORDERS.flatMap((order, i) => [false, true].map((tree) =>
    ({ order: order.filter((r) => r < facts.states.length), tree, first: i === 0 && !tree, result: grouped(facts.states, order, tree) })));
}

function fingerprints({ fingerprints: kept, facts, chosen }) {
  return KVPS.map((kvp) => kept.of(facts.whole.last[chosen.l], chosen.h, { ...chosen, kvp }));
}

export const ORDER = {
  covers: ["outcome"],
  facts: (context) => {
    const all = groupings(context.facts).map((g) => Array.from(g.result.output, hex).join(""));
    const exact = fingerprints(context);
    return { different: new Set(all).size, all: all.length, exact: new Set(exact).size, hash: exact[0] };
  },
  play: (context) => [
    tableFigure("orders", context.words.play.orders, context.words, [context.words.play.order, context.words.picture.first, context.words.play.bits],
      groupings(context.facts).map((g) => [
        (g.tree ? context.words.play.tree : context.words.play.fold) + " " + g.order.join(" "),
        shown(g.result.output[0], "17"), hex(g.result.output[0])])),
    tableFigure("exact", context.words.play.exact, context.words, [context.words.play.layout, context.words.play.hash],
      fingerprints(context).map((one, i) => ["KVP " + KVPS[i], one])),
  ],
};
