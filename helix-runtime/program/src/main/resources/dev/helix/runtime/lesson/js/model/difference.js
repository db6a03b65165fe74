// How far a merged output is from the unsharded one, component by component.
import { doublesBetween } from "../arithmetic/doubles.js";

/**
 * One component of two outputs: how far they differ, and how many steps from one double to the next
 * lie between. The steps are null where the merged component is not finite.
 * @typedef {{component: number, off: number, steps: bigint|null}} Difference
 */

/**
 * Two components: the one with the largest difference, and the one with the most steps. They need
 * not be the same, since near 0 a small difference has many steps. A component that is not finite
 * comes before all others.
 * @param {ArrayLike<number>} whole @param {ArrayLike<number>} merged
 * @returns {{largest: Difference, mostSteps: Difference}}
 */
export function farthest(whole, merged) {
  const all = Array.from(whole, (x, component) => Number.isFinite(merged[component])
    ? { component, off: Math.abs(x - merged[component]), steps: doublesBetween(x, merged[component]) }
    : { component, off: Math.abs(merged[component]), steps: null });
  const broken = all.find((one) => one.steps === null);
  const best = (more) => broken ?? all.reduce((a, b) => (more(b, a) ? b : a));
  return { largest: best((a, b) => a.off > b.off), mostSteps: best((a, b) => a.steps > b.steps) };
}

/**
 * One component of a wrongly merged output, taken apart. All numbers are rounded to the same digits
 * behind the point before they are subtracted, so that the parts add up as they are printed.
 * @typedef {{digits: number, model: number, input: number, merged: number, moved: number, own: number,
 *     all: number}} Apart moved is what the changed input makes of the unsharded model's number, own what
 *     the merge makes of that, and all is both
 */

/**
 * Tells the fault of a merge from that of its input, which earlier merges have changed.
 * @param {number} model the component in the unsharded model
 * @param {number} input what attention over all tokens makes of the changed input
 * @param {number} merged what the merge makes of it
 * @returns {Apart}
 */
export function takenApart(model, input, merged) {
  const largest = Math.max(Math.abs(input - model), Math.abs(merged - input));
  const significant = 3;
  const digits = largest === 0 ? 0 : Math.min(17, Math.max(0, significant - Math.floor(Math.log10(largest))));
  const unit = 10 ** digits;
  const [a, b, c] = [model, input, merged].map((x) => Math.round(x * unit));
  return { digits, model: a / unit, input: b / unit, merged: c / unit,
    moved: (b - a) / unit, own: (c - b) / unit, all: (c - a) / unit };
}
