// The weights of the ranks, made from their LSEs.
import { rightMerge } from "../model/merges.js";
import { button, el, filled } from "./dom.js";
import { tableFigure } from "./figure.js";
import { shareOf, shown } from "./picture.js";

function signed(x) {
  return (x < 0 ? "−" : "+") + Math.abs(x);
}

/** The numbers from one to another in steps. */
function numbers(from, to, step) {
  return Array.from({ length: (to - from) / step + 1 }, (unused, i) => from + i * step);
}

const RANKS = numbers(0, 7, 1);
const MOST = 8;
const FINEST = 0.5;
const PLUS = 5;
const MOST_PLUS = 100;

/** A slider for each rank that has tokens: the LSE −∞ of the others stays what it is. */
function sliders({ words, facts, act, local }) {
  return facts.states.map((state, rank) => {
    const id = "lse" + rank;
    const by = local[id] ?? 0;
    return state.tokens === 0 ? null : el("label", { class: "slide", for: id },
      el("span", {}, filled(words.play.lse, { rank, by: signed(by) })),
      el("input", { type: "range", id, min: -MOST, max: MOST, step: FINEST, value: by,
        change: (e) => act.local(id, Number(e.target.value)) }));
  });
}

export const WEIGHTS = {
  controls: ["kvp", "run", "layer", "head", "digits"],
  always: { m: "right" },
  choices: () => ({ plus: numbers(0, MOST_PLUS, PLUS),
    ...Object.fromEntries(RANKS.map((rank) => ["lse" + rank, numbers(-MOST, MOST, FINEST)])) }),
  shifts: ({ local }) => RANKS.map((rank) => (local["lse" + rank] ?? 0) + (local.plus ?? 0)),
  facts: ({ facts, chosen }) => {
    const order = facts.weights.map((weight, rank) => ({ weight, rank })).filter(({ rank }) => facts.states[rank].tokens > 0)
      .sort((a, b) => b.weight - a.weight);
    return { order: order.map(({ weight, rank }) => `${rank} (${shareOf(weight, facts.alone)})`).join(", "),
      lse: shown(rightMerge(facts.states.map((s) => s.lse), facts.states.map((s) => s.output))[0], chosen.digits) };
  },
  play: (context) => {
    const { words, facts, chosen, act, local } = context;
    const { states, weights } = facts;
    const [lse, output] = rightMerge(states.map((s) => s.lse), states.map((s) => s.output));
    const number = (x) => shown(x, chosen.digits);
    return [
      sliders(context),
      el("div", { class: "row" },
        button("plus", words.play.plus, () => act.local("plus", Math.min(MOST_PLUS, (local.plus ?? 0) + PLUS))),
        button("reset", words.play.reset, () => act.local("reset"))),
      tableFigure("formula", words.play.formula, words, [words.rank, "LSEᵢ", "wᵢ = e^(LSEᵢ − LSE)"],
        states.map((s, rank) => [String(rank), number(s.lse), shareOf(weights[rank], facts.alone)]),
        el("p", {}, filled(words.play.merged, { lse: number(lse), output: number(output[0]),
          whole: number(facts.view.whole[chosen.h].output[0]) }))),
    ];
  },
};
