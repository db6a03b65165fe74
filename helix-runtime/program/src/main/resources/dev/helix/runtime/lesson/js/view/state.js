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

/** Names and values of an address; a value that is wrongly escaped stays as it is. @param {string} text */
function pairsOf(text) {
  const plain = (part) => {
    const spaced = part.replace(/\+/g, " ");
    try {
      return decodeURIComponent(spaced);
    } catch {
      return spaced;
    }
  };
  return new Map(text.replace(/^[#?]/, "").split("&").filter((pair) => pair !== "").map((pair) => {
    const at = pair.indexOf("=");
    return at < 0 ? [plain(pair), ""] : [plain(pair.slice(0, at)), plain(pair.slice(at + 1))];
  }));
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
 * Reads what a step lets the learner choose beside that.
 * @param {string} address behind the # @param {Object<string, any[]>} choices possible values by name
 * @returns {{own: Object<string, any>, refused: {name: string, given: string, possible: string}[]}}
 */
export function readOwn(address, choices) {
  const given = pairsOf(address);
  const own = {};
  const refused = [];
  for (const [name, values] of Object.entries(choices).filter(([one]) => given.has(one))) {
    const value = values.find((one) => String(one) === given.get(name));
    if (value !== undefined) {
      own[name] = value;
    } else {
      refused.push({ name, given: given.get(name).slice(0, 30), possible: values.join(", ") });
    }
  }
  return { own, refused };
}

/** The end of an address, with what was chosen of a step's own. @param {Object<string, any>} local */
export function ownAddress(local, choices) {
  return Object.keys(choices).filter((name) => local[name] !== undefined)
    .map((name) => `&${name}=${encodeURIComponent(local[name])}`).join("");
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
      refused.push({ name, given: given.get(name).slice(0, 30), possible });
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
  take("m", (m) => MERGES.has(m), [...MERGES.keys()].slice(0, 5).join(", ") + ", …", String);
  oneOf(["en", "de"], "lang", String);
  oneOf(WAYS_TO_SHOW, "digits", String);
  take("story", (x) => x.length < LONGEST_STORY, `< ${LONGEST_STORY}`, String);
  take("moved", (moves) => moves instanceof Map, "3-0,4-1", movesOf);
  oneOf(["bets", "all"], "read", String);
  const real = ([step, option]) => option < (config.options[step - 1] ?? SKIPPED);
  take("bets", (bets) => bets instanceof Map && [...bets].every(real), "1b,3-", betsOf);
  const mode = given.get("mode") ?? pairsOf(query).get("mode");
  if (mode === "projector" || mode === "plain") {
    chosen.mode = mode === "projector" ? mode : "";
  }
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
