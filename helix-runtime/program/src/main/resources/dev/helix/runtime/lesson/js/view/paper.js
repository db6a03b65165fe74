// On paper each step has a page, and the answers stand on the last one. Who reads without bets gets
// the texts and all figures on the steps' pages too.
import { factsOfBet, heading } from "./article.js";
import { el, filled, prose } from "./dom.js";
import { picture } from "./picture.js";
import { ALL_STEPS } from "./steps.js";

/** The pages. @param {(step: number) => Object} contextOf what a step on paper is made from */
export function sheets(words, contextOf) {
  const answers = [];
  const pages = words.steps.map((step, i) => {
    const context = contextOf(i + 1);
    const lesson = ALL_STEPS[i];
    const facts = lesson.facts(context);
    const paragraph = (text) => el("p", {}, prose(text, facts, words));
    answers.push(el("p", {}, el("b", {}, `${i + 1}. ${step.claim}.`), " ", prose(step.reveal, factsOfBet(context, i + 1, facts), words), " ",
      step.exercises.map((one) => [prose(one.a, facts, words), " "])));
    return el("section", { class: "sheet" }, el("h2", {}, `${i + 1}. ${heading(step, context.open)}`),
      step.setup.map(paragraph),
      context.open ? step.text.map(paragraph) : lesson.before?.(context),
      figures(context, lesson),
      el("p", {}, prose(step.bet.ask, facts, words), " ", step.bet.options.join(" / ")),
      el("ol", {}, step.exercises.map((one) => el("li", {}, filled(one.q, facts)))));
  });
  return [...pages, el("section", { class: "sheet answers" }, el("h2", {}, words.answers), answers)];
}

/**
 * The figures of the step itself, if they answer nothing or may. Else those of the picture, unless
 * something stands before the bet already.
 */
function figures(context, lesson) {
  const own = context.open
    ? lesson.play(context).flat(3).filter((one) => one instanceof Element && one.matches(".figure")) : [];
  return own.length > 0 || lesson.before ? own
    : [...picture(context, lesson).querySelectorAll(".figure")].filter((one) => !one.matches(".shut")).slice(0, 3);
}
