// One step on the page: a question, what is needed to bet on it, the bet, and behind the bet its answer.
import { button, el, filled, prose } from "./dom.js";
import { picture } from "./picture.js";
import { WAITING } from "./said.js";
import { ALL_STEPS, controls } from "./steps.js";

/** What stands above a step: its question, and once it is open its claim. @param {Object} step its words */
export function heading(step, open) {
  return open ? step.claim : step.question;
}

/** The step that is shown, with its choices and its picture. */
export function stepOf(context, number) {
  const lesson = ALL_STEPS[number - 1];
  return [article(context, number), context.open ? controls(context, lesson) : "", picture(context, lesson)];
}

/**
 * What fills the sentence that answers the bet. It is about what the bet is about, whatever was
 * chosen since. @param {Object} facts those of what is chosen
 */
export function factsOfBet(context, number, facts) {
  const says = context.words.steps[number - 1].reveal.includes("{");
  return context.open && says ? ALL_STEPS[number - 1].facts(context.ofBet()) : facts;
}

function article(context, number) {
  const { words, open, act } = context;
  const step = words.steps[number - 1];
  const lesson = ALL_STEPS[number - 1];
  const facts = lesson.facts(context);
  const paragraph = (text) => el("p", {}, prose(text, facts, words));
  const known = step.text.filter((text) => !waits(text, facts));
  return el("article", { id: "step" + number, class: "step" },
    el("h1", { id: "claim", tabindex: "-1" }, `${number}. ${heading(step, open)}`),
    step.setup.map(paragraph),
    lesson.before?.(context),
    bet(context, number, facts),
    open ? [
      known.map(paragraph),
      known.length < step.text.length ? el("p", { role: "status" }, words.computing) : null,
      el("section", { class: "play", "aria-label": words.manipulate }, el("h2", {}, words.manipulate),
        el("p", {}, prose(step.play, facts, words)), lesson.play(context)),
      more(context, number, facts),
    ] : el("p", { class: "covered" }, words.covered),
    el("div", { class: "row turn" },
      number > 1 ? button("back", "← " + words.back, () => act.go(number - 1)) : null,
      number < words.steps.length ? button("on", words.on + " →", () => act.go(number + 1)) : null));
}

/** Whether a sentence needs a fact that is still computed. */
function waits(text, facts) {
  return filled(text, facts) !== filled(text, Object.fromEntries(Object.entries(facts).filter(([, fact]) => !String(fact).includes(WAITING))));
}

function bet(context, number, facts) {
  const { words, open, placed, act } = context;
  const step = words.steps[number - 1];
  const verdict = placed === undefined || placed < 0 ? ""
    : (placed === step.bet.right ? "✓ " + words.won : "✗ " + words.lost) + " ";
  return el("fieldset", { class: "bet" }, el("legend", {}, words.bet),
    el("p", {}, prose(step.bet.ask, facts, words)),
    button("to-picture", words.toPicture + " ↓", toPicture),
    el("div", { class: "row" }, step.bet.options.map((option, i) =>
      button(`bet${i}`, option, () => act.bet(i), { "aria-pressed": placed === i, ...(open ? { "aria-disabled": true } : {}) })),
    open ? null : button("skip", words.skip, () => act.bet(-1))),
    open ? answer(context, number, facts, verdict) : null);
}

/** In one column the picture stands below the text. */
function toPicture() {
  const picture = document.getElementById("picture");
  picture.scrollIntoView();
  picture.focus({ preventScroll: true });
}

/** What is right, and what the learner's choices make of it if that is something else. */
function answer(context, number, facts, verdict) {
  const { words } = context;
  const { reveal, now } = words.steps[number - 1];
  const right = factsOfBet(context, number, facts);
  return [el("p", { class: "reveal", role: "status" }, verdict, waits(reveal, right) ? words.computing : prose(reveal, right, words)),
    now === undefined || filled(now, facts) === filled(now, right) ? null
      : el("p", { class: "now" }, waits(now, facts) ? words.computing : prose(now, facts, words))];
}

function more({ words, data, chosen }, number, facts) {
  const meta = data.steps[number - 1];
  return el("section", { class: "more" },
    words.steps[number - 1].exercises.map((one, i) => el("details", { id: `x${number}-${i}` },
      el("summary", {}, `${words.exercise} ${i + 1}: ${one.q}`), el("p", {}, prose(one.a, facts, words)))),
    el("details", { id: "source" }, el("summary", {}, words.source),
      el("p", {}, meta.command === "" ? words.noCommand : words.command),
      meta.command === "" ? null : el("pre", { tabindex: "0" }, command(words, { ...facts, ...chosen }, meta.command)),
      el("p", {}, filled(words.where, meta)),
      el("pre", { tabindex: "0" }, meta.source)));
}

function command(words, chosen, template) {
  return chosen.moved.size > 0 && template.includes("{kvp}") ? words.byHand : filled(template, chosen);
}
