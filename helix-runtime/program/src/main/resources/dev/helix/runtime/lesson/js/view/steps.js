// The ten steps, and the choices that stand beside them.
import { MERGES } from "../model/merges.js";
import { ALONE } from "./alone-step.js";
import { AVERAGE } from "./average-step.js";
import { choice, el } from "./dom.js";
import { EXCHANGE, HIDING } from "./hardware-steps.js";
import { NEEDLE } from "./needle-step.js";
import { ORDER } from "./order-step.js";
import { lettered } from "./said.js";
import { KVPS, RUNS } from "./state.js";
import { LOOK, OWN } from "./story-steps.js";
import { SUSPECT } from "./suspects-step.js";
import { WEIGHTS } from "./weights-step.js";

/**
 * What a step is made of. All functions get the context of the page; its `open` says whether the bet
 * was answered or skipped.
 * - facts: what fills the braces of the step's sentences
 * - play: what the learner changes, shown when the step is open
 * - before: what stands between the setup and the bet
 * - covers: parts of the story picture that would answer the bet: "shares" and "owners" of the tokens,
 *   the cards of the "ranks" or in them the "state" and "own" token, the "weights", the "outcome" or in
 *   it the "merged" numbers
 * - ownShares: whether a token's share is that of its rank's attention, and not of all
 * - later: such parts that only a later step explains
 * - picture: figures that stand in place of the story picture
 * - controls: the choices that stand beside the picture once the step is open; absent, all of them
 * - merges: the merges that can be chosen; absent, all of them
 * - choices: names and possible values of the step's own choices, which the address then holds
 * - fixed: such choices that the bet fixes, so that they act only once the step is open
 * - always: choices that this step makes itself, whatever was chosen elsewhere
 * - component: the component that the cards show while the merge is right; absent, the first
 * - letters: the letters that the step gives to merges
 * - shifts: what the step adds to the LSE of each rank, in the head that is shown
 * @typedef {{facts: (context: Object) => Object<string, any>, play: (context: Object) => any[],
 *     before?: (context: Object) => any, covers?: string[], ownShares?: boolean, later?: string[], picture?: (context: Object) => Element[],
 *     controls?: string[], merges?: string[], choices?: (data: Object) => Object<string, import("./state.js").OwnChoice>, fixed?: string[],
 *     always?: Object<string, any>, component?: (context: Object) => number, letters?: Map<string, string>, shifts?: (context: Object) => number[]}} Step
 */

/** The ten steps in their order. @type {Step[]} */
export const ALL_STEPS = [LOOK, OWN, ALONE, AVERAGE, WEIGHTS, ORDER, SUSPECT, NEEDLE, EXCHANGE, HIDING];

/** The choices that stand beside a step. @param {Step} lesson */
export function controls({ words, chosen, act, data, merge }, lesson) {
  const number = (name) => (value) => act.choose(name, Number(value));
  const text = (name) => (value) => act.choose(name, value);
  const all = [
    ["kvp", "KVP", plain(KVPS), chosen.kvp, number("kvp")],
    ["run", words.run, plain(RUNS), chosen.run, number("run")],
    ["layer", words.layer, range(data.config.layers), chosen.l, number("l")],
    ["head", words.head, range(data.config.heads), chosen.h, number("h")],
    ["digits", words.digits, [["6", "6"], ["17", "17"], ["bits", "hex"]], chosen.digits, text("digits")],
    ["merge", words.merge, [...new Set([...lesson.merges ?? MERGES.keys(), chosen.m])].map((m) => [m, lettered(lesson.letters ?? new Map(), m, merge(m))]), chosen.m, text("m")],
  ].filter(([id]) => lesson.controls === undefined || lesson.controls.includes(id));
  return all.length === 0 ? ""
    : el("div", { class: "controls", role: "group", "aria-label": words.controls }, all.map((one) => choice(...one)));
}

function plain(values) {
  return values.map((value) => [value, value]);
}

function range(end) {
  return plain(Array.from({ length: end }, (unused, i) => i));
}
