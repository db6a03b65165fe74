// The ten steps in their order, and the choices that are there in all of them. A step is {facts, play}:
// the facts that its sentences are filled with, and the elements with which the learner plays. Both
// get the context of the page.
import { MERGES } from "../model/merges.js";
import { ALONE } from "./alone-step.js";
import { AVERAGE } from "./average-step.js";
import { choice, el } from "./dom.js";
import { EXCHANGE, HIDING } from "./hardware-steps.js";
import { NEEDLE } from "./needle-step.js";
import { ORDER } from "./order-step.js";
import { KVPS } from "./state.js";
import { LOOK, OWN } from "./story-steps.js";
import { SUSPECT } from "./suspects-step.js";
import { WEIGHTS } from "./weights-step.js";

/** The ten steps in their order. */
export const ALL_STEPS = [LOOK, OWN, ALONE, AVERAGE, WEIGHTS, ORDER, SUSPECT, NEEDLE, EXCHANGE, HIDING];

/** The choices that are there in every step. */
export function controls({ words, chosen, act, data, merge }) {
  return el("div", { class: "controls", role: "group", "aria-label": words.controls },
    choice("kvp", "KVP", KVPS.map((n) => [n, n]), chosen.kvp, (v) => act.choose("kvp", Number(v))),
    choice("run", words.run, [1, 4, 16].map((n) => [n, n]), chosen.run, (v) => act.choose("run", Number(v))),
    choice("layer", words.layer, range(data.config.layers), chosen.l, (v) => act.choose("l", Number(v))),
    choice("head", words.head, range(data.config.heads), chosen.h, (v) => act.choose("h", Number(v))),
    choice("digits", words.digits, [["6", "6"], ["17", "17"], ["bits", "hex"]], chosen.digits, (v) => act.choose("digits", v)),
    choice("merge", words.merge, [...MERGES.keys()].map((m) => [m, merge(m)]), chosen.m, (v) => act.choose("m", v)));
}

function range(end) {
  return Array.from({ length: end }, (unused, i) => [i, i]);
}
