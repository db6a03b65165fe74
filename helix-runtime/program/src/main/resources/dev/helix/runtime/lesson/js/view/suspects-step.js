// Six merges of which one is right: what a story test sees of the others, and what laws see.
import { brokenLaws, LAWS } from "../model/laws.js";
import { MERGES } from "../model/merges.js";
import { button, el, filled, table } from "./dom.js";
import { tableFigure } from "./figure.js";
import { WAITING } from "./said.js";

const SUSPECTS = ["base-2-lse-merged-as-base-e", "exp-of-the-raw-lse-gap-overflows",
  "lse-base-of-decode-follows-the-flag-of-the-prefill-backend", "right",
  "a-inf-seed-poisons-a-running-fold", "partial-outputs-rounded-to-bf16-before-the-merge"];

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

export const SUSPECT = {
  facts: (context) => ({ silent: context.data.faults.silent, acting: context.data.faults.acting,
    all: context.data.faults.all, killed: context.data.faults.killed,
    wrong: otherTexts(context) }),
  play: (context) => {
    const { words, local, act, runs, tokens, chosen } = context;
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
      local.laws ? el("p", {}, filled(words.play.tried, { laws: [...LAWS.keys()].join(", ") })) : null,
      el("details", {}, el("summary", {}, words.play.search),
        table(words.play.search, [words.play.fault, words.play.dealt, words.play.stretches, words.play.example, words.play.broken],
          context.data.faults.rows.map((row) => [row.fault.name,
            row.verified ? words.play.acts : changedTexts(row.roundRobin),
            row.verified || row.contiguous.runs === 0 ? "–" : changedTexts(row.contiguous),
            exampleOf(row), row.laws.join(", ")]))),
    ];
  },
};
