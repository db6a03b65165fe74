// The picture that never leaves: tokens by owner, rank cards, one bar of weights, merged against
// unsharded, the next words.
import { hex } from "../arithmetic/doubles.js";
import { farthest } from "../model/difference.js";
import { owners } from "../model/placement.js";
import { button, el, filled, percent, table } from "./dom.js";
import { figure } from "./figure.js";

/** A number as the learner wants it. @param {number} x @param {string} digits */
export function shown(x, digits) {
  if (digits === "bits") {
    return hex(x);
  }
  if (!Number.isFinite(x)) {
    return x === -Infinity ? "−∞" : x === Infinity ? "∞" : "NaN";
  }
  const text = digits === "17" ? x.toPrecision(17) : Number(x.toPrecision(6)).toString();
  return text.replace(/-/g, "−");
}

/** Shares e^(LSE - all), which sum to 1. @param {number[]} lses */
export function weightsOf(lses) {
  const greatest = Math.max(...lses);
  const terms = lses.map((lse) => (lse === -Infinity ? 0 : Math.exp(lse - greatest)));
  const sum = terms.reduce((a, b) => a + b, 0);
  return terms.map((term) => (sum === 0 ? 0 : term / sum));
}

/** What the picture and the steps are made from. */
export function factsOf(context) {
  const { chosen, runs, tokens } = context;
  const whole = runs.unsharded(tokens);
  const run = runs.sharded(tokens, chosen);
  const view = run.last[chosen.l];
  const states = view.states[chosen.h];
  const scores = view.scores[chosen.h];
  const softmaxes = weightsOf(scores);
  const looked = softmaxes.reduce((best, share, j) => (share > softmaxes[best] ? j : best), 0);
  const of = owners(tokens.length, chosen.kvp, chosen.run, chosen.moved);
  return { whole, run, view, states, scores, softmaxes, looked, owners: of,
    weights: weightsOf(states.map((state) => state.lse)),
    expected: runs.text(whole.tokens), said: runs.text(run.tokens) };
}

/** @param {ReturnType<typeof factsOf>} facts */
export function picture(context, facts) {
  return el("section", { class: "picture", "aria-label": context.words.picture.label },
    strip(context, facts),
    cards(context, facts),
    bars(context, facts),
    outcome(context, facts));
}

function strip(context, facts) {
  const { words, chosen, runs, tokens, act } = context;
  const least = 0.005;
  return figure("tokens", words.picture.tokens, words,
    el("ol", { class: "strip" }, tokens.map((token, position) => {
      const rank = facts.owners[position];
      const share = facts.softmaxes[position];
      const label = filled(words.picture.token,
        { word: runs.words[token], position, rank, share: percent(share) });
      return el("li", { class: "token r" + rank + (position === facts.looked ? " looked" : "") },
        button("t" + position, [
          el("span", { class: "word" }, runs.words[token]),
          el("span", { class: "owner" }, String(rank)),
          el("span", { class: "share", height: 24 * share + "px" }),
          share > least ? el("span", { class: "percent" }, percent(share)) : null,
        ], () => act.move(position), { title: label, "aria-label": label }));
    })),
    el("p", { class: "hint" }, words.picture.move,
      chosen.moved.size > 0 ? [" ", button("unmove", words.picture.unmove, act.unmove)] : null));
}

function cards(context, facts) {
  const { words, chosen } = context;
  return figure("ranks", words.picture.ranks, words,
    el("ol", { class: chosen.digits === "6" ? "cards narrow" : "cards" }, facts.states.map((state, rank) => {
      let own = -1;
      facts.owners.forEach((owner, j) => {
        if (owner === rank && (own < 0 || facts.scores[j] > facts.scores[own])) {
          own = j;
        }
      });
      const sure = own < 0 ? "–" : percent(Math.exp(facts.scores[own] - state.lse));
      return el("li", { class: "card r" + rank },
        el("h4", {}, words.rank + " " + rank),
        el("dl", {},
          el("dt", {}, words.picture.count), el("dd", {}, String(state.tokens)),
          el("dt", {}, "LSE"), el("dd", {}, shown(state.lse, chosen.digits)),
          el("dt", {}, "O₀"), el("dd", {}, shown(state.output[0], chosen.digits)),
          el("dt", {}, words.picture.own),
          el("dd", {}, own < 0 ? words.picture.nothing
            : filled(words.picture.quoted, { word: context.runs.words[context.tokens[own]] }) + " " + sure),
          el("dt", {}, words.picture.weight), el("dd", {}, percent(facts.weights[rank]))));
    })));
}

function bars(context, facts) {
  const { words } = context;
  const bar = (label, lengths) => el("div", { class: "stack", role: "img", "aria-label":
    label + ": " + facts.weights.map((w, r) => words.rank + " " + r + " " + percent(w)).join(", ") },
    lengths.map((length, rank) => length === 0 ? null : el("span", { class: "r" + rank, width: 100 * length + "%" },
      length > 0.06 ? String(rank) : "")));
  const logs = facts.weights.map((w) => (w === 0 ? 0 : Math.max(0, 1 + Math.log10(w) / 40)));
  const all = logs.reduce((a, b) => a + b, 0);
  return figure("weights", words.picture.weights, words,
    el("div", { class: "labelled" }, el("span", {}, words.picture.linear), bar(words.picture.linear, facts.weights)),
    el("div", { class: "labelled" }, el("span", {}, words.picture.logarithmic),
      bar(words.picture.logarithmic, logs.map((x) => (all === 0 ? 0 : x / all)))));
}

const component = (i) => "O" + [...String(i)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");

/** Above this many steps from one double to the next a difference is no matter of rounding. */
const ROUNDING = 1000000n;

/** Says where the merged output of the chosen head differs most from the unsharded one. */
function differing(words, facts, chosen) {
  const whole = facts.view.whole[chosen.h].output;
  const { largest, mostSteps } = farthest(whole, facts.view.output.subarray(chosen.h * whole.length));
  const says = (sentence, { component: i, off, steps }) =>
    filled(sentence, { component: component(i), most: Number(off.toPrecision(2)), steps });
  if (largest.steps === null) {
    return says(words.infinite, largest);
  }
  if (largest.off === 0) {
    return words.equal;
  }
  const near = largest.steps < ROUNDING;
  return says(words.error, largest) + (near ? " " + says(words.steps, largest) : "")
    + (near && mostSteps.steps > largest.steps ? " " + says(words.moreSteps, mostSteps) : "");
}

function outcome(context, facts) {
  const { words, chosen, runs } = context;
  const next = runs.next(facts.run);
  const same = facts.expected === facts.said;
  return el("div", { class: "outcome", "aria-live": "polite" }, figure("outcome", words.picture.outcome, words,
    el("p", {}, differing(words.picture, facts, chosen)),
    next.length === 0
      ? el("p", { class: "bad" }, words.picture.stopped)
      : [table(words.picture.next, [words.picture.word, words.picture.share],
        next.map((one) => [one.word, percent(one.share)])),
        el("p", { class: same ? "good" : "bad" },
          (same ? "✓ " : "✗ ") + filled(same ? words.picture.same : words.picture.other,
            { said: facts.said, expected: facts.expected }))]));
}
