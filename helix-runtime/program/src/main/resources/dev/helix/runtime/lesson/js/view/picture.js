// The picture of the story, which stays through most steps: tokens by owner, rank cards, the weights,
// merged against unsharded, the next words.
import { hex } from "../arithmetic/doubles.js";
import { farthest, takenApart } from "../model/difference.js";
import { owners } from "../model/placement.js";
import { button, decimal, el, filled, percent, prose, table } from "./dom.js";
import { figure, shutFigure } from "./figure.js";
import { usualHead } from "./state.js";

/** A number as the learner wants it. @param {number} x @param {string} digits */
export function shown(x, digits) {
  if (digits === "bits") {
    return hex(x);
  }
  if (!Number.isFinite(x)) {
    return x === -Infinity ? "−∞" : x === Infinity ? "∞" : "NaN";
  }
  const text = digits === "17" ? x.toPrecision(17) : Number(x.toPrecision(6)).toString();
  return decimal(text).replace(/-/g, "−");
}

/** Shares e^(LSE - all), which sum to 1. @param {number[]} lses */
export function weightsOf(lses) {
  const greatest = Math.max(...lses);
  const terms = lses.map((lse) => (lse === -Infinity ? 0 : Math.exp(lse - greatest)));
  const sum = terms.reduce((a, b) => a + b, 0);
  return terms.map((term) => (sum === 0 ? 0 : term / sum));
}

const BELOW_ONE = 1 - Number.EPSILON / 2;

/**
 * A share in percent. One of several is less than all, even where its double has been rounded to 1.
 * @param {number} x @param {boolean} [alone] whether there is no other share beside it
 */
export function shareOf(x, alone = false) {
  return percent(alone || Number.isNaN(x) ? x : Math.min(x, BELOW_ONE));
}

/** A share that may be too little for percent. */
export function littleShare(x) {
  return x === 0 ? "0" : x < 0.001 ? scientific(x) : shareOf(x);
}

/** What the picture and the steps are made from. */
export function factsOf(context) {
  const { chosen, runs, tokens, shifts } = context;
  const whole = runs.unsharded(tokens);
  const run = runs.sharded(tokens, chosen, shifts);
  const view = run.last[chosen.l];
  const of = owners(tokens.length, chosen.kvp, chosen.run, chosen.moved);
  // A rank whose LSE is larger by x is a rank whose scores are all larger by x.
  const states = view.states[chosen.h].map((state, rank) => ({ ...state, lse: state.lse + (shifts[rank] ?? 0) }));
  const scores = view.scores[chosen.h].map((score, j) => score + (shifts[of[j]] ?? 0));
  const softmaxes = weightsOf(scores);
  const looked = softmaxes.reduce((best, share, j) => (share > softmaxes[best] ? j : best), 0);
  return { whole, run, view, states, scores, softmaxes, looked, owners: of,
    weights: weightsOf(states.map((state) => state.lse)), alone: states.filter((state) => state.tokens > 0).length === 1,
    expected: runs.text(whole.tokens), said: runs.text(run.tokens) };
}

/**
 * The picture beside a step: its own, or that of the story. Parts that would answer the bet are
 * covered until it was answered or skipped, and parts that a later step explains are absent.
 * @param {import("./steps.js").Step} lesson
 */
export function picture(context, lesson) {
  const { words } = context;
  if (lesson.picture) {
    // Another choice than that of the bet could refute its answer.
    const parts = lesson.picture(context).filter((one) => context.open || !one.matches(".controls"));
    return el("section", { id: "picture", tabindex: "-1", class: "picture", "aria-label": words.picture.label }, parts);
  }
  const later = lesson.later ?? [];
  const covered = context.open ? [] : lesson.covers ?? [];
  const component = componentShown(context, lesson, covered);
  const parts = { component, later: new Set(later), covered: new Set(covered), hidden: new Set([...later, ...covered]) };
  return el("section", { id: "picture", tabindex: "-1", class: "picture story", "aria-label": words.picture.label },
    headShown(context),
    strip(context, parts, lesson.ownShares ?? false),
    part("ranks", words, parts, () => cards(context, parts)),
    part("weights", words, parts, () => weights(context)),
    el("div", { class: "outcome", "aria-live": "polite" }, part("outcome", words, parts, () => outcome(context, parts))));
}

/** The component that the cards show: the one of which the words speak. */
function componentShown(context, lesson, covered) {
  const { chosen, facts, open } = context;
  if (!open || covered.includes("outcome")) {
    return 0;
  }
  if (chosen.m === "right") {
    return lesson.component?.(context) ?? 0;
  }
  const { model, merged } = outputsOf(facts.whole, facts.run, chosen);
  return farthest(model, merged).largest.component;
}

function part(name, words, { later, covered }, draw) {
  return later.has(name) ? null : covered.has(name) ? shutFigure(name, titleOf(name, words, later), words) : draw();
}

/** What a part is called, which grows from step to step. */
function titleOf(name, words, later) {
  return words.picture[name === "outcome" && later.has("merged") ? "said" : name === "ranks" && later.has("state") ? "kept" : name];
}

/** Which head is shown, and why it is another one than in the steps before. */
function headShown({ words, chosen }) {
  const first = usualHead(1);
  const usual = usualHead(chosen.s);
  const shared = chosen.l === usual.l && chosen.h === usual.h && (usual.l !== first.l || usual.h !== first.h);
  return el("p", { class: "hint" }, filled(words.picture.head, chosen), shared ? " " + filled(words.picture.shared, first) : "");
}

/** A word and, where it stands more than once, which of them it is. @param {number} position */
export function tokenNamed({ words, runs, tokens }, position) {
  const same = tokens.flatMap((token, j) => (token === tokens[position] ? [j] : []));
  const word = filled(words.picture.quoted, { word: runs.words[tokens[position]] });
  return same.length === 1 ? word
    : filled(words.picture.which, { word, number: same.indexOf(position) + 1, all: same.length });
}

/** The token that a rank gives most of its own attention, or -1 if it has none. @param {number} rank */
export function favourite({ facts }, rank) {
  return facts.owners.reduce((best, owner, j) =>
    owner === rank && (best < 0 || facts.scores[j] > facts.scores[best]) ? j : best, -1);
}

/** The tokens with their shares. @param {boolean} own whether a share is that of the attention of the token's rank */
function strip(context, { covered, hidden }, own) {
  const { words, chosen, runs, tokens, act, facts, open } = context;
  const least = 0.005;
  const shares = !hidden.has("shares");
  const ranks = !hidden.has("owners");
  const sharing = own ? { given: words.picture.givenByRank, bar: words.picture.barOfRank } : words.picture;
  const hints = [ranks && open && chosen.kvp > 1 ? words.picture.move : "", covered.has("owners") ? words.picture.later.owners : "",
    shares ? sharing.bar : "", covered.has("shares") ? words.picture.later.shares : ""];
  return figure("tokens", ranks ? words.picture.tokens : words.picture.tokensAlone, words,
    el("ol", { class: "strip" }, tokens.map((token, position) => {
      const rank = facts.owners[position];
      const share = own ? Math.exp(facts.scores[position] - facts.states[rank].lse) : facts.softmaxes[position];
      const only = own && facts.states[rank].tokens === 1;
      const word = runs.words[token];
      const parts = [
        el("span", { class: "word" }, word),
        ranks ? el("span", { class: "owner" }, String(rank)) : null,
        shares ? el("span", { class: "share", height: 24 * share + "px" }) : null,
        shares && share > least ? el("span", { class: "percent" }, shareOf(share, only)) : null,
      ];
      const label = filled([words.picture.token, ranks ? words.picture.onRank : "", shares ? sharing.given : ""].join(""),
        { word, position, rank, share: shareOf(share, only) });
      return el("li", { class: "token" + (ranks ? " r" + rank : "") + (shares && position === facts.looked ? " looked" : "") },
        ranks && open ? button("t" + position, parts, () => act.move(position), { title: label, "aria-label": label })
          : el("span", ranks ? { class: "still", role: "img", title: label, "aria-label": label } : { class: "still" }, parts));
    })),
    el("p", { class: "hint" }, hints.filter((hint) => hint !== "").join(" "),
      ranks && open && chosen.moved.size > 0 ? [" ", button("unmove", words.picture.unmove, act.unmove)] : null));
}

function cards(context, { covered, hidden, component }) {
  const { words, chosen, facts } = context;
  const row = (name, value, of = {}) => [el("dt", of, name), el("dd", of, value)];
  const wide = { class: "wide" };
  const right = chosen.m === "right";
  return figure("ranks", hidden.has("state") && hidden.has("own") ? words.picture.kept : words.picture.ranks, words,
    el("ol", { class: "cards " + (chosen.digits === "6" ? "narrow" : "long") }, facts.states.map((state, rank) => {
      const own = favourite(context, rank);
      const sure = own < 0 ? "" : shareOf(Math.exp(facts.scores[own] - state.lse), state.tokens === 1);
      return el("li", { class: "card r" + rank },
        el("h4", {}, words.rank + " " + rank),
        el("dl", {},
          row(words.picture.count, String(state.tokens)),
          hidden.has("state") ? null : [
            row("LSE", shown(state.lse, chosen.digits), chosen.digits === "6" ? {} : wide),
            row(filled(words.picture.sample, { component: component + 1 }), shown(state.output[component], chosen.digits), wide)],
          hidden.has("own") ? null
            : row(words.picture.own, own < 0 ? words.picture.nothing : `${tokenNamed(context, own)}: ${sure}`, wide),
          hidden.has("weights") ? null : row(right ? words.picture.weight : words.picture.rightWeight, shareOf(facts.weights[rank], facts.alone), right ? {} : wide)));
    })),
    covered.has("own") ? el("p", { class: "hint" }, words.picture.later.own) : null);
}

function weights(context) {
  const { words, facts, chosen } = context;
  const title = chosen.m === "right" ? words.picture.weights : words.picture.rightWeights;
  const all = facts.weights.map((w, r) => words.rank + " " + r + " " + shareOf(w, facts.alone)).join(", ");
  return figure("weights", title, words,
    el("p", { class: "hint" }, words.picture.linear),
    el("div", { class: "stack", role: "img", "aria-label": title + ": " + all },
      facts.weights.map((w, rank) => w === 0 ? null
        : el("span", { class: "r" + rank, width: 100 * w + "%" }, w > 0.06 ? String(rank) : ""))),
    logarithmic(context));
}

/** One dot for each rank on a common logarithmic axis: positions there can be compared, and lengths add up to nothing. */
function logarithmic({ words, facts }) {
  const exponents = facts.weights.map((w) => Math.log10(w));
  const least = Math.min(-1, ...exponents.filter(Number.isFinite));
  const between = Math.ceil(-least / 4);
  const marks = Array.from({ length: Math.ceil(-least / between) + 1 }, (unused, i) => -i * between);
  const end = marks[marks.length - 1];
  const left = (exponent) => 100 * (1 - exponent / end) + "%";
  const line = (exponent) => el("span", { class: "mark", left: left(exponent) });
  return [
    el("p", { class: "hint" }, filled(words.picture.logarithmic, { factor: powerOfTen(between) })),
    el("div", { class: "dots" },
      facts.weights.map((w, rank) => [
        el("span", {}, words.rank + " " + rank),
        el("div", { class: "track" }, marks.map(line),
          w === 0 ? null : el("span", { class: "dot r" + rank, left: left(exponents[rank]) })),
        el("span", { class: "value" }, facts.alone && w > 0 ? shareOf(w, true) : littleShare(w)),
      ]),
      el("span", {}), el("div", { class: "track scale" },
        marks.map((exponent) => el("span", { left: left(exponent) }, powerOfTen(exponent)))), el("span", {})),
  ];
}

const RAISED = new Map([..."0123456789-"].map((c, i) => [c, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"[i]]));

function powerOfTen(exponent) {
  return exponent === 0 ? "1" : exponent === 1 ? "10" : "10" + [...String(exponent)].map((c) => RAISED.get(c)).join("");
}

function scientific(x) {
  const [digits, exponent] = x.toExponential(1).split("e");
  return `${decimal(digits)}·${powerOfTen(Number(exponent))}`;
}

/** Above this many steps from one double to the next a difference is no matter of rounding. */
const ROUNDING = 1000000n;

/** The numbers of one component that was taken apart. @param {import("../model/difference.js").Apart} apart */
export function apartInWords({ digits, model, input, merged, ...differences }) {
  const number = (x) => decimal(x.toFixed(digits)).replace("-", "−");
  const numbers = Object.entries({ model, input, merged }).map(([name, x]) => [name, number(x)]);
  const signed = Object.entries(differences).map(([name, x]) => [name, (x > 0 ? "+" : "") + number(x)]);
  return Object.fromEntries([...numbers, ...signed]);
}

/** Whether rounding does not explain a difference. @param {import("../model/difference.js").Difference} one */
function isFault(one) {
  return one.steps === null || one.steps >= ROUNDING;
}

/** Says where the merged output of the chosen head differs most from that of the unsharded model. */
function differing(words, { model, merged }) {
  const { largest, mostSteps } = farthest(model, merged);
  const says = (sentence, { component: i, off, steps }) =>
    filled(sentence, { component: i + 1, all: model.length, most: decimal(Number(off.toPrecision(2))), steps });
  if (largest.steps === null) {
    return says(words.infinite, largest);
  }
  if (largest.off === 0) {
    return words.equal;
  }
  return says(words.error, largest) + (isFault(largest) ? "" : " " + says(words.steps, largest))
    + (!isFault(largest) && mostSteps.steps > largest.steps ? " " + says(words.moreSteps, mostSteps) : "");
}

/** Says what is the merge's own fault, and what comes in with an input that earlier merges have changed. */
function changedInput(words, { model, whole, merged }) {
  const { component: i, steps } = farthest(model, merged).largest;
  if (steps === null || !isFault(farthest(model, whole).largest)) {
    return null;
  }
  return filled(words.changedInput, { component: i + 1, ...apartInWords(takenApart(model[i], whole[i], merged[i])) });
}

/**
 * The output of the chosen head: in the unsharded model, over all tokens of what it reads in a
 * decode, and merged there.
 */
export function outputsOf(unsharded, run, { l, h }) {
  const whole = run.last[l].whole[h].output;
  return { model: unsharded.last[l].whole[h].output, whole,
    merged: run.last[l].output.subarray(h * whole.length, (h + 1) * whole.length) };
}

function outcome(context, { hidden, component }) {
  const { words, chosen, runs, facts } = context;
  const next = runs.next(facts.run);
  const same = facts.expected === facts.said;
  const outputs = outputsOf(facts.whole, facts.run, chosen);
  const number = (x) => shown(x, chosen.digits);
  const changed = hidden.has("merged") || chosen.m === "right" ? null : changedInput(words.picture, outputs);
  return figure("outcome", hidden.has("merged") ? words.picture.said : words.picture.outcome, words,
    hidden.has("merged") ? null : el("p", {}, prose(differing(words.picture, outputs), {}, words), " ",
      filled(words.picture.both, { component: component + 1, merged: number(outputs.merged[component]), model: number(outputs.model[component]) })),
    changed === null ? null : el("p", {}, changed),
    next.length === 0
      ? el("p", { class: "bad" }, words.picture.stopped)
      : [table(words.picture.next, [words.picture.word, words.picture.share],
        next.map((one) => [one.word, shareOf(one.share)])),
        el("p", { class: !same ? "bad" : hidden.has("merged") ? "good told" : "good" },
          (!same ? "✗ " : hidden.has("merged") ? "" : "✓ ") + filled(!same ? words.picture.other : hidden.has("merged") ? words.picture.goesOn : words.picture.same,
            { said: facts.said, expected: facts.expected }))]);
}
