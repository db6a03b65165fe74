// Six merges of which one is right: what a story test sees of the others, and what laws see.
import { farthest } from "../model/difference.js";
import { brokenLaws } from "../model/laws.js";
import { MERGES } from "../model/merges.js";
import { button, decimal, el, filled, prose } from "./dom.js";
import { figure, tableFigure } from "./figure.js";
import { WAITING } from "./said.js";
import { searchTable } from "./search-table.js";

/** What each suspect computes, in the order of the letters. */
export const SUSPECTS = [
  { merge: "base-2-lse-merged-as-base-e", code: [
    "lse[i] = log2(Σ exp(score))",
    "w[i] = exp(lse[i] − max lse)",
    "O = Σ w[i]·O[i] / Σ w[i]"] },
  { merge: "exp-of-the-raw-lse-gap-overflows", code: [
    "lse[i] = ln(Σ exp(score))",
    "f = first rank that has tokens",
    "O = O[f]; L = lse[f]",
    "for i = f + 1, f + 2, … with tokens",
    "  r = exp(lse[i] − L)",
    "  O = (O + r·O[i]) / (1 + r)",
    "  L = L + ln(1 + r)"] },
  { merge: "lse-base-of-decode-follows-the-flag-of-the-prefill-backend", code: [
    "lse[i] = ln(Σ exp(score))",
    "w[i] = 2^(lse[i] − max lse)",
    "O = Σ w[i]·O[i] / Σ w[i]"] },
  { merge: "right", code: [
    "lse[i] = ln(Σ exp(score))",
    "w[i] = exp(lse[i] − max lse)",
    "O = Σ w[i]·O[i] / Σ w[i]"] },
  { merge: "a-inf-seed-poisons-a-running-fold", code: [
    "lse[i] = ln(Σ exp(score))",
    "O = 0; S = 0; m = −∞",
    "for i = 0, 1, …",
    "  n = max(m, lse[i])",
    "  a = exp(m − n)",
    "  w = exp(lse[i] − n)",
    "  O = a·O + w·O[i]",
    "  S = a·S + w; m = n",
    "O = O / S"] },
  { merge: "partial-outputs-rounded-to-bf16-before-the-merge", code: [
    "lse[i] = ln(Σ exp(score))",
    "w[i] = exp(lse[i] − max lse)",
    "P[i] = bf16(O[i])",
    "O = Σ w[i]·P[i] / Σ w[i]"] },
];

const letter = (i) => "ABCDEF"[i];

const LETTERS = new Map(SUSPECTS.map(({ merge }, i) => [merge, letter(i)]));

function runsOf({ runs, tokens, chosen }) {
  return SUSPECTS.map(({ merge }) => runs.beside(tokens, chosen, merge));
}

function textOf(context, run) {
  return run === null ? WAITING
    : run.logits.every((logits) => logits.every(Number.isFinite)) ? context.runs.text(run.tokens) : context.words.play.stops;
}

/** How far some head's output, in whatever layer, is from the unsharded model's. */
function offOf({ facts }, run) {
  const differences = facts.whole.last.flatMap((view, layer) => view.whole.map(({ output }, head) =>
    farthest(output, run.last[layer].output.subarray(head * output.length)).largest));
  const broken = differences.find(({ steps }) => steps === null);
  return decimal(Number((broken ?? differences.reduce((a, b) => (b.off > a.off ? b : a))).off.toPrecision(2)));
}

/** What the story test has found, once all of its decodes are done. */
function found(context) {
  const texts = runsOf(context).map((run) => textOf(context, run));
  return texts.includes(WAITING) ? WAITING
    : filled(context.words.play.found, { wrong: texts.filter((text) => text !== context.facts.expected).length });
}

function tests(context) {
  const { words, local } = context;
  const runs = local.texts ? runsOf(context) : [];
  return tableFigure("suspects", words.play.suspects, words, [words.merge, words.play.named, words.play.text, words.play.off, words.play.brokenHere],
    SUSPECTS.map(({ merge }, i) => [
      letter(i), context.merge(merge),
      local.texts ? textOf(context, runs[i]) : "?",
      local.texts ? (runs[i] === null ? WAITING : offOf(context, runs[i])) : "?",
      local.laws ? brokenLaws(MERGES.get(merge)).join(", ") || words.play.none : "?"]),
    local.texts ? el("p", { "aria-live": "polite" }, found(context)) : null,
    local.laws ? el("p", {}, words.play.tried) : null);
}

/** Moves all tokens of rank 0 to rank 1, so that the first rank has none. */
function emptied({ facts, chosen }) {
  const moved = new Map(chosen.moved);
  facts.owners.forEach((owner, position) => owner === 0 && moved.set(position, 1));
  return moved;
}

export const SUSPECT = {
  covers: ["outcome"],
  letters: LETTERS,
  before: ({ words }) => figure("variants", words.play.variants, words,
    el("ol", { class: "variants" }, SUSPECTS.map(({ code }, i) => el("li", {},
      el("p", {}, el("b", {}, letter(i)), " ", prose(words.suspects[i], {}, words)),
      el("pre", { tabindex: "0" }, code.join("\n")))))),
  facts: ({ data }) => {
    const { rows, all, acting, silent, killed } = data.faults;
    return { all, acting, silent, killed, idle: all - acting, shown: acting - silent,
      runs: rows[0].roundRobin.runs + rows[0].contiguous.runs };
  },
  play: (context) => {
    const { words, act, chosen } = context;
    return [
      el("div", { class: "row" },
        button("texts", words.play.texts, () => act.local("texts", true)),
        button("laws", words.play.laws, () => act.local("laws", true)),
        chosen.kvp === 1 ? null : button("empty", words.play.empty, () => act.choose("moved", emptied(context)))),
      tests(context),
      searchTable(context, LETTERS),
    ];
  },
};
