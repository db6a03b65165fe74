// What averages of the ranks' outputs make of the next word.
import { button, el, filled } from "./dom.js";
import { tableFigure } from "./figure.js";
import { said } from "./said.js";

const AVERAGES = ["right", "average", "average-by-tokens", "added-up"];

export const AVERAGE = {
  covers: ["outcome"],
  later: ["weights"],
  facts: (context) => ({ one: said(context, 1, "average", 16), two: said(context, 2, "average", 16), four: said(context, 4, "average", 16),
    eight: said(context, 8, "average", 1), counted: said(context, 4, "average-by-tokens", 16),
    added: said(context, 4, "added-up", 16) }),
  play: (context) => [
    tableFigure("averages", context.words.play.averages, context.words, [context.words.play.layout, ...AVERAGES.map((m) => context.merge(m))],
      [[1, 16], [2, 16], [4, 16], [8, 16], [8, 1]].map(([kvp, run]) => [filled(context.words.play.shape, { kvp, run }),
        ...AVERAGES.map((m) => said(context, kvp, m, run))])),
    el("div", { class: "row" }, AVERAGES.map((m) =>
      button("use-" + m, context.merge(m), () => context.act.choose("m", m), { "aria-pressed": context.chosen.m === m }))),
  ],
};
