// The page: reads what Java has put into it, keeps what the learner chooses, and draws.
import { bytesOf, doublesOf } from "../arithmetic/doubles.js";
import { Decoder } from "../model/decoder.js";
import { owners } from "../model/placement.js";
import { compareHead } from "../model/reference.js";
import { readWeights } from "../model/weights.js";
import { heading, stepOf } from "./article.js";
import { button, el, filled, prose, useDecimalMark } from "./dom.js";
import { Fingerprints } from "./fingerprints.js";
import { sheets } from "./paper.js";
import { factsOf } from "./picture.js";
import { redraw } from "./redraw.js";
import { Runs } from "./run.js";
import { addressOf, choiceOfBet, isOpen, ownAddress, readAddress, readOwn, SKIPPED, startOf, STEPS, usualHead } from "./state.js";
import { ALL_STEPS } from "./steps.js";

function exportedLayers(data) {
  const { heads, kvHeads, dim } = data.config;
  const rows = (text, width) => {
    const all = doublesOf(text);
    return Array.from({ length: all.length / width }, (unused, i) => all.subarray(i * width, (i + 1) * width));
  };
  return data.exact.map((layer) => ({
    queries: doublesOf(layer.queries),
    keys: rows(layer.keys, kvHeads * dim),
    values: rows(layer.values, kvHeads * dim),
    merged: doublesOf(layer.merged),
    layouts: layer.layouts.map((layout) => ({ kvp: layout.kvp, run: layout.run,
      partial: rows(layout.partial, heads * dim), weights: rows(layout.weights, heads) })),
  }));
}

class Page {
  constructor(data) {
    this.data = data;
    const weights = readWeights(bytesOf(data.weights));
    this.runs = new Runs(new Decoder(data.config, weights, doublesOf(data.cosines), doublesOf(data.sines)), data.words, () => this.draw());
    this.layers = exportedLayers(data);
    this.start = startOf(data.usual);
    this.config = { ...data.config, options: data.strings.en.steps.map((step) => step.bet.options.length) };
    this.chosen = this.start;
    this.locals = Array.from({ length: STEPS + 1 }, () => ({}));
    this.problem = "";
    this.checked = { values: 0, equal: 0, done: false };
    this.fingerprints = new Fingerprints(data.config);
    this.choices = ALL_STEPS.map((lesson) => lesson.choices?.(data) ?? {});
    this.first = this.runs.tokens(this.start.story).tokens;
    this.tokens = this.first;
  }

  open() {
    this.follow();
    addEventListener("hashchange", () => this.follow());
    addEventListener("keydown", (event) => this.key(event));
    addEventListener("resize", () => this.showWhatIsCut());
    addEventListener("toggle", () => this.showWhatIsCut(), true);
    addEventListener("beforeprint", () => this.runs.withoutWaiting(() => this.print()));
    addEventListener("afterprint", () => this.draw());
    this.check(0);
  }

  /** Compares Java's values head by head, so that the page stays usable. */
  check(at) {
    const { heads } = this.data.config;
    if (at < this.layers.length * heads) {
      const found = compareHead(this.layers[Math.floor(at / heads)], at % heads, this.data.config);
      this.checked.values += found.values;
      this.checked.equal += found.equal;
      setTimeout(() => this.check(at + 1));
    } else {
      this.checked.done = true;
      this.footer();
    }
  }

  follow() {
    const { chosen, refused } = readAddress(location.hash, location.search, this.chosen, this.config);
    const { own, refused: others } = readOwn(location.hash, this.choices[chosen.s - 1]);
    refused.push(...others);
    this.locals[chosen.s] = { ...this.locals[chosen.s], ...own };
    const before = this.chosen.story;
    this.chosen = chosen;
    this.problem = "";
    if (!this.retell(chosen.story)) {
      this.chosen = { ...chosen, story: before };
    }
    if (refused.length > 0) {
      const names = refused.map((one) => filled(this.words.possible, one)).join("; ");
      this.problem = [filled(this.words.refused, { names }), this.problem].join(" ").trim();
    }
    this.draw();
  }

  get words() {
    return this.data.strings[this.chosen.lang];
  }

  /** Takes a story if it is fine; else the last one stays and a sentence says why. */
  retell(story) {
    const told = this.runs.tokens(story);
    const words = this.words;
    this.text = story;
    if (told.empty) {
      this.problem = words.problems.empty;
    } else if (told.unknown.length > 0) {
      this.problem = filled(words.problems.unknown, { words: told.unknown.slice(0, 5).join(", ") });
    } else if (told.tooLong) {
      this.problem = filled(words.problems.long, told);
    } else {
      this.tokens = told.tokens;
      return true;
    }
    return false;
  }

  choose(name, value) {
    this.show({ [name]: value });
  }

  /** Takes several choices at once. */
  show(choices) {
    this.chosen = { ...this.chosen, ...choices };
    this.problem = "";
    this.remember();
    this.draw();
  }

  /** Puts into the address what is chosen. */
  remember() {
    const { s } = this.chosen;
    history.replaceState(null, "", addressOf(this.chosen, this.start) + ownAddress(this.locals[s], this.choices[s - 1]));
  }

  act = {
    choose: (name, value) => this.choose(name, value),
    show: (choices) => {
      this.retell(choices.story);
      this.show(choices);
    },
    local: (name, value) => {
      if (name === "reset") {
        this.locals[this.chosen.s] = {};
      } else {
        this.locals[this.chosen.s] = { ...this.locals[this.chosen.s], [name]: value };
      }
      this.remember();
      this.draw();
    },
    move: (position) => {
      const of = owners(this.tokens.length, this.chosen.kvp, this.chosen.run, this.chosen.moved)[position];
      this.choose("moved", new Map(this.chosen.moved).set(position, (of + 1) % this.chosen.kvp));
    },
    unmove: () => this.choose("moved", new Map()),
    tell: (story) => {
      const told = story ?? this.start.story;
      if (this.retell(told)) {
        this.choose("story", told);
      } else {
        this.draw();
      }
    },
    again: () => this.draw(),
    go: (step) => this.go(step),
    bet: (option) => this.bet(option),
  };

  go(step) {
    if (step >= 1 && step <= STEPS) {
      this.chosen = this.at(this.chosen, step);
      this.choose("s", step);
      document.getElementById("claim").focus();
      scrollTo(0, 0);
    }
  }

  /** The same choice at another step, with its usual head if the head is this step's usual one. */
  at(chosen, step) {
    const { l, h } = usualHead(chosen.s);
    const usual = chosen.l === l && chosen.h === h;
    return { ...chosen, ...(usual ? usualHead(step) : {}), s: step };
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
      return;
    }
    const onButton = /^(BUTTON|SUMMARY|A)$/.test(event.target.tagName);
    if (event.key === "ArrowRight" || (event.key === " " && !onButton)) {
      this.go(this.chosen.s + 1);
    } else if (event.key === "ArrowLeft") {
      this.go(this.chosen.s - 1);
    } else if (/^[0-9]$/.test(event.key)) {
      this.go(event.key === "0" ? 10 : Number(event.key));
    } else if (event.key === "r") {
      this.bet(this.chosen.bets.get(this.chosen.s) ?? SKIPPED);
    } else if (event.key === "?") {
      document.getElementById("help").showModal();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** The first answer counts: who knows the answer cannot bet any more. */
  bet(option) {
    if (!isOpen(this.chosen, this.chosen.s)) {
      this.choose("bets", new Map(this.chosen.bets).set(this.chosen.s, option));
    }
  }

  /**
   * What a step is made from. Until it is open, that is what its bet is about.
   * @param {boolean} [open] whether the step shows its answer
   */
  context(step, open = isOpen(this.chosen, step)) {
    const make = (own, tokens, local) => {
      const chosen = { ...own, ...ALL_STEPS[step - 1].always };
      const context = { open, placed: this.chosen.bets.get(step), chosen, words: this.words, data: this.data, runs: this.runs, tokens,
        act: this.act, local, problem: this.problem, text: this.text,
        fingerprints: this.fingerprints,
        merge: (name) => this.words.merges[name] ?? this.data.mergeNames[name] ?? name };
      context.shifts = ALL_STEPS[step - 1].shifts?.(context) ?? [];
      context.facts = factsOf(context);
      return context;
    };
    const ofBet = (local) => make(choiceOfBet(this.chosen, this.start, step), this.first, local);
    const local = this.locals[step];
    if (!open) {
      const fixed = ALL_STEPS[step - 1].fixed ?? [];
      return ofBet(Object.fromEntries(Object.entries(local).filter(([name]) => !fixed.includes(name))));
    }
    return { ...make(this.chosen, this.tokens, local), ofBet: () => ofBet({}) };
  }

  draw() {
    document.documentElement.lang = this.chosen.lang;
    useDecimalMark(this.words.charts.decimal);
    document.body.className = this.chosen.mode;
    document.title = this.words.title;
    this.runs.forget();
    const focused = document.activeElement;
    const open = [...document.querySelectorAll("details[open]")].map((d) => d.id);
    const context = this.context(this.chosen.s);
    redraw(document.getElementById("page"),
      this.header(), this.nav(),
      this.problem !== "" && !(this.chosen.s === 1 && context.open) ? el("p", { class: "bad", role: "status" }, this.problem) : "",
      el("main", { id: "main" }, stepOf(context, this.chosen.s)));
    open.filter((id) => id).forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    this.footer();
    this.showWhatIsCut();
    if (focused !== null && !focused.isConnected) {
      // A button that is gone, as "skip" is then, leaves the keyboard at the heading.
      (document.getElementById(focused.id) ?? document.getElementById("claim")).focus({ preventScroll: true });
    }
  }

  /** Tables and drawings that are wider than the window say that they can be scrolled. */
  showWhatIsCut() {
    for (const part of document.querySelectorAll(".scrolls, .drawing")) {
      part.classList.toggle("cut", part.scrollWidth > part.clientWidth + 1);
      part.dataset.hint = this.words.sideways;
    }
  }

  header() {
    const { words, chosen } = this;
    return el("header", {},
      el("p", { class: "title" }, words.title),
      el("div", { class: "row" },
        button("lang", words.otherLanguage, () => this.choose("lang", chosen.lang === "en" ? "de" : "en"), { lang: chosen.lang === "en" ? "de" : "en" }),
        button("read", words.read, () => this.choose("read", chosen.read === "all" ? "bets" : "all"), { "aria-pressed": chosen.read === "all" }),
        button("mode", chosen.mode === "" ? words.projector : words.plain, () => this.choose("mode", chosen.mode === "" ? "projector" : "")),
        button("helper", words.help, () => document.getElementById("help").showModal())));
  }

  nav() {
    const { words, chosen } = this;
    return el("nav", { "aria-label": words.steps_label }, el("ol", {}, words.steps.map((step, i) => {
      const title = heading(step, isOpen(chosen, i + 1));
      return el("li", {}, button("s" + (i + 1), String(i + 1), () => this.go(i + 1),
        { "aria-label": `${i + 1}: ${title}`, title, "aria-current": chosen.s === i + 1 ? "step" : null }));
    })));
  }

  footer() {
    const { words, checked, data } = this;
    const equal = checked.equal === checked.values;
    const footer = document.getElementById("footer");
    redraw(footer,
      el("p", { id: "bits", class: checked.done ? (equal ? "good" : "bad") : "", "data-done": String(checked.done), "data-values": checked.values, "data-equal": checked.equal },
        checked.done ? [equal ? "✓ " : "✗ ", prose(words.bits, checked, words)] : words.checking),
      el("p", {}, prose(words.yardstick, {}, words)),
      el("details", { id: "glossary" }, el("summary", {}, words.glossary),
        el("dl", {}, words.terms.map(([term, meaning]) => [el("dt", {}, term), el("dd", {}, meaning)]))),
      el("details", { id: "notices" }, el("summary", {}, words.notices), el("pre", { tabindex: "0" }, data.notices)));
    const help = document.getElementById("help");
    if (!help.open) {
      redraw(help, el("h2", { id: "helping" }, words.help), el("ul", {}, words.keys.map((key) => el("li", {}, key))),
        button("close", words.close, () => help.close()));
    }
  }

  print() {
    const shown = this.chosen;
    const pages = sheets(this.words, (step) => {
      this.chosen = this.at(shown, step);
      return this.context(step, shown.read === "all");
    });
    this.chosen = shown;
    document.getElementById("page").replaceChildren(...pages);
  }
}

if (typeof document !== "undefined") {
  new Page(JSON.parse(document.getElementById("data").textContent)).open();
}
