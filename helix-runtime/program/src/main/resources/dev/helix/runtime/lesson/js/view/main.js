// The page: reads what Java has put into it, keeps what the learner chooses, and draws.
import { bytesOf, doublesOf } from "../arithmetic/doubles.js";
import { Decoder } from "../model/decoder.js";
import { owners } from "../model/placement.js";
import { compareHead } from "../model/reference.js";
import { readWeights } from "../model/weights.js";
import { button, el, filled } from "./dom.js";
import { Fingerprints } from "./fingerprints.js";
import { factsOf, picture } from "./picture.js";
import { Runs } from "./run.js";
import { addressOf, readAddress, startOf, STEPS, usualHead } from "./state.js";
import { ALL_STEPS, controls } from "./steps.js";

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
    this.chosen = this.start;
    this.locals = Array.from({ length: STEPS + 1 }, () => ({}));
    this.bets = new Map();
    this.problem = "";
    this.checked = { values: 0, equal: 0, done: false };
    this.fingerprints = new Fingerprints(data.config);
    this.tokens = this.runs.tokens(this.start.story).tokens;
  }

  open() {
    this.follow();
    addEventListener("hashchange", () => this.follow());
    addEventListener("keydown", (event) => this.key(event));
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
    const { chosen, refused } = readAddress(location.hash, location.search, this.chosen, this.data.config);
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
    this.chosen = { ...this.chosen, [name]: value };
    this.problem = "";
    history.replaceState(null, "", addressOf(this.chosen, this.start));
    this.draw();
  }

  act = {
    choose: (name, value) => this.choose(name, value),
    local: (name, value) => {
      if (name === "reset") {
        this.locals[this.chosen.s] = {};
      } else {
        this.locals[this.chosen.s] = { ...this.locals[this.chosen.s], [name]: value };
      }
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
      this.bet(this.chosen.s, this.bets.get(this.chosen.s) ?? -1);
    } else if (event.key === "?") {
      document.getElementById("help").showModal();
    } else {
      return;
    }
    event.preventDefault();
  }

  bet(step, option) {
    this.bets.set(step, option);
    this.draw();
  }

  context(step) {
    const context = { chosen: this.chosen, words: this.words, data: this.data, runs: this.runs, tokens: this.tokens,
      act: this.act, local: this.locals[step], problem: this.problem, text: this.text,
      fingerprints: this.fingerprints,
      merge: (name) => this.words.merges[name] ?? this.data.mergeNames[name] ?? name };
    context.facts = factsOf(context);
    return context;
  }

  draw() {
    document.documentElement.lang = this.chosen.lang;
    document.body.className = this.chosen.mode;
    document.title = this.words.title;
    this.runs.forget();
    const focused = document.activeElement?.id;
    const open = [...document.querySelectorAll("details[open]")].map((d) => d.id);
    const context = this.context(this.chosen.s);
    document.getElementById("page").replaceChildren(
      this.header(), this.nav(),
      this.problem !== "" && this.chosen.s !== 1 ? el("p", { class: "bad", role: "status" }, this.problem) : "",
      el("main", { id: "main" }, this.step(context, this.chosen.s), controls(context), picture(context, context.facts)));
    open.filter((id) => id).forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    this.footer();
    if (focused) {
      document.getElementById(focused)?.focus({ preventScroll: true });
    }
  }

  header() {
    const { words, chosen } = this;
    return el("header", {},
      el("p", { class: "title" }, words.title),
      el("div", { class: "row" },
        button("lang", words.otherLanguage, () => this.choose("lang", chosen.lang === "en" ? "de" : "en"), { lang: chosen.lang === "en" ? "de" : "en" }),
        button("mode", chosen.mode === "" ? words.projector : words.plain, () => this.choose("mode", chosen.mode === "" ? "projector" : "")),
        button("helper", words.help, () => document.getElementById("help").showModal())));
  }

  nav() {
    const { words, chosen } = this;
    return el("nav", { "aria-label": words.steps_label }, el("ol", {}, words.steps.map((step, i) =>
      el("li", {}, button("s" + (i + 1), String(i + 1), () => this.go(i + 1),
        { "aria-label": `${i + 1}: ${step.claim}`, title: step.claim, "aria-current": chosen.s === i + 1 ? "step" : null })))));
  }

  step(context, number) {
    const words = this.words;
    const step = words.steps[number - 1];
    const lesson = ALL_STEPS[number - 1];
    const facts = lesson.facts(context);
    const bet = this.bets.get(number);
    const open = bet !== undefined;
    const meta = this.data.steps[number - 1];
    return el("article", { class: "step" },
      el("h1", { id: "claim", tabindex: "-1" }, `${number}. ${step.claim}`),
      el("fieldset", { class: "bet" }, el("legend", {}, words.bet),
        el("p", {}, step.bet.ask),
        el("div", { class: "row" }, step.bet.options.map((option, i) =>
          button(`bet${i}`, option, () => this.bet(number, i), { "aria-pressed": bet === i })),
        open ? null : button("skip", words.skip, () => this.bet(number, -1))),
        open ? el("p", { class: "reveal", role: "status" },
          bet < 0 ? "" : (bet === step.bet.right ? "✓ " + words.won : "✗ " + words.lost) + " ",
          filled(step.reveal, facts)) : null),
      step.text.map((paragraph) => el("p", {}, filled(paragraph, facts))),
      el("section", { class: "play", "aria-label": words.manipulate }, el("h2", {}, words.manipulate),
        el("p", {}, step.play), lesson.play(context)),
      el("section", { class: "more" },
        step.exercises.map((one, i) => el("details", { id: `x${number}-${i}` },
          el("summary", {}, `${words.exercise} ${i + 1}: ${one.q}`), el("p", {}, filled(one.a, facts)))),
        el("details", { id: "source" }, el("summary", {}, words.source),
          el("p", {}, meta.command === "" ? words.noCommand : words.command),
          meta.command === "" ? null : el("pre", { tabindex: "0" }, this.command(meta.command)),
          el("p", {}, filled(words.where, meta)),
          el("pre", { tabindex: "0" }, meta.source))),
      el("div", { class: "row turn" },
        number > 1 ? button("back", "← " + words.back, () => this.go(number - 1)) : null,
        number < STEPS ? button("on", words.on + " →", () => this.go(number + 1)) : null));
  }

  command(template) {
    return this.chosen.moved.size > 0 && template.includes("{kvp}") ? this.words.byHand
      : filled(template, this.chosen);
  }

  footer() {
    const { words, checked, data } = this;
    const equal = checked.equal === checked.values;
    const footer = document.getElementById("footer");
    footer.replaceChildren(
      el("p", { id: "bits", class: checked.done ? (equal ? "good" : "bad") : "", "data-done": String(checked.done), "data-values": checked.values, "data-equal": checked.equal },
        checked.done ? (equal ? "✓ " : "✗ ") + filled(words.bits, checked) : words.checking),
      el("p", {}, words.yardstick),
      el("details", { id: "glossary" }, el("summary", {}, words.glossary),
        el("dl", {}, words.terms.map(([term, meaning]) => [el("dt", {}, term), el("dd", {}, meaning)]))),
      el("details", { id: "notices" }, el("summary", {}, words.notices), el("pre", { tabindex: "0" }, data.notices)));
    const help = document.getElementById("help");
    if (!help.open) {
      help.replaceChildren(el("h2", { id: "helping" }, words.help), el("ul", {}, words.keys.map((key) => el("li", {}, key))),
        button("close", words.close, () => help.close()));
    }
  }

  /** The figures of a step on paper, or else those of the picture. */
  figures(context, step) {
    const own = step.play(context).flat(3).filter((one) => one instanceof Element && one.matches(".figure"));
    return own.length > 0 ? own : [...picture(context, context.facts).children].slice(0, 3);
  }

  /** On paper each step has a page, and the answers stand on the last one. */
  print() {
    const shown = this.chosen;
    const sheets = this.words.steps.map((step, i) => {
      this.chosen = this.at(shown, i + 1);
      const context = this.context(i + 1);
      const facts = ALL_STEPS[i].facts(context);
      return { page: el("section", { class: "sheet" }, el("h2", {}, `${i + 1}. ${step.claim}`),
        step.text.map((text) => el("p", {}, filled(text, facts))),
        this.figures(context, ALL_STEPS[i]),
        el("p", {}, step.bet.ask + " " + step.bet.options.join(" / ")),
        el("ol", {}, step.exercises.map((one) => el("li", {}, one.q)))),
      answer: el("p", {}, `${i + 1}. ${filled(step.reveal, facts)} ${step.exercises.map((x) => filled(x.a, facts)).join(" ")}`) };
    });
    this.chosen = shown;
    const answers = el("section", { class: "sheet" }, el("h2", {}, this.words.answers), sheets.map((sheet) => sheet.answer));
    document.getElementById("page").replaceChildren(...sheets.map((sheet) => sheet.page), answers);
  }
}

if (typeof document !== "undefined") {
  new Page(JSON.parse(document.getElementById("data").textContent)).open();
}
