// The first two steps: the token that a head looks at, and the rank that keeps it.
import { button, el } from "./dom.js";
import { shareOf } from "./picture.js";

/** The answer stands at one earlier token. */
export const LOOK = {
  covers: ["shares", "outcome"],
  later: ["owners", "ranks", "weights", "merged"],
  controls: ["layer", "head"],
  facts: ({ runs, tokens, facts, chosen }) => ({
    l: chosen.l, h: chosen.h, word: runs.words[tokens[facts.looked]], share: shareOf(facts.softmaxes[facts.looked]),
    answer: runs.words[facts.whole.tokens[0]] }),
  play: ({ words, act, text, problem }) => [
    el("label", { for: "story" }, words.play.story),
    el("textarea", { id: "story", rows: "4", "aria-describedby": "problem", change: (e) => act.tell(e.target.value) }, text),
    el("p", { id: "problem", class: "bad", role: "status" }, problem),
    button("retell", words.play.retell, () => act.tell(null)),
  ],
};

/** Each token has one owner. */
export const OWN = {
  covers: ["owners", "ranks"],
  later: ["state", "own", "weights", "merged"],
  controls: ["kvp", "run", "layer", "head"],
  facts: ({ facts, runs, tokens, chosen }) => ({
    rank: facts.owners[facts.looked], word: runs.words[tokens[facts.looked]],
    counts: facts.states.map((s) => s.tokens).join(", "), run: chosen.run, kvp: chosen.kvp }),
  play: () => [],
};
