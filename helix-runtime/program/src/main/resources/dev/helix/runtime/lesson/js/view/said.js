// What the model says under some merge or layout, in words; a decode that is still to come says "…".
import { filled } from "./dom.js";
import { shareOf } from "./picture.js";

/** A name, behind the letter that a step has given to what it names. @param {Map<string, string>} letters */
export function lettered(letters, key, name) {
  return letters.has(key) ? `${letters.get(key)}: ${name}` : name;
}

/** Stands for what is not known before a decode is done. */
export const WAITING = "…";

/** The most likely next word with its share. */
export function firstWord(context, result) {
  if (result === null) {
    return WAITING;
  }
  const [best] = context.runs.next(result, 1);
  return best === undefined ? "NaN" : `${filled(context.words.picture.quoted, best)} (${shareOf(best.share)})`;
}

/** The first word of the chosen story in another layout, under some merge. */
export function said(context, kvp, merge, run = context.chosen.run) {
  return firstWord(context, context.runs.beside(context.tokens, { ...context.chosen, kvp, run }, merge));
}
