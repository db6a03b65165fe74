package dev.helix.tests.damage;

/** The formats of files of tensors, which are told apart by their bytes. */
enum TensorFormat {
  NPY,
  NPZ,
  TORCH,
  SAFETENSORS;

  /** The format of a file that is whole. */
  static TensorFormat of(byte[] file) {
    if (file[0] == 'P' && file[1] == 'K') {
      boolean pickled =
          SmallTensorFiles.members(file).keySet().stream()
              .anyMatch(name -> name.endsWith(SmallTensorFiles.PICKLE));
      return pickled ? TORCH : NPZ;
    }
    return file[1] == 'N' ? NPY : SAFETENSORS;
  }
}
