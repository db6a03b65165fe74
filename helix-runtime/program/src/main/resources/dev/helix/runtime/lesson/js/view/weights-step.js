// The weights of the ranks, made from their LSEs.
import { rightMerge } from "../model/merges.js";
import { button, el, filled, percent } from "./dom.js";
import { tableFigure } from "./figure.js";
import { shown, weightsOf } from "./picture.js";

function signed(x) {
  return (x < 0 ? "−" : "+") + Math.abs(x);
}

function changed(context) {
  const { facts, local } = context;
  const shift = local.shift ?? {};
  return facts.states.map((s, rank) => ({ ...s, lse: s.lse + (shift[rank] ?? 0) + (local.plus ?? 0) }));
}

/** A slider for each rank that has tokens: the LSE −∞ of the others stays what it is. */
function sliders({ words, facts, act, local }) {
  const shift = local.shift ?? {};
  return facts.states.map((state, rank) => state.tokens === 0 ? null
    : el("label", { class: "slide", for: "lse" + rank },
      el("span", {}, filled(words.play.lse, { rank, by: signed(shift[rank] ?? 0) })),
      el("input", { type: "range", id: "lse" + rank, min: "-8", max: "8", step: "0.5", value: String(shift[rank] ?? 0),
        change: (e) => act.local("shift", { ...shift, [rank]: Number(e.target.value) }) })));
}

export const WEIGHTS = {
  controls: ["kvp", "run", "layer", "head", "digits"],
  always: { m: "right" },
  facts: ({ facts, chosen }) => {
    const order = facts.weights.map((weight, rank) => ({ weight, rank })).filter(({ rank }) => facts.states[rank].tokens > 0)
      .sort((a, b) => b.weight - a.weight);
    return { order: order.map(({ weight, rank }) => `${rank} (${percent(weight)})`).join(", "),
      lse: shown(rightMerge(facts.states.map((s) => s.lse), facts.states.map((s) => s.output))[0], chosen.digits) };
  },
  play: (context) => {
    const { words, facts, chosen, act, local } = context;
    const states = changed(context);
    const after = weightsOf(states.map((s) => s.lse));
    const [lse, output] = rightMerge(states.map((s) => s.lse), states.map((s) => s.output));
    const number = (x) => shown(x, chosen.digits);
    return [
      sliders(context),
      el("div", { class: "row" },
        button("plus", words.play.plus, () => act.local("plus", (local.plus ?? 0) + 5)),
        button("reset", words.play.reset, () => act.local("reset"))),
      tableFigure("formula", words.play.formula, words, [words.rank, "LSEᵢ", "wᵢ = e^(LSEᵢ − LSE)"],
        states.map((s, rank) => [String(rank), number(s.lse), percent(after[rank])]),
        el("p", {}, filled(words.play.merged, { lse: number(lse), output: number(output[0]),
          whole: number(facts.view.whole[chosen.h].output[0]) }))),
    ];
  },
};
