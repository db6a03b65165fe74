// What the learner has chosen, and how the address says it. Nothing is stored.
import { MERGES } from "../model/merges.js";

export const STEPS = 10;
export const KVPS = [1, 2, 4, 8];
export const RUNS = [1, 4, 16];

/** Bets are options by step, of which SKIPPED is none; read is "all" for who reads without bets.
 * @typedef {{s: number, kvp: number, run: number, l: number, h: number, m: string, lang: string,
 *     mode: string, digits: string, story: string, moved: Map<number, number>, read: string,
 *     bets: Map<number, number>}} Chosen */

/** The bet of a reader who asked for the answer. */
export const SKIPPED = -1;

/** @param {{story: string}} usual @returns {Chosen} */
export function startOf(usual) {
  return { s: 1, kvp: 4, run: 16, ...usualHead(1), m: "right", lang: "en", mode: "",
    digits: "6", story: usual.story, moved: new Map(), read: "bets", bets: new Map() };
}

// In this head one token has all the weight, and in that one several ranks share it.
const ONE_SIDED = { l: 1, h: 7 };
const SHARED = { l: 0, h: 5 };

/** The layer and head that a step shows until others are chosen. @param {number} step */
export function usualHead(step) {
  return step === 5 || step === 6 ? SHARED : ONE_SIDED;
}

const LONGEST_STORY = 2000;
const WAYS_TO_SHOW = ["6", "17", "bits"];

/** The names that an address has for all steps. Those that a step has no use for are kept for the others. */
const OF_ALL_STEPS = ["s", "kvp", "run", "l", "h", "m", "lang", "digits", "story", "read", "moved", "bets", "mode"];

/** Names and values in the order of an address; a value that is wrongly escaped stays as it is. @param {string} text */
function listOf(text) {
  const plain = (part) => {
    const spaced = part.replace(/\+/g, " ");
    try {
      return decodeURIComponent(spaced);
    } catch {
      return spaced;
    }
  };
  return text.replace(/^[#?]/, "").split("&").filter((pair) => pair !== "").map((pair) => {
    const at = pair.indexOf("=");
    return at < 0 ? [plain(pair), ""] : [plain(pair.slice(0, at)), plain(pair.slice(at + 1))];
  });
}

/** The same by name. Of a name that stands twice the last value counts. */
function pairsOf(text) {
  return new Map(listOf(text));
}

/** A part of an address that is not taken. @param {string} possible what could be there */
function refusal(name, given, possible) {
  return { name: name.slice(0, 30), given: given.slice(0, 30), possible };
}

/** A number that is written with digits alone; else NaN. @param {string} text */
function wholeNumber(text) {
  return /^[0-9]+$/.test(text) ? Number(text) : NaN;
}

/** Moves of tokens to ranks, such as 3-0,4-1; null if they are written in another way. @param {string} text */
function movesOf(text) {
  const pairs = text.split(",").filter((pair) => pair !== "").map((pair) => pair.split("-").map(wholeNumber));
  return pairs.every((pair) => pair.length === 2 && pair.every((n) => n < 1000)) ? new Map(pairs) : null;
}

const OPTIONS = "abcdef";

/** Bets such as 1b,3-; null if they are written in another way. @param {string} text */
function betsOf(text) {
  const pairs = text.split(",").filter((pair) => pair !== "").map((pair) => /^([0-9]+)([a-f-])$/.exec(pair));
  return pairs.includes(null) ? null : new Map(pairs.map(([, step, option]) => [Number(step), OPTIONS.indexOf(option)]));
}

/** Whether a step shows its answer. @param {Chosen} chosen @param {number} step */
export function isOpen(chosen, step) {
  return chosen.read === "all" || chosen.bets.has(step);
}

/**
 * The choice that the bet of a step is about: the first story in the usual layout, head and merge.
 * @param {Chosen} chosen @param {Chosen} start @param {number} step @returns {Chosen}
 */
export function choiceOfBet(chosen, start, step) {
  const { kvp, run, m, story, moved } = start;
  return { ...chosen, kvp, run, m, story, moved, ...usualHead(step) };
}

/**
 * A choice that a step has for itself: its possible values; or these, with the usual one, where it
 * stands in the place of a choice of all steps, whose name then means it where its own is absent.
 * @typedef {any[]|{values: any[], usual: any, inPlaceOf: string}} OwnChoice
 */

/** The possible values. @param {OwnChoice} choice */
function valuesOf(choice) {
  return Array.isArray(choice) ? choice : choice.values;
}

/**
 * Reads what a step lets the learner choose beside that. No part of an address is passed over in
 * silence: neither a name that nothing has here nor a value that another one follows.
 * @param {string} address behind the # @param {Object<string, OwnChoice>} choices by name
 * @returns {{own: Object<string, any>, refused: {name: string, given: string, possible: string}[]}}
 */
export function readOwn(address, choices) {
  const all = listOf(address);
  const given = new Map(all);
  const own = {};
  const refused = all.filter(([name], i) => all.slice(i + 1).some(([later]) => later === name))
    .map(([name, value]) => refusal(name, value, `${name}=${given.get(name).slice(0, 30)}`));
  const known = [...OF_ALL_STEPS, ...Object.keys(choices)];
  refused.push(...[...given].filter(([name]) => !known.includes(name)).map(([name, value]) => refusal(name, value, known.join(", "))));
  for (const [name, choice] of Object.entries(choices)) {
    const values = valuesOf(choice);
    const value = values.find((one) => String(one) === given.get(name));
    if (value !== undefined) {
      own[name] = value;
    } else if (given.has(name)) {
      refused.push(refusal(name, given.get(name), values.join(", ")));
    } else if (values.map(String).includes(given.get(choice.inPlaceOf))) {
      // Who writes the name that other steps have means the same; what is no value of it is refused there.
      own[name] = values.find((one) => String(one) === given.get(choice.inPlaceOf));
    }
  }
  return { own, refused };
}

/**
 * The end of an address, with what was chosen of a step's own. A choice in the place of another is
 * always there, so that the page can read its own addresses.
 * @param {Object<string, any>} local @param {Object<string, OwnChoice>} choices
 */
export function ownAddress(local, choices) {
  return Object.entries(choices).map(([name, choice]) => [name, local[name] ?? choice.usual]).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("");
}

/**
 * Reads an address. What is absent or makes no sense stays as it was.
 * @param {string} address behind the # @param {string} query behind the ?
 * @param {Chosen} before
 * @param {{layers: number, heads: number, options: number[]}} config options of the bet of each step
 * @returns {{chosen: Chosen, refused: {name: string, given: string, possible: string}[]}} what to
 *     show, and what was refused
 */
export function readAddress(address, query, before, config) {
  const chosen = { ...before, moved: new Map(before.moved), bets: new Map(before.bets) };
  const refused = [];
  const given = pairsOf(address);
  const take = (name, allowed, possible, as = wholeNumber) => {
    if (!given.has(name)) {
      return;
    }
    const value = as(given.get(name));
    if (allowed(value)) {
      chosen[name] = value;
    } else {
      refused.push(refusal(name, given.get(name), possible));
    }
  };
  const oneOf = (values, name, as) => take(name, (value) => values.includes(value), values.join(", "), as);
  const below = (end, name) => take(name, (n) => n >= 0 && n < end, `0–${end - 1}`);
  take("s", (n) => n > 0 && n <= STEPS, `1–${STEPS}`);
  oneOf(KVPS, "kvp");
  oneOf(RUNS, "run");
  if (!given.has("l") && !given.has("h")) {
    Object.assign(chosen, usualHead(chosen.s));
  }
  below(config.layers, "l");
  below(config.heads, "h");
  take("m", (m) => MERGES.has(m), [...MERGES.keys()].join(", "), String);
  oneOf(["en", "de"], "lang", String);
  oneOf(WAYS_TO_SHOW, "digits", String);
  take("story", (x) => x.length < LONGEST_STORY, `< ${LONGEST_STORY}`, String);
  take("moved", (moves) => moves instanceof Map, "3-0,4-1", movesOf);
  oneOf(["bets", "all"], "read", String);
  const real = ([step, option]) => option < (config.options[step - 1] ?? SKIPPED);
  take("bets", (bets) => bets instanceof Map && [...bets].every(real), "1b,3-", betsOf);
  const asked = pairsOf(query);
  const mode = given.get("mode") ?? asked.get("mode");
  if (mode === "projector" || mode === "plain") {
    chosen.mode = mode === "projector" ? mode : "";
  } else if (mode !== undefined) {
    refused.push(refusal("mode", mode, "projector, plain"));
  }
  asked.delete("mode");
  asked.forEach((value, name) => refused.push(refusal(name, value, OF_ALL_STEPS.includes(name) ? `#${name}=…` : "mode")));
  return { chosen, refused };
}

/** @param {Chosen} chosen @param {Chosen} start @returns {string} the address, with its # */
export function addressOf(chosen, start) {
  const parts = [];
  const usual = usualHead(chosen.s);
  const head = chosen.l !== usual.l || chosen.h !== usual.h;
  for (const name of ["s", "kvp", "run", "l", "h", "m", "lang", "digits", "story", "read"]) {
    const own = name === "l" || name === "h" ? head : chosen[name] !== start[name];
    if (name === "s" || own) {
      parts.push(name + "=" + encodeURIComponent(chosen[name]));
    }
  }
  if (chosen.moved.size > 0) {
    parts.push("moved=" + [...chosen.moved].map((pair) => pair.join("-")).join(","));
  }
  if (chosen.bets.size > 0) {
    parts.push("bets=" + [...chosen.bets].map(([step, option]) => step + (OPTIONS[option] ?? "-")).join(","));
  }
  if (chosen.mode !== "") {
    parts.push("mode=" + chosen.mode);
  }
  return "#" + parts.join("&");
}
