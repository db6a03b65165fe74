// The first two steps: the token that a head looks at, and the rank that keeps it.
import { button, el, filled } from "./dom.js";
import { shareOf, tokenNamed, weightsOf } from "./picture.js";
import { usualHead } from "./state.js";

/** What the head that finds the first story's answer does in the story that is told, and where the model's word stands. */
function answered(context) {
  const { facts, tokens, words, data, runs } = context;
  const { l, h } = usualHead(1);
  const shares = weightsOf(facts.whole.last[l].scores[h]);
  const looked = shares.reduce((best, share, j) => (share > shares[best] ? j : best), 0);
  const [answer] = facts.whole.tokens;
  const isFirst = tokens.join() === runs.tokens(data.usual.story).tokens.join();
  const found = isFirst ? 0 : tokens[looked] === answer ? 1 : tokens.includes(answer) ? 2 : 3;
  return filled(words.play.answered[found], { sought: tokenNamed(context, looked), most: shareOf(shares[looked]) });
}

/** The answer comes from one earlier token. */
export const LOOK = {
  covers: ["shares", "outcome"],
  later: ["owners", "ranks", "weights", "merged"],
  controls: ["layer", "head"],
  facts: (context) => {
    const { runs, tokens, facts, chosen } = context;
    return { l: chosen.l, h: chosen.h, word: runs.words[tokens[facts.looked]], share: shareOf(facts.softmaxes[facts.looked]),
      answer: runs.words[facts.whole.tokens[0]], found: answered(context) };
  },
  play: ({ words, act, data, text, problem }) => [
    el("label", { for: "story" }, words.play.story),
    el("textarea", { id: "story", rows: "4", "aria-describedby": "problem", change: (e) => act.tell(e.target.value) }, text),
    el("p", { id: "problem", class: "bad", role: "status" }, problem),
    button("retell", words.play.retell, () => act.tell(null)),
    el("details", { id: "vocabulary" }, el("summary", {}, words.play.vocabulary), el("p", {}, data.words.join(" "))),
  ],
};

/** Each token has one owner. */
export const OWN = {
  covers: ["owners", "ranks"],
  later: ["state", "own", "weights", "merged"],
  controls: ["kvp", "run", "layer", "head"],
  facts: (context) => {
    const { facts, chosen } = context;
    return { rank: facts.owners[facts.looked], word: tokenNamed(context, facts.looked),
      counts: facts.states.map((s) => s.tokens).join(", "), run: chosen.run, kvp: chosen.kvp };
  },
  play: () => [],
};
