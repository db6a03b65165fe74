// What averages of the ranks' outputs make of the next word.
import { farthest } from "../model/difference.js";
import { decimal, filled } from "./dom.js";
import { tableFigure } from "./figure.js";
import { outputsOf } from "./picture.js";
import { said, WAITING } from "./said.js";

const ON_TWO = { kvp: 2, run: 16, moved: new Map() };

/** The layout of which the text speaks: the learner's, or two ranks where one has all tokens. */
function averagedLayout({ chosen, facts }) {
  return facts.alone ? ON_TWO : { kvp: chosen.kvp, run: chosen.run, moved: chosen.moved };
}

/** Where the plain average is farthest from the unsharded model in the head that is shown; null until it is known. */
function farthestOfAverage(context) {
  const { runs, tokens, chosen, facts } = context;
  const run = runs.beside(tokens, { ...chosen, ...averagedLayout(context) }, "average");
  if (run === null) {
    return null;
  }
  const { model, merged } = outputsOf(facts.whole, run, chosen);
  return farthest(model, merged).largest;
}

/** What the plain average does to the head that is shown, and on two ranks to the text. */
function averaged(context) {
  const { runs, tokens, chosen, words, facts } = context;
  const found = farthestOfAverage(context);
  const two = runs.beside(tokens, { ...chosen, ...ON_TWO }, "average");
  return { where: filled(words.play.where[facts.alone ? 0 : 1], averagedLayout(context)),
    component: found === null ? WAITING : found.component + 1, off: found === null ? WAITING : decimal(Number(found.off.toPrecision(2))),
    reads: words.play.reads[chosen.l === 0 ? 0 : 1], text: two === null ? WAITING : runs.text(two.tokens) };
}

const AVERAGES = ["right", "average", "average-by-tokens", "added-up"];

export const AVERAGE = {
  covers: ["outcome"],
  later: ["weights"],
  merges: [...AVERAGES, "lost-rank"],
  component: (context) => farthestOfAverage(context)?.component ?? 0,
  facts: (context) => ({ ...averaged(context), expected: context.facts.expected, one: said(context, 1, "average", 16), two: said(context, 2, "average", 16), four: said(context, 4, "average", 16),
    eight: said(context, 8, "average", 1), counted: said(context, 4, "average-by-tokens", 16),
    added: said(context, 4, "added-up", 16) }),
  play: (context) => [
    tableFigure("averages", context.words.play.averages, context.words, [context.words.play.layout, ...AVERAGES.map((m) => context.merge(m))],
      [[1, 16], [2, 16], [4, 16], [8, 16], [8, 1]].map(([kvp, run]) => [filled(context.words.play.shape, { kvp, run }),
        ...AVERAGES.map((m) => said(context, kvp, m, run))])),
  ],
};
