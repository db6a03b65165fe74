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

export const WEIGHTS = {
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
        el("p", {}, `LSE = ${shown(lse, chosen.digits)}, ${words.picture.first}: Σ wᵢ·Oᵢ = ${shown(output[0], chosen.digits)}`)),
    ];
  },
};
