// Every figure of the page can be saved as a drawing that stands alone: what the browser has laid
// out is written again as boxes and texts of SVG, with their colours, sizes and a title.
import { button, el, filled, table } from "./dom.js";

/**
 * A figure with its heading and a button that saves it.
 * @param {string} id unique on the page @param {string} title @param {Object} words
 */
export function figure(id, title, words, ...children) {
  const own = "figure-" + id;
  return el("figure", { id: own, class: "figure" }, el("h3", {}, title), ...children,
    saving(id, title, words, () => svgOf(document.getElementById(own), title)));
}

/** A figure that would answer the bet, before the bet. */
export function shutFigure(id, title, words) {
  return el("figure", { id: "figure-" + id, class: "figure shut" }, el("h3", {}, title),
    el("p", { class: "covered" }, words.picture.shut));
}

/** A table as a figure, with what belongs below it. */
export function tableFigure(id, title, words, heads, rows, ...below) {
  return figure(id, title, words, table(title, heads, rows, true), ...below);
}

/** The button that saves a figure. @param {() => string} draw gives the drawing as SVG */
export function saving(id, title, words, draw) {
  const label = filled(words.play.save, { title });
  return button("save-" + id, "SVG", () => save(id, draw()), { class: "save", "aria-label": label, title: label });
}

/** Gives the reader a file. @param {string} name @param {string} svg */
function save(name, svg) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  el("a", { href: address, download: name + ".svg" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const short = (x) => String(Math.round(100 * x) / 100);
const SIDES = ["Top", "Right", "Bottom", "Left"];

/** The drawing of an element that is on the page. @param {Element} element @param {string} title */
export function svgOf(element, title) {
  const parts = [];
  const frame = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const seen = (box) => {
    frame.left = Math.min(frame.left, box.left);
    frame.top = Math.min(frame.top, box.top);
    frame.right = Math.max(frame.right, box.right);
    frame.bottom = Math.max(frame.bottom, box.bottom);
  };
  const draw = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      parts.push(...lines(node, seen));
    } else if (node.nodeType === Node.ELEMENT_NODE && !node.classList.contains("save")) {
      const box = node.getBoundingClientRect();
      if (box.width > 0 && box.height > 0) {
        parts.push(...boxes(box, getComputedStyle(node), seen));
      }
      node.childNodes.forEach(draw);
    }
  };
  draw(element);
  const edge = 8;
  const place = [frame.left - edge, frame.top - edge, frame.right - frame.left + 2 * edge,
    frame.bottom - frame.top + 2 * edge].map(short);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${place.join(" ")}" width="${place[2]}" height="${place[3]}"`
    + ` role="img" font-family="sans-serif"><title>${escaped(title)}</title>`
    + `<rect x="${place[0]}" y="${place[1]}" width="${place[2]}" height="${place[3]}" fill="#ffffff"/>${parts.join("")}</svg>\n`;
}

/** The background and the borders of one element. */
function boxes(box, style, seen) {
  const widths = SIDES.map((side) => parseFloat(style[`border${side}Width`]));
  const colours = SIDES.map((side) => style[`border${side}Color`]);
  const filled = style.backgroundColor !== "rgba(0, 0, 0, 0)";
  if (!filled && widths.every((width) => width === 0)) {
    return [];
  }
  seen(box);
  const all = widths.every((width, i) => width === widths[0] && colours[i] === colours[0]);
  const inset = all ? widths[0] / 2 : 0;
  const rect = `<rect x="${short(box.left + inset)}" y="${short(box.top + inset)}" width="${short(Math.max(0, box.width - 2 * inset))}"`
    + ` height="${short(Math.max(0, box.height - 2 * inset))}" rx="${short(parseFloat(style.borderTopLeftRadius) || 0)}"`
    + ` fill="${filled ? style.backgroundColor : "none"}"`
    + (all && widths[0] > 0 ? ` stroke="${colours[0]}" stroke-width="${widths[0]}"/>` : "/>");
  const corners = [[box.left, box.top], [box.right, box.top], [box.right, box.bottom], [box.left, box.bottom]];
  const sides = all ? [] : SIDES.flatMap((side, i) => widths[i] === 0 ? []
    : [`<path d="M${corners[i].map(short).join(" ")}L${corners[(i + 1) % 4].map(short).join(" ")}" stroke="${colours[i]}" stroke-width="${widths[i]}"/>`]);
  return [rect, ...sides];
}

/** The words of a text, one piece for each line of it. */
function lines(node, seen) {
  const style = getComputedStyle(node.parentElement);
  const pieces = [];
  for (const word of node.data.matchAll(/\S+/g)) {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    const box = range.getBoundingClientRect();
    const last = pieces[pieces.length - 1];
    if (box.width === 0) {
      continue;
    }
    seen(box);
    if (last !== undefined && Math.abs(last.top - box.top) < 1) {
      last.text += " " + word[0];
      last.right = box.right;
    } else {
      pieces.push({ text: word[0], top: box.top, left: box.left, right: box.right, height: box.height });
    }
  }
  const size = parseFloat(style.fontSize);
  // The same width with another reader's font keeps texts inside of their boxes.
  return pieces.map((piece) =>
    `<text x="${short(piece.left)}" y="${short(piece.top + piece.height / 2 + 0.35 * size)}" font-size="${short(size)}"`
    + ` font-weight="${style.fontWeight}" fill="${style.color}" textLength="${short(piece.right - piece.left)}"`
    + ` lengthAdjust="spacingAndGlyphs">${escaped(piece.text)}</text>`);
}
