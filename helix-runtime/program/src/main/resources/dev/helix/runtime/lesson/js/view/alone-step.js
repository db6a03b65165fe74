// What a rank says that knows its own tokens only.
import { button, el, filled, percent } from "./dom.js";
import { favourite, tokenNamed } from "./picture.js";
import { firstWord } from "./said.js";

export const ALONE = {
  covers: ["own"],
  later: ["weights", "merged"],
  choices: () => ({ alone: [0, 1, 2, 3, 4, 5, 6, 7] }),
  controls: ["kvp", "run", "layer", "head", "digits"],
  facts: (context) => {
    const { facts, chosen, tokens } = context;
    const holder = facts.owners[facts.looked];
    const other = facts.states.findLastIndex((s, rank) => rank !== holder && s.tokens > 0);
    const says = (rank) => rank < 0 ? "–" : firstWord(context, context.runs.alone(tokens, chosen, rank));
    const own = favourite(context, other);
    return { holder, other: other < 0 ? "–" : other, holderSays: says(holder), otherSays: says(other),
      looks: own < 0 ? "–" : tokenNamed(context, own),
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
