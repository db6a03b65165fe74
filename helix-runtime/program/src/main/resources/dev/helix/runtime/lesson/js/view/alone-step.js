// What a rank says that knows its own tokens only.
import { button, el, filled } from "./dom.js";
import { favourite, littleShare, tokenNamed } from "./picture.js";
import { firstWord } from "./said.js";

/** The share of a rank's own attention that one of its tokens leaves to its others. */
function besides({ owners, scores, states }, rank, token) {
  return owners.reduce((sum, owner, j) => (owner === rank && j !== token ? sum + Math.exp(scores[j] - states[rank].lse) : sum), 0);
}

export const ALONE = {
  covers: ["own", "shares"],
  ownShares: true,
  later: ["weights", "merged"],
  choices: () => ({ alone: [0, 1, 2, 3, 4, 5, 6, 7] }),
  controls: ["kvp", "run", "layer", "head", "digits"],
  facts: (context) => {
    const { facts, chosen, tokens, runs, words } = context;
    const holder = facts.owners[facts.looked];
    const other = facts.states.findLastIndex((s, rank) => rank !== holder && s.tokens > 0);
    const says = (rank) => firstWord(context, runs.alone(tokens, chosen, rank));
    const [answer] = facts.whole.tokens;
    const held = { holder, holderSays: says(holder), sought: tokenNamed(context, facts.looked),
      answer: filled(words.picture.quoted, { word: runs.words[answer] }) };
    const known = { ...held, finds: filled(words.play.finds[tokens[facts.looked] === answer ? 1 : tokens.includes(answer) ? 0 : 2], held) };
    if (other < 0) {
      return { ...known, lacks: words.play.lacksNone };
    }
    const own = favourite(context, other);
    const lacking = { ...known, other, otherSays: says(other), looks: tokenNamed(context, own), rest: littleShare(besides(facts, other, own)) };
    return { ...lacking, lacks: filled(words.play.lacks, lacking) };
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
