package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.Dump;
import dev.helix.runtime.dump.DumpTensor;
import dev.helix.runtime.dump.Moment;
import dev.helix.runtime.dump.Role;
import dev.helix.tensor.io.ElementType;
import java.nio.file.Path;
import java.util.List;

/** The dumps that PyTorch, NumPy, FlashInfer and SGLang's dumper have written. */
final class GivenDumps {
  private GivenDumps() {}

  /** The folder of a dress of a run, {@code "5-right/torch"}. */
  static Path folder(String name) {
    return Path.of("src/test/resources/dev/helix/runtime/dumps").resolve(name);
  }

  static Dump open(String name) {
    DumpOptions options =
        name.equals("5-fp8-right/npz")
            ? DumpOptions.NONE.withCacheType(ElementType.F8_E4M3)
            : DumpOptions.NONE;
    return DumpReader.open(List.of(folder(name)), options);
  }

  /** The tensor of a role on a rank, at the only moment. */
  static DumpTensor tensor(Dump dump, Role role, int rank) {
    Moment only = dump.moments().get(0);
    return dump.find(role, rank, only).orElseThrow();
  }
}
