"""Decode attention in NumPy, block by block with a running maximum: the rival of LongAttentionBenchmark.

python3 blocked_softmax.py TOKENS DIM HEADS... prints the least and the median time of each number of
heads over one KV head. NumPy has to be built on OpenBLAS, which np.show_config() tells.
"""

import statistics
import sys
import time

import numpy as np

BLOCKS = (1024, 4096, 16384)


def attend(queries, keys, values, block):
    """queries [heads, dim], keys and values [tokens, dim] -> outputs [heads, dim], LSEs [heads, 1]"""
    scale = 1 / np.sqrt(queries.shape[1])
    maxima = np.full((len(queries), 1), -np.inf)
    sums = np.zeros((len(queries), 1))
    outputs = np.zeros((len(queries), values.shape[1]))
    for first in range(0, len(keys), block):
        scores = queries @ keys[first : first + block].T
        scores *= scale
        new = np.maximum(maxima, scores.max(axis=1, keepdims=True))
        rescale = np.exp(maxima - new)
        scores -= new
        np.exp(scores, out=scores)
        sums = sums * rescale + scores.sum(axis=1, keepdims=True)
        outputs = outputs * rescale + scores @ values[first : first + block]
        maxima = new
    return outputs / sums, maxima + np.log(sums)


def main():
    tokens, dim = int(sys.argv[1]), int(sys.argv[2])
    random = np.random.default_rng(5)
    keys = random.uniform(-1, 1, (tokens, dim))
    values = random.uniform(-1, 1, (tokens, dim))
    for heads in map(int, sys.argv[3:]):
        queries = random.uniform(-1, 1, (heads, dim))
        for block in BLOCKS:
            times = []
            for _ in range(9):
                start = time.perf_counter()
                attend(queries, keys, values, block)
                times.append(1e3 * (time.perf_counter() - start))
            print(f"{heads} heads of {dim}, blocks of {block}: {min(times):.1f} ms, median {statistics.median(times):.1f}")


if __name__ == "__main__":
    main()
