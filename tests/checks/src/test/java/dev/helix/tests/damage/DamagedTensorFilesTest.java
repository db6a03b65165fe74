package dev.helix.tests.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files of tensors and damaged dumps are read or refused in one line. A few hundred are
 * tried in every build, and very many in the profile {@code nightly}. A seed is tried alone with
 * {@code -Dhelix.laws.seed=SEED -Dhelix.damage.tensors=1}.
 */
class DamagedTensorFilesTest {
  private static final long FIRST_SEED = Long.getLong("helix.laws.seed", 0);
  private static final long FILES = Long.getLong("helix.damage.tensors", 1_000);

  /** A dump is written to the disk and read from there, which takes fifty times as long. */
  private static final long DUMPS = Math.max(1, FILES / 50);

  /** Among fewer files there may be none that is damaged where it does not matter. */
  private static final int ENOUGH_TO_READ_ONE = 500;

  /** Only a seed that hangs needs as long for a thousand. */
  private static final int DEADLINE_SECONDS = 300;

  private static final int MOST_FAULTS = 30;

  @TempDir private Path folder;

  @Test
  void aDamagedTensorFileIsReadOrRefusedInOneLine() throws Exception {
    TensorFileLaw law = new TensorFileLaw();
    law.broken(DamagedTensorFile.of(FIRST_SEED)); // Loads the classes, which takes memory once.
    List<String> faults = run(FILES, seed -> law.broken(DamagedTensorFile.of(seed)));
    assertEquals("", String.join("\n", faults));
    assertTrue(FILES < ENOUGH_TO_READ_ONE || law.accepted() > 0, "no file was read");
  }

  @Test
  void aDamagedDumpIsReadOrRefusedInOneLine() throws Exception {
    DamagedDump dump = new DamagedDump(folder);
    List<String> faults =
        run(
            DUMPS,
            seed ->
                LoaderLaw.broken(
                    "dump",
                    () -> {
                      try {
                        dump.read(seed);
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      }
                    }));
    assertEquals("", String.join("\n", faults));
  }

  private static List<String> run(long count, LongFunction<Optional<String>> check)
      throws InterruptedException, ExecutionException {
    List<String> faults = new ArrayList<>();
    AtomicLong at = new AtomicLong();
    ExecutorService alone =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work);
              thread.setDaemon(true);
              return thread;
            });
    try {
      for (long done = 0; done < count && faults.size() < MOST_FAULTS; done += 1_000) {
        long first = FIRST_SEED + done;
        long end = FIRST_SEED + Math.min(count, done + 1_000);
        alone
            .submit(
                () -> {
                  for (long seed = first; seed < end; seed++) {
                    at.set(seed);
                    long now = seed;
                    check.apply(seed).ifPresent(fault -> faults.add("seed " + now + ": " + fault));
                  }
                })
            .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (TimeoutException e) {
      faults.add("seed %d: reading hangs".formatted(at.get()));
    } finally {
      alone.shutdownNow();
    }
    return faults;
  }
}
