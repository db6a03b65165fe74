// A million scores without a model: one needle among noise. Each shard keeps its maximum and its sum,
// so that eight numbers are left of a million.

/** A small generator with a fixed seed, so that every reader sees the same noise. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The rank that has the needle. @param {{kvp: number, run: number, place: number}} asked */
export function needleHolder(asked) {
  return Math.floor(asked.place / asked.run) % asked.kvp;
}

/** How many tokens each rank has. @param {{tokens: number, kvp: number, run: number}} asked */
export function needleCounts(asked) {
  const runs = Math.floor(asked.tokens / asked.run);
  return Array.from({ length: asked.kvp }, (unused, rank) => {
    const whole = Math.floor(runs / asked.kvp) + (rank < runs % asked.kvp ? 1 : 0);
    return whole * asked.run + (rank === runs % asked.kvp ? asked.tokens % asked.run : 0);
  });
}

/**
 * The shards of a long context with one needle, whose value is 1 while all others are 0. The output
 * of a shard, and of the whole, is then how much of it is needle.
 * @param {{tokens: number, kvp: number, run: number, place: number, score: number}} asked
 * @returns {{lses: number[], outputs: number[][]}}
 */
export function needleShards(asked) {
  const random = generator(18);
  const sums = new Array(asked.kvp).fill(0);
  const needles = new Array(asked.kvp).fill(0);
  for (let token = 0; token < asked.tokens; token++) {
    // Three uniform numbers are normal enough: mean 0 and deviation 0.6.
    const noise = (random() + random() + random() - 1.5) * 1.2;
    const shard = Math.floor(token / asked.run) % asked.kvp;
    const needle = token === asked.place;
    const weight = Math.exp(needle ? asked.score : noise);
    sums[shard] += weight;
    needles[shard] += needle ? weight : 0;
  }
  return {
    lses: sums.map((sum) => Math.log(sum)),
    outputs: sums.map((sum, shard) => [sum === 0 ? 0 : needles[shard] / sum]),
  };
}
