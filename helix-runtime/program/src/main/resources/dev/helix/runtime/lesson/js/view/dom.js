// A few lines in place of a framework: elements, and the words of the chosen language.

/** Where an element keeps what listens to it. */
export const LISTENERS = ["onclick", "onchange"];

/**
 * @param {string} tag @param {Object<string, any>} [given] attributes; functions listen to a click or a change
 * @param {...(Node|string|number|null|undefined|Array)} children
 */
export function el(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") {
      element["on" + name] = value;
    } else if (name === "width" || name === "height" || name === "left") {
      element.style[name] = value;
    } else if (name.startsWith("aria-") && typeof value === "boolean") {
      // Absence is not the same as "false" there.
      element.setAttribute(name, String(value));
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== undefined && value !== null) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

/** A labelled choice. @param {string} id @param {string} label @param {[any, string][]} options */
export function choice(id, label, options, chosen, change) {
  return el("label", { class: "choice", for: id }, el("span", {}, label),
    el("select", { id, change: (event) => change(event.target.value) },
      options.map(([value, text]) =>
        el("option", { value, selected: String(value) === String(chosen) }, text))));
}

/** A button. @param {string} id @param {string} label @param {() => void} act */
export function button(id, label, act, more = {}) {
  return el("button", { type: "button", id, click: act, ...more }, label);
}

/**
 * A table with a heading row, in a region of its own that scrolls where the window is narrow.
 * @param {boolean} [headed] whether a figure around it shows the caption already
 */
export function table(caption, heads, rows, headed = false) {
  return el("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": caption },
    el("table", { "aria-label": headed ? caption : null },
      headed ? null : el("caption", {}, caption),
      el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, rows.map((row) =>
        el("tr", {}, row.map((cell, i) =>
          i === 0 ? el("th", { scope: "row" }, cell) : el("td", {}, cell)))))));
}

/** Puts facts into the braces of a sentence. @param {string} text @param {Object<string, any>} facts */
export function filled(text, facts) {
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in facts ? String(facts[name]) : all));
}

/**
 * A sentence for the page. In the string tables [[KVP]] stands for a term of the glossary, and
 * [[ranks|rank]] for one that reads otherwise in the sentence: both become a button that explains it.
 * @param {string} text @param {Object<string, any>} facts @param {Object} words
 */
export function prose(text, facts, words) {
  const pieces = filled(text, facts).split(/([^\s[]*)\[\[(.+?)\]\]([^\s[]*)/);
  return pieces.map((piece, i) => {
    if (i % 4 === 0) {
      return piece.split(/(HOP-B)/).map((part, j) => (j % 2 === 0 ? part : el("span", { class: "whole" }, part)));
    }
    if (i % 4 !== 2) {
      return null;
    }
    const [reads, term] = piece.split("|");
    const shown = el("button", { type: "button", class: "term", "aria-haspopup": "dialog",
      click: () => explain(term ?? reads, words) }, reads);
    const [before, after] = [pieces[i - 1], pieces[i + 1]];
    // A line may begin or end at a button, but not between it and its bracket or full stop.
    return before + after === "" ? shown : el("span", { class: "whole" }, before, shown, after);
  });
}

function explain(term, words) {
  const found = words.terms.find(([name]) => name === term);
  const dialog = document.getElementById("term");
  dialog.replaceChildren(el("h2", { id: "explained" }, term), el("p", {}, found[1]),
    button("understood", words.close, () => dialog.close()));
  dialog.showModal();
}

let decimalMark = ".";

/** Numbers that are written from now on have this sign before their decimals. @param {string} sign */
export function useDecimalMark(sign) {
  decimalMark = sign;
}

/** A number as the chosen language writes it. @param {string|number} number in JavaScript's notation */
export function decimal(number) {
  return String(number).replace(".", decimalMark);
}

/** A share in percent, never rounded to 0 or 100 that it is not. @param {number} x */
export function percent(x) {
  if (!Number.isFinite(x)) {
    return String(x);
  }
  const unit = "\u00a0%";
  if (x === 0 || x === 1) {
    return 100 * x + unit;
  }
  if (x > 0 && x < 5e-6) {
    return "<\u00a0" + decimal(0.001) + unit;
  }
  if (x > 0.99995 && x < 1) {
    return ">\u00a0" + decimal(99.99) + unit;
  }
  const digits = x > 0.999 && x < 1 ? 2 : x < 0.01 && x > 0 ? 3 : 1;
  return decimal((100 * x).toFixed(digits)) + unit;
}

/** A rounded number with the language's sign between thousands. @param {number} x @param {Object} words */
export function thousands(x, words) {
  return Math.round(x).toLocaleString("en").replaceAll(",", words.charts.thousands);
}
