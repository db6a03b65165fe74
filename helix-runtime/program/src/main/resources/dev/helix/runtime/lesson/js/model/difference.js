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
