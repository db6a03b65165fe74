// Draws anew without taking away what the learner holds: a button under the finger, a list that is
// open, words half typed, the place of the keyboard, how far a table is scrolled.
import { el, LISTENERS } from "./dom.js";

/**
 * Gives an element these children. Each child of the same kind and id that is there already stays,
 * and only what differs in it is changed.
 * @param {Element} element @param {...(Node|string|Array)} children
 */
export function redraw(element, ...children) {
  follow(element, el("div", {}, ...children));
}

/** Makes the children of one element those of another, which is then thrown away. */
function follow(old, fresh) {
  let next = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const found = present(next, wanted);
    if (found === null) {
      old.insertBefore(wanted, next);
    } else {
      while (next !== found) {
        next = without(next);
      }
      change(found, wanted);
      next = found.nextSibling;
    }
  }
  while (next !== null) {
    next = without(next);
  }
}

/** Takes a child away. @returns {Node|null} the one after it */
function without(child) {
  const after = child.nextSibling;
  child.remove();
  return after;
}

/** The child that can become what is wanted: the next one, or a later one with the same id. */
function present(next, wanted) {
  if (next === null || alike(next, wanted)) {
    return next;
  }
  let later = wanted.id ? next.nextSibling : null;
  while (later !== null && !alike(later, wanted)) {
    later = later.nextSibling;
  }
  return later;
}

function alike(old, fresh) {
  return old.nodeName === fresh.nodeName && old.namespaceURI === fresh.namespaceURI && old.id === fresh.id;
}

function change(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) {
      old.data = fresh.data;
    }
    return;
  }
  // What somebody has begun to type or to drag is theirs, unless the page itself says something else.
  const held = old === document.activeElement && "defaultValue" in old && old.defaultValue === fresh.defaultValue;
  LISTENERS.forEach((name) => { old[name] = fresh[name]; });
  changeAttributes(old, fresh);
  follow(old, fresh);
  if ("value" in old && !held && old.value !== fresh.value) {
    old.value = fresh.value;
  }
}

function changeAttributes(old, fresh) {
  for (const name of old.getAttributeNames()) {
    // Whether details are open is the reader's.
    if (!fresh.hasAttribute(name) && name !== "open") {
      old.removeAttribute(name);
    }
  }
  for (const name of fresh.getAttributeNames()) {
    if (old.getAttribute(name) === fresh.getAttribute(name)) {
      continue;
    }
    if (name === "style") {
      // The page's security policy forbids a style that is written as a text.
      old.style.cssText = fresh.style.cssText;
    } else {
      old.setAttribute(name, fresh.getAttribute(name));
    }
  }
}
