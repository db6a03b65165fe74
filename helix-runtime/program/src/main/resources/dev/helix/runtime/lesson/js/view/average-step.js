// What averages of the ranks' outputs make of the next word.
import { farthest, takenApart } from "../model/difference.js";
import { button, decimal, el, filled } from "./dom.js";
import { tableFigure } from "./figure.js";
import { apartInWords } from "./picture.js";
import { said, WAITING } from "./said.js";

/** What the plain average on two ranks does to the head that is shown and to the text. */
function onTwo({ runs, tokens, chosen, facts, words }) {
  const run = runs.beside(tokens, { ...chosen, kvp: 2, run: 16 }, "average");
  if (run === null) {
    return { component: WAITING, off: WAITING, reads: WAITING, text: WAITING };
  }
  const view = run.last[chosen.l];
  const whole = view.whole[chosen.h].output;
  const merged = view.output.subarray(chosen.h * whole.length);
  const { component, off } = farthest(whole, merged).largest;
  const model = facts.whole.last[chosen.l].whole[chosen.h].output;
  const apart = apartInWords(takenApart(model[component], whole[component], merged[component]));
  return { component: component + 1, off: decimal(Number(off.toPrecision(2))),
    reads: filled(words.play.reads[chosen.l === 0 ? 0 : 1], apart), text: runs.text(run.tokens) };
}

const AVERAGES = ["right", "average", "average-by-tokens", "added-up"];

export const AVERAGE = {
  covers: ["outcome"],
  later: ["weights"],
  merges: [...AVERAGES, "lost-rank"],
  facts: (context) => ({ ...onTwo(context), expected: context.facts.expected, one: said(context, 1, "average", 16), two: said(context, 2, "average", 16), four: said(context, 4, "average", 16),
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
