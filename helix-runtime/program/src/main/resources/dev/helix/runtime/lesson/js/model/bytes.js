// What a rank reads and sends for one request in one layer of Llama 3.1 405B, by the definitions.

export const LAYERS = 126;
export const HEADS = 128;
export const KV_HEADS = 8;
export const DIM = 128;

/** Bytes of a number: the cache is in FP4 (scales of its blocks not counted), outputs in BF16, LSEs in FP32. */
const CACHED = 0.5;
const OUTPUT = 2;
const LSE = 4;

/** Bytes of the partial state of one head: its output and its LSE. */
export const STATE_BYTES = DIM * OUTPUT + LSE;

/**
 * Bytes that one rank sends in the all-to-all: it has HEADS / TPA heads, and keeps the states of
 * its own slice of them.
 * @param {number} kvp @param {number} tpa
 */
export function sentBytes(kvp, tpa) {
  return (HEADS / tpa) * STATE_BYTES * (kvp - 1) / kvp;
}

/**
 * Bytes of the KV cache that one rank reads, on the average of the ranks.
 * @param {number} kvp @param {number} tpa @param {number} tokens
 */
export function readBytes(kvp, tpa, tokens) {
  return (tokens / kvp) * (KV_HEADS / tpa) * 2 * DIM * CACHED;
}
