// Four laws of merging, each tried on a few small inputs, as the law suite tries them on thousands.

// No rounding of these small sums explains more: it is some million times what a double rounds.
const FAR = 1e-9;

function far(a, b) {
  return a.some((x, i) => !(Math.abs(x - b[i]) <= FAR * Math.max(1, Math.abs(b[i]))));
}

function states(parts, values) {
  return parts.map((scores, shard) => {
    const greatest = Math.max(...scores);
    const weights = scores.map((s) => Math.exp(s - greatest));
    const sum = weights.reduce((a, b) => a + b, 0);
    const output = [0, 1].map(
      (i) => weights.reduce((all, w, j) => all + w * values[shard][j][i], 0) / sum);
    return { lse: greatest + Math.log(sum), output: Float64Array.from(output), tokens: scores.length };
  });
}

function merged(merge, given) {
  const [lse, output] = merge(
    given.map((s) => s.lse), given.map((s) => s.output), given.map((s) => s.tokens));
  return [lse, ...output];
}

const EMPTY = { lse: -Infinity, output: new Float64Array(2), tokens: 0 };
const UNWRITTEN = { lse: -Infinity, output: Float64Array.of(NaN, NaN), tokens: 0 };
const ONE = { lse: 1.25, output: Float64Array.of(0.3, -1.7), tokens: 3 };
const SCORES = [[0.5, 2.25, -1], [4, 1.5], [-2, 0.25, 3, 1]];
const VALUES = SCORES.map((part, shard) => part.map((s, j) => [shard + j / 4, s - shard]));

/**
 * Laws by their names in the law suite; each says whether a merge breaks it.
 * @type {Map<string, (merge: import("./merges.js").Merge) => boolean>}
 */
export const LAWS = new Map([
  ["one-rank", (merge) => merged(merge, [ONE]).slice(1).some((x, i) => x !== ONE.output[i])],
  ["empty-identity", (merge) =>
    [[EMPTY, ONE], [ONE, EMPTY]].some((pair) => far(merged(merge, pair), [ONE.lse, ...ONE.output])) ||
    !(merged(merge, [EMPTY, EMPTY])[0] === -Infinity)],
  ["ownership", (merge) => far(merged(merge, [UNWRITTEN, ONE]), [ONE.lse, ...ONE.output])],
  ["commutative", (merge) => {
    const high = { lse: 800, output: Float64Array.of(1, 2), tokens: 1 };
    return far(merged(merge, [high, ONE]), merged(merge, [ONE, high]));
  }],
  ["partition", (merge) =>
    [0, -2e5].some((shift) => {
      const parts = states(SCORES.map((part) => part.map((s) => s + shift)), VALUES);
      const [whole] = states([SCORES.flat().map((s) => s + shift)], [VALUES.flat()]);
      return far(merged(merge, [...parts, EMPTY]), [whole.lse, ...whole.output]);
    })],
]);

/** The names of the laws that a merge breaks. @param {import("./merges.js").Merge} merge */
export function brokenLaws(merge) {
  return [...LAWS].filter(([, breaks]) => breaks(merge)).map(([name]) => name);
}
