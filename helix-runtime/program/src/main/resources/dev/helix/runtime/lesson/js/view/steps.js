// What each step lets the learner do, and the facts that its sentences are filled with. A step is
// {facts, play}; play gives elements, and both get the context of the page.
import { hex } from "../arithmetic/doubles.js";
import { MERGES, rightMerge } from "../model/merges.js";
import { brokenLaws, LAWS } from "../model/laws.js";
import { button, choice, el, filled, percent, table } from "./dom.js";
import { difference, shown, weightsOf } from "./picture.js";
import { tableFigure } from "./figure.js";
import { NEEDLE } from "./needle-step.js";
import { EXCHANGE, HIDING } from "./hardware-steps.js";
import { KVPS } from "./state.js";

const SUSPECTS = ["base-2-lse-merged-as-base-e", "exp-of-the-raw-lse-gap-overflows",
  "lse-base-of-decode-follows-the-flag-of-the-prefill-backend", "right",
  "a-inf-seed-poisons-a-running-fold", "partial-outputs-rounded-to-bf16-before-the-merge"];

const WAITING = "…";

function firstWord(context, result) {
  if (result === null) {
    return WAITING;
  }
  const [best] = context.runs.next(result, 1);
  return best === undefined ? "NaN" : `${filled(context.words.picture.quoted, best)} (${percent(best.share)})`;
}

const LOOK = {
  facts: ({ runs, tokens, facts }) => ({
    word: runs.words[tokens[facts.looked]], share: percent(facts.softmaxes[facts.looked]),
    answer: runs.words[facts.whole.tokens[0]] }),
  play: ({ words, act, text, problem }) => [
    el("label", { for: "story" }, words.play.story),
    el("textarea", { id: "story", rows: "4", "aria-describedby": "problem", change: (e) => act.tell(e.target.value) }, text),
    el("p", { id: "problem", class: "bad", role: "status" }, problem),
    button("retell", words.play.retell, () => act.tell(null)),
  ],
};

const OWN = {
  facts: ({ facts, runs, tokens, chosen }) => ({
    rank: facts.owners[facts.looked], word: runs.words[tokens[facts.looked]],
    counts: facts.states.map((s) => s.tokens).join(", "), run: chosen.run, kvp: chosen.kvp }),
  play: () => [],
};

const ALONE = {
  facts: (context) => {
    const { facts, chosen, tokens } = context;
    const holder = facts.owners[facts.looked];
    const other = facts.states.findLastIndex((s, rank) => rank !== holder && s.tokens > 0);
    const says = (rank) => rank < 0 ? "–" : firstWord(context, context.runs.alone(tokens, chosen, rank));
    const own = facts.owners.reduce((best, owner, j) =>
      owner === other && (best < 0 || facts.scores[j] > facts.scores[best]) ? j : best, -1);
    return { holder, other: other < 0 ? "–" : other, holderSays: says(holder), otherSays: says(other),
      looks: own < 0 ? "–" : context.runs.words[tokens[own]],
      share: own < 0 ? "–" : percent(Math.exp(facts.scores[own] - facts.states[other].lse)) };
  },
  play: (context) => [
    el("div", { class: "row" }, context.facts.states.map((state, rank) =>
      button("alone" + rank, `${context.words.rank} ${rank}`, () => context.act.local("alone", rank),
        { "aria-pressed": context.local.alone === rank }))),
    context.local.alone === undefined || context.local.alone >= context.chosen.kvp ? null
      : el("p", { "aria-live": "polite" }, filled(context.words.play.alone, {
        rank: context.local.alone,
        says: firstWord(context, context.runs.alone(context.tokens, context.chosen, context.local.alone)) })),
  ],
};

const AVERAGES = ["right", "average", "average-by-tokens", "added-up"];

function said(context, kvp, merge, run = context.chosen.run) {
  return firstWord(context, context.runs.beside(context.tokens, { ...context.chosen, kvp, run }, merge));
}

const AVERAGE = {
  facts: (context) => ({ one: said(context, 1, "average", 16), four: said(context, 4, "average", 16),
    eight: said(context, 8, "average", 1), counted: said(context, 4, "average-by-tokens", 16),
    added: said(context, 4, "added-up", 16) }),
  play: (context) => [
    tableFigure("averages", context.words.play.averages, context.words, [context.words.play.layout, ...AVERAGES.map((m) => context.merge(m))],
      [[1, 16], [4, 16], [8, 16], [8, 1]].map(([kvp, run]) => [filled(context.words.play.shape, { kvp, run }),
        ...AVERAGES.map((m) => said(context, kvp, m, run))])),
    el("div", { class: "row" }, AVERAGES.map((m) =>
      button("use-" + m, context.merge(m), () => context.act.choose("m", m), { "aria-pressed": context.chosen.m === m }))),
  ],
};

function signed(x) {
  return (x < 0 ? "−" : "+") + Math.abs(x);
}

function changed(context) {
  const { facts, local } = context;
  const shift = local.shift ?? {};
  return facts.states.map((s, rank) => ({ ...s, lse: s.lse + (shift[rank] ?? 0) + (local.plus ?? 0) }));
}

const WEIGHTS = {
  facts: ({ facts, chosen }) => {
    const order = facts.weights.map((w, rank) => [w, rank]).sort((a, b) => b[0] - a[0]);
    return { order: order.map(([, rank]) => rank).join(", "), greatest: percent(order[0][0]),
      lse: shown(rightMerge(facts.states.map((s) => s.lse), facts.states.map((s) => s.output))[0], chosen.digits) };
  },
  play: (context) => {
    const { words, facts, chosen, act, local } = context;
    const states = changed(context);
    const after = weightsOf(states.map((s) => s.lse));
    const [lse, output] = rightMerge(states.map((s) => s.lse), states.map((s) => s.output));
    return [
      facts.states.map((state, rank) => el("label", { class: "slide", for: "lse" + rank },
        el("span", {}, filled(words.play.lse, { rank, by: signed((local.shift ?? {})[rank] ?? 0) })),
        el("input", { type: "range", id: "lse" + rank, min: "-8", max: "8", step: "0.5",
          value: String((local.shift ?? {})[rank] ?? 0),
          change: (e) => act.local("shift", { ...local.shift, [rank]: Number(e.target.value) }) }))),
      el("div", { class: "row" },
        button("plus", words.play.plus, () => act.local("plus", (local.plus ?? 0) + 5)),
        button("reset", words.play.reset, () => act.local("reset"))),
      tableFigure("formula", words.play.formula, words, [words.rank, "LSEᵢ", "wᵢ = e^(LSEᵢ − LSE)"],
        states.map((s, rank) => [String(rank), shown(s.lse, chosen.digits), percent(after[rank])]),
        el("p", {}, `LSE = ${shown(lse, chosen.digits)}, O₀ = Σ wᵢ·Oᵢ₀ = ${shown(output[0], chosen.digits)}`)),
    ];
  },
};

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

const ORDER = {
  facts: (context) => {
    const all = groupings(context.facts).map((g) => Array.from(g.result.output, hex).join(""));
    const exact = KVPS.map((kvp) => context.exact(kvp));
    return { different: new Set(all).size, all: all.length, exact: new Set(exact).size, hash: exact[0] };
  },
  play: (context) => [
    tableFigure("orders", context.words.play.orders, context.words, [context.words.play.order, "O₀", context.words.play.bits],
      groupings(context.facts).map((g) => [
        (g.tree ? context.words.play.tree : context.words.play.fold) + " " + g.order.join(" "),
        shown(g.result.output[0], "17"), hex(g.result.output[0])])),
    tableFigure("exact", context.words.play.exact, context.words, [context.words.play.layout, context.words.play.hash],
      KVPS.map((kvp) => ["KVP " + kvp, context.exact(kvp)])),
  ],
};

function textOf(runs, run) {
  return run === null ? WAITING : runs.text(run.tokens);
}

/** How many of the suspects give another text. */
function otherTexts({ runs, tokens, chosen, facts }) {
  const texts = SUSPECTS.map((m) => textOf(runs, runs.beside(tokens, chosen, m)));
  return texts.includes(WAITING) ? WAITING : texts.filter((text) => text !== facts.expected).length;
}

function changedTexts(texts) {
  return `${texts.other + texts.stopped} / ${texts.runs}`;
}

function exampleOf(row) {
  const example = row.roundRobin.example ?? row.contiguous.example;
  return example ? `${example.expected} → ${example.said}` : "–";
}

const SUSPECT = {
  facts: (context) => ({ silent: context.data.faults.silent, acting: context.data.faults.acting,
    all: context.data.faults.all, killed: context.data.faults.killed,
    wrong: otherTexts(context) }),
  play: (context) => {
    const { words, local, act, runs, tokens, chosen, facts } = context;
    const letters = "ABCDEF";
    return [
      el("div", { class: "row" },
        button("texts", words.play.texts, () => act.local("texts", true)),
        button("laws", words.play.laws, () => act.local("laws", true))),
      tableFigure("suspects", words.play.suspects, words, [words.merge, words.play.text, words.play.broken],
        SUSPECTS.map((m, i) => [
          letters[i] + (local.laws ? ": " + context.merge(m) : ""),
          local.texts ? textOf(runs, runs.beside(tokens, chosen, m)) : "?",
          local.laws ? brokenLaws(MERGES.get(m)).join(", ") || words.play.none : "?"])),
      local.laws ? el("p", {}, filled(words.play.tried, { laws: [...LAWS.keys()].join(", "), most: difference(facts, chosen).most.toExponential(1) })) : null,
      el("details", {}, el("summary", {}, words.play.search),
        table(words.play.search, [words.play.fault, words.play.dealt, words.play.stretches, words.play.example, words.play.broken],
          context.data.faults.rows.map((row) => [row.fault.name,
            row.verified ? words.play.acts : changedTexts(row.roundRobin),
            row.verified || row.contiguous.runs === 0 ? "–" : changedTexts(row.contiguous),
            exampleOf(row), row.laws.join(", ")]))),
    ];
  },
};

/** The ten steps in their order. */
export const ALL_STEPS = [LOOK, OWN, ALONE, AVERAGE, WEIGHTS, ORDER, SUSPECT, NEEDLE, EXCHANGE, HIDING];

/** The choices that are there in every step. */
export function controls({ words, chosen, act, data, merge }) {
  return el("div", { class: "controls", role: "group", "aria-label": words.controls },
    choice("kvp", "KVP", KVPS.map((n) => [n, n]), chosen.kvp, (v) => act.choose("kvp", Number(v))),
    choice("run", words.run, [1, 4, 16].map((n) => [n, n]), chosen.run, (v) => act.choose("run", Number(v))),
    choice("layer", words.layer, range(data.config.layers), chosen.l, (v) => act.choose("l", Number(v))),
    choice("head", words.head, range(data.config.heads), chosen.h, (v) => act.choose("h", Number(v))),
    choice("digits", words.digits, [["6", "6"], ["17", "17"], ["bits", "hex"]], chosen.digits, (v) => act.choose("digits", v)),
    choice("merge", words.merge, [...MERGES.keys()].map((m) => [m, merge(m)]), chosen.m, (v) => act.choose("m", v)));
}

function range(end) {
  return Array.from({ length: end }, (unused, i) => [i, i]);
}
