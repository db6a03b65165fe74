// What a rank says that knows its own tokens only.
import { button, el, filled, percent } from "./dom.js";
import { favourite, tokenNamed } from "./picture.js";
import { firstWord, WAITING } from "./said.js";

export const ALONE = {
  covers: ["own"],
  later: ["weights", "merged"],
  choices: () => ({ alone: [0, 1, 2, 3, 4, 5, 6, 7] }),
  controls: ["kvp", "run", "layer", "head", "digits"],
  facts: (context) => {
    const { facts, chosen, tokens } = context;
    const holder = facts.owners[facts.looked];
    const other = facts.states.findLastIndex((s, rank) => rank !== holder && s.tokens > 0);
    const says = (rank) => firstWord(context, context.runs.alone(tokens, chosen, rank));
    const own = favourite(context, other);
    if (other < 0) {
      return { holder, holderSays: says(holder), lacks: context.words.play.lacksNone };
    }
    const lacking = { other, otherSays: says(other), looks: tokenNamed(context, own),
      share: percent(Math.exp(facts.scores[own] - facts.states[other].lse)) };
    return { holder, holderSays: says(holder), ...lacking,
      lacks: lacking.otherSays === WAITING ? WAITING : filled(context.words.play.lacks, lacking) };
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
