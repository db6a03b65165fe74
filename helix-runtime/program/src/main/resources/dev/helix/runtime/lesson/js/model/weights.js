// The weights of the embedded checkpoint: a safetensors file whose tensors are in BF16.

/** @param {Uint8Array} bytes @returns {Map<string, {shape: number[], values: Float64Array}>} */
export function readWeights(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerLength = Number(view.getBigUint64(0, true));
  let header = "";
  for (let i = 0; i < headerLength; i++) {
    header += String.fromCharCode(bytes[8 + i]);
  }
  const tensors = new Map();
  const asFloat = new DataView(new ArrayBuffer(4));
  for (const [name, entry] of Object.entries(JSON.parse(header))) {
    if (name === "__metadata__") {
      continue;
    }
    const from = 8 + headerLength + entry.data_offsets[0];
    const values = new Float64Array((entry.data_offsets[1] - entry.data_offsets[0]) / 2);
    for (let i = 0; i < values.length; i++) {
      asFloat.setUint16(0, view.getUint16(from + 2 * i, true));
      values[i] = asFloat.getFloat32(0);
    }
    tensors.set(name, { shape: entry.shape, values });
  }
  return tensors;
}
