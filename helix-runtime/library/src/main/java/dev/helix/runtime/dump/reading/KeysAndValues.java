package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Role;
import java.util.ArrayList;
import java.util.List;

/** Takes apart caches that hold keys and values in one tensor. */
final class KeysAndValues {
  private KeysAndValues() {}

  static List<DumpTensor> apart(List<DumpTensor> tensors) {
    List<DumpTensor> apart = new ArrayList<>();
    for (DumpTensor tensor : tensors) {
      if (tensor.role() == Role.KV_CACHE) {
        apart.add(tensor.slice(DumpAxis.KEYS_AND_VALUES, 0).as(Role.KEY_CACHE));
        apart.add(tensor.slice(DumpAxis.KEYS_AND_VALUES, 1).as(Role.VALUE_CACHE));
      } else {
        apart.add(tensor);
      }
    }
    return apart;
  }
}
