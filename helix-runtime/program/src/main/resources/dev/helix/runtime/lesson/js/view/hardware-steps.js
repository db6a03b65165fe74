// Steps 9 and 10: what is exchanged, what the ranks do next, what hides what, and when it pays.
import { button, choice, el, filled, table } from "./dom.js";

// Llama 3.1 405B: 128 query heads of 128 components; activations in BF16, LSEs in FP32; KV cache in FP4.
const HEADS = 128;
const KV_HEADS = 8;
const DIM = 128;
const TPA = 8;

/** Bytes that one rank sends in one layer for one request. @param {number} kvp */
export function exchangedBytes(kvp) {
  return (HEADS / TPA) * (2 * DIM + 4) * ((kvp - 1) / kvp);
}

/** Bytes of the KV cache that one rank reads in one layer for one request. */
export function readBytes(kvp, tokens) {
  return (tokens / kvp) * (KV_HEADS / TPA) * 2 * DIM * 0.5;
}

/** The KV heads of a rank of TPA, in words. */
function keyHeads(rank, tpa) {
  const each = KV_HEADS / tpa;
  return `${rank * each}–${rank * each + each - 1}`;
}

const number = (x) => Math.round(x).toLocaleString("en");

export const EXCHANGE = {
  facts: ({ chosen }) => ({ kvp: chosen.kvp, sent: number(exchangedBytes(chosen.kvp)),
    one: number(readBytes(chosen.kvp, 1e6)), two: number(readBytes(chosen.kvp, 2e6)) }),
  play: ({ words, chosen, local, act }) => {
    const tpa = 2;
    const ranks = chosen.kvp * tpa;
    const ffn = local.ffn === true;
    const rank = local.seen ?? 0;
    return [
      table(words.play.bytes, [words.play.context, words.play.read, words.play.sent],
        [1e5, 1e6, 2e6].map((s) => [number(s), number(readBytes(chosen.kvp, s)), number(exchangedBytes(chosen.kvp))])),
      el("div", { class: "row" },
        button("attention", words.play.attention, () => act.local("ffn", false), { "aria-pressed": !ffn }),
        button("ffn", words.play.ffn, () => act.local("ffn", true), { "aria-pressed": ffn })),
      el("ol", { class: "grid" + (ffn ? " ffn" : " kvp" + chosen.kvp) }, Array.from({ length: ranks }, (unused, r) =>
        el("li", {}, button("rank" + r, ffn ? `TPF ${r}` : `KVP ${r % chosen.kvp}, TPA ${Math.floor(r / chosen.kvp)}`,
          () => act.local("seen", r), { "aria-pressed": rank === r, class: "r" + (r % chosen.kvp) })))),
      el("p", { "aria-live": "polite" }, filled(ffn ? words.play.asFfn : words.play.asAttention, {
        rank: Math.min(rank, ranks - 1), ranks, kvp: Math.min(rank, ranks - 1) % chosen.kvp,
        keys: keyHeads(Math.floor(Math.min(rank, ranks - 1) / chosen.kvp), tpa), heads: HEADS / ranks })),
    ];
  },
};

/** A drawing that Java has made, with a button that saves it. */
function drawing({ words, data }, name) {
  const figure = el("figure", { class: "drawing" });
  figure.innerHTML = data.charts[name];
  figure.append(button("save-" + name, words.play.save, () => {
    const link = el("a", { href: URL.createObjectURL(new Blob([data.charts[name]], { type: "image/svg+xml" })), download: name + ".svg" });
    link.click();
  }));
  return figure;
}

export const HIDING = {
  facts: ({ data }) => data.times,
  play: (context) => {
    const { words, local, act, data } = context;
    const shown = local.timeline ?? data.timelines[0];
    const pareto = local.pareto ?? data.paretos[0];
    return [
      choice("timeline", words.play.timeline, data.timelines.map((t) => [t, words.charts[t] ?? t]), shown, (v) => act.local("timeline", v)),
      drawing(context, shown),
      choice("pareto", words.play.pareto, data.paretos.map((t) => [t, words.charts[t] ?? t]), pareto, (v) => act.local("pareto", v)),
      drawing(context, pareto),
    ];
  },
};
