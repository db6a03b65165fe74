// Which rank of a KVP group keeps which token.

/** The owner under round robin in runs. @param {number} position @param {number} kvp @param {number} run */
export function owner(position, kvp, run) {
  return Math.floor(position / run) % kvp;
}

/**
 * The owner of each token, after those that were moved by hand.
 * @param {number} tokens @param {number} kvp @param {number} run @param {Map<number, number>} moved
 */
export function owners(tokens, kvp, run, moved) {
  const of = new Array(tokens);
  for (let position = 0; position < tokens; position++) {
    of[position] = moved.has(position) ? moved.get(position) % kvp : owner(position, kvp, run);
  }
  return of;
}
