// Steps 9 and 10: what is exchanged, what the ranks do next, what hides what, and when it pays.
import { button, choice, el, filled } from "./dom.js";
import { figure, saving, tableFigure } from "./figure.js";

// Llama 3.1 405B: 128 query heads of 128 components; activations in BF16, LSEs in FP32; KV cache in FP4.
const HEADS = 128;
const KV_HEADS = 8;
const DIM = 128;
const TPA = 8;

const TPAS = [1, 2, 4, 8];
const SENTENCES = { attention: "asAttention", ffn: "asFfn", experts: "asExperts" };

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
  return each === 1 ? String(rank) : `${rank * each}–${rank * each + each - 1}`;
}

const number = (x) => Math.round(x).toLocaleString("en");

export const EXCHANGE = {
  facts: ({ chosen }) => ({ kvp: chosen.kvp, sent: number(exchangedBytes(chosen.kvp)),
    one: number(readBytes(chosen.kvp, 1e6)), two: number(readBytes(chosen.kvp, 2e6)) }),
  play: ({ words, chosen, local, act }) => {
    const tpa = local.tpa ?? 2;
    const ranks = chosen.kvp * tpa;
    const as = local.as ?? "attention";
    const rank = Math.min(local.seen ?? 0, ranks - 1);
    const kvp = (r) => r % chosen.kvp;
    const names = {
      attention: (r) => `KVP ${kvp(r)}, TPA ${Math.floor(r / chosen.kvp)}`,
      ffn: (r) => `TPF ${r}`,
      experts: (r) => `TPF ${r % tpa}, EP ${Math.floor(r / tpa)}`,
    };
    return [
      tableFigure("bytes", words.play.bytes, words, [words.play.context, words.play.read, words.play.sent],
        [1e5, 1e6, 2e6].map((s) => [number(s), number(readBytes(chosen.kvp, s)), number(exchangedBytes(chosen.kvp))])),
      choice("tpa", "TPA", TPAS.map((n) => [n, n]), tpa, (v) => act.local("tpa", Number(v))),
      el("div", { class: "row" }, Object.keys(names).map((one) =>
        button(one, words.play[one], () => act.local("as", one), { "aria-pressed": as === one }))),
      figure("grid", words.play[as], words, el("ol", { class: "grid" }, Array.from({ length: ranks }, (unused, r) =>
        el("li", {}, button("rank" + r, `${r}: ${names[as](r)}`,
          () => act.local("seen", r), { "aria-pressed": rank === r, class: "r" + kvp(r) }))))),
      el("p", { "aria-live": "polite" }, filled(words.play[SENTENCES[as]], {
        rank, ranks, tpa, kvp: kvp(rank), keys: keyHeads(Math.floor(rank / chosen.kvp), tpa), heads: HEADS / ranks,
        tpf: rank % tpa, tpfs: tpa, ep: Math.floor(rank / tpa), eps: chosen.kvp })),
    ];
  },
};

/** A drawing that Java has made, with a button that saves it as it is. */
function drawing({ words, data }, name, title) {
  const scroll = el("div", { class: "drawing", tabindex: "0", role: "region", "aria-label": title });
  scroll.innerHTML = data.charts[name];
  return el("figure", { class: "figure", id: "figure-" + name }, scroll,
    saving(name, title, words, () => data.charts[name]));
}

export const HIDING = {
  facts: ({ data }) => data.times,
  play: (context) => {
    const { words, local, act, data } = context;
    const shown = local.timeline ?? data.timelines[0];
    const model = local.model ?? Object.keys(data.models)[0];
    const tokens = local.context ?? data.contexts[data.contexts.length - 1];
    return [
      choice("timeline", words.play.timeline, data.timelines.map((t) => [t, words.charts[t] ?? t]), shown, (v) => act.local("timeline", v)),
      drawing(context, shown, words.charts[shown] ?? shown),
      el("p", { class: "hint" }, words.play.hover),
      el("div", { class: "row" },
        choice("model", words.play.pareto, Object.entries(data.models), model, (v) => act.local("model", v)),
        choice("context", words.play.context, data.contexts.map((t) => [t, number(t)]), tokens, (v) => act.local("context", Number(v)))),
      drawing(context, `pareto-${model}-${tokens}`, `${data.models[model]}, ${number(tokens)}`),
    ];
  },
};
