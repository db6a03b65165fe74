// Step 8: a million tokens, one needle. The sums are made in a worker, and where there is none, on
// the page's own thread.
import { needleCounts, needleHolder, needleShards } from "../model/needle.js";
import { MERGES } from "../model/merges.js";
import { KVPS } from "./state.js";
import { choice, decimal, el, filled, thousands, percent } from "./dom.js";
import { figure, shutFigure, tableFigure } from "./figure.js";

const TOKENS = 1000000;

/** The number of ranks that the bet is about. */
const SHARDS = 8;
const NEEDLE_SCORES = [0, 10, 12, 14, 16, 20];
const PLACES = [0, 100000, 300000, 654321, TOKENS - 1];

/** A share from which on the rest of the ranks hardly counts. */
const OUTWEIGHS = 0.95;
const AS_BASE_E = "base-2-lse-merged-as-base-e";
const AS_BASE_2 = "lse-base-of-decode-follows-the-flag-of-the-prefill-backend";
const results = new Map();

function asked({ local }) {
  return { tokens: TOKENS, kvp: local.shards ?? SHARDS, run: 16, score: local.score ?? 14, place: local.place ?? 300000 };
}

/** Sums in a worker, then calls back; later calls get what is known. */
function shardsOf(context) {
  const wanted = asked(context);
  const key = JSON.stringify(wanted);
  const known = results.get(key) ?? null;
  if (known !== null || (results.has(key) && !context.runs.atOnce)) {
    return known;
  }
  if (context.runs.atOnce) {
    results.set(key, needleShards(wanted));
    return results.get(key);
  }
  results.set(key, null);
  const arrived = (shards) => {
    results.set(key, shards);
    context.act.again();
  };
  const here = () => setTimeout(() => arrived(needleShards(wanted)));
  try {
    const source = `${context.data.needleSource}\nonmessage = (e) => postMessage(needleShards(e.data));`;
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(address);
    worker.onmessage = (event) => {
      worker.terminate();
      URL.revokeObjectURL(address);
      arrived(event.data);
    };
    worker.onerror = here;
    worker.postMessage(wanted);
  } catch {
    here();
  }
  return null;
}

/** The share of the needle after a merge; NaN until it is known. */
function share(context, shards, merge) {
  return shards === null ? NaN : MERGES.get(merge)(shards.lses,
    shards.outputs.map((o) => Float64Array.from(o)), needleCounts(asked(context)))[1][0];
}

function left(context, shards, merge) {
  return shards === null ? "…" : percent(share(context, shards, merge));
}

/** What the ranks' weights make of a wrong merge, by who has the weight. */
function weigh(context, shards) {
  const { one, needle, noise, shared } = context.words.play.weigh;
  const right = share(context, shards, "right");
  if (asked(context).kvp === 1) {
    return one;
  }
  return right > OUTWEIGHS ? needle : right < 1 - OUTWEIGHS ? noise : shared;
}

/** What each rank has, and once the step is open also what it would say alone. */
function ranks(context, shards) {
  const { words, open } = context;
  const wanted = asked(context);
  const holder = needleHolder(wanted);
  const rows = needleCounts(wanted).map((count, rank) => {
    const has = filled(rank === holder ? words.play.holds : words.play.keeps, { count: thousands(count, words) });
    const name = el("span", {}, `${words.rank} ${rank}`);
    if (!open || rank !== holder) {
      return el("li", {}, name, el("span", {}, !open ? has : filled(words.play.without, { has, lse: decimal(shards.lses[rank].toFixed(3)) })));
    }
    return el("li", {}, name, [
      el("span", { class: "bar r" + rank, width: 100 * shards.outputs[rank][0] + "%" }),
      el("span", { class: "says" }, has + "; " + filled(words.play.shard, { share: percent(shards.outputs[rank][0]), lse: decimal(shards.lses[rank].toFixed(3)) }))]);
  });
  return figure("needles", open ? words.play.needles : words.play.dealing, words, el("ol", { class: "needles" }, rows));
}

export const NEEDLE = {
  controls: [],
  choices: () => ({ shards: { values: KVPS, usual: SHARDS, inPlaceOf: "kvp" }, score: NEEDLE_SCORES, place: PLACES }),
  fixed: ["shards", "score", "place"],
  facts: (context) => {
    const { words } = context;
    const shards = shardsOf(context);
    const wanted = asked(context);
    const holder = needleHolder(wanted);
    const facts = { ...wanted, place: thousands(wanted.place, words), run: wanted.run, last: wanted.run - 1, next: wanted.run,
      nextLast: 2 * wanted.run - 1, holder,
      alone: shards === null ? "…" : percent(shards.outputs[holder][0]),
      right: left(context, shards, "right"), average: left(context, shards, "average"),
      base2: left(context, shards, AS_BASE_E), other: left(context, shards, AS_BASE_2) };
    const several = wanted.kvp > 1 ? 1 : 0;
    return { ...facts, dealt: filled(words.play.dealt[several], facts), sees: filled(words.play.sees[several], facts),
      weights: weigh(context, shards) };
  },
  play: () => [],
  picture: (context) => {
    const { words, act, open } = context;
    const wanted = asked(context);
    const shards = shardsOf(context);
    const number = (name) => (value) => act.local(name, Number(value));
    return [
      el("div", { class: "controls", role: "group", "aria-label": words.controls },
        choice("shards", "KVP", KVPS.map((n) => [n, n]), wanted.kvp, number("shards")),
        choice("score", words.play.score, NEEDLE_SCORES.map((s) => [s, s]), wanted.score, number("score")),
        choice("place", words.play.place, PLACES.map((p) => [p, filled(words.play.token, { place: thousands(p, words) })]),
          wanted.place, number("place"))),
      open && shards === null ? el("p", { role: "status" }, words.play.summing) : ranks(context, shards),
      !open ? shutFigure("left", words.play.left, words)
        : tableFigure("left", words.play.left, words, [words.merge, words.play.needle],
          ["right", "average", AS_BASE_E, AS_BASE_2].map((merge) => [context.merge(merge), left(context, shards, merge)])),
    ];
  },
};
