// Step 8: a million tokens, one needle. The sums are made in a worker, and where there is none, on
// the page's own thread.
import { needleShards } from "../model/needle.js";
import { MERGES } from "../model/merges.js";
import { KVPS } from "./state.js";
import { choice, el, filled, percent } from "./dom.js";
import { figure, tableFigure } from "./figure.js";

const TOKENS = 1000000;
const COMPARED = ["right", "average", "lse-base-of-decode-follows-the-flag-of-the-prefill-backend", "base-2-lse-merged-as-base-e"];
const results = new Map();

function asked({ local }) {
  return { tokens: TOKENS, kvp: local.kvp ?? 8, run: 16, score: local.score ?? 14,
    place: Math.round((local.place ?? 0.4) * (TOKENS - 1)) };
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

function left(shards, merge) {
  return MERGES.get(merge)(shards.lses, shards.outputs.map((o) => Float64Array.from(o)),
    shards.lses.map(() => TOKENS / shards.lses.length))[1][0];
}

export const NEEDLE = {
  facts: (context) => {
    const shards = shardsOf(context);
    const text = (merge) => (shards === null ? "…" : percent(left(shards, merge)));
    return { right: text("right"), average: text("average"), base2: text(COMPARED[3]), other: text(COMPARED[2]),
      score: asked(context).score, kvp: asked(context).kvp };
  },
  play: (context) => {
    const { words, act, local } = context;
    const shards = shardsOf(context);
    return [
      el("div", { class: "row" },
        choice("score", words.play.score, [0, 10, 12, 14, 16, 20].map((s) => [s, s]), local.score ?? 14, (v) => act.local("score", Number(v))),
        choice("shards", words.play.shards, KVPS.map((n) => [n, n]), local.kvp ?? 8, (v) => act.local("kvp", Number(v))),
        choice("place", words.play.place, [0, 0.1, 0.4, 0.9, 1].map((p) => [p, 100 * p + " %"]), local.place ?? 0.4, (v) => act.local("place", Number(v)))),
      shards === null ? el("p", { role: "status" }, words.play.summing) : [
        figure("needles", words.play.needles, words, el("ol", { class: "needles" }, shards.lses.map((lse, rank) =>
          el("li", {}, el("span", {}, `${words.rank} ${rank}`),
            el("span", { class: "bar r" + rank, width: Math.max(0.3, 40 * shards.outputs[rank][0]) + "%" }),
            el("span", {}, filled(words.play.shard, { share: percent(shards.outputs[rank][0]), lse: lse.toFixed(3) })))))),
        tableFigure("left", words.play.left, words, [words.merge, words.play.needle],
          COMPARED.map((m) => [context.merge(m), percent(left(shards, m))])),
      ],
    ];
  },
};
