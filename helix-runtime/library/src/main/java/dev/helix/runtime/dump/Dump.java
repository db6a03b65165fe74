package dev.helix.runtime.dump;

import java.io.Closeable;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The tensors of a sharded attention that a program left on disk; {@code DumpReader} opens it. Each
 * rank's tensors are found by their {@link Role}, one {@link Moment} at a time. A file that holds
 * all ranks, steps or layers along an axis, and a cache with keys and values in one tensor, are
 * taken apart beforehand, so that no tensor has {@link DumpAxis#RANKS}, {@link DumpAxis#STEPS},
 * {@link DumpAxis#LAYERS} or {@link DumpAxis#KEYS_AND_VALUES} among its axes, and none has the role
 * {@link Role#KV_CACHE}.
 *
 * <p>Elements stay in the files, which must not be changed while the dump is open.
 */
public final class Dump implements Closeable {
  private final DumpContent content;

  /** The dump of what files hold. */
  public Dump(DumpContent content) {
    this.content = content;
  }

  /** All tensors that have a role, in the order of files and names. */
  public List<DumpTensor> tensors() {
    return content.tensors();
  }

  /** The number of ranks. They are 0, 1, … without a gap. */
  public int ranks() {
    return content.ranks();
  }

  /** The decode steps and layers that are there, in order. */
  public List<Moment> moments() {
    return content.moments();
  }

  /**
   * The tensor of a role on a rank at a moment. A tensor that states no rank, step or layer counts
   * for all of them, unless there is one that does.
   */
  public Optional<DumpTensor> find(Role role, int rank, Moment moment) {
    return content.tensors().stream()
        .filter(tensor -> tensor.role() == role && tensor.of().covers(rank, moment))
        .max(Comparator.comparingInt(tensor -> tensor.of().stated()));
  }

  /** Whether any rank has a tensor of a role at a moment. */
  public boolean has(Role role, Moment moment) {
    for (int rank = 0; rank < ranks(); rank++) {
      if (find(role, rank, moment).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** What the dump states beside its tensors. */
  public DumpFacts facts() {
    return content.facts();
  }

  /** What the user should know of the reading, one sentence each: tensors without a role. */
  public List<String> remarks() {
    return content.remarks();
  }

  /** Closes the files. Nothing can be read afterwards. */
  @Override
  public void close() {
    content.files().forEach(file -> file.close());
  }
}
