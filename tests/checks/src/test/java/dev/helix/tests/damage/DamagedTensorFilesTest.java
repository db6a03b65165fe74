package dev.helix.tests.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged files of tensors and damaged dumps are read or refused in one line. A few hundred are
 * tried in every build, and very many in the profile {@code nightly}. A seed is tried alone with
 * {@code -Dhelix.laws.seed=SEED -Dhelix.damage.tensors=1}.
 */
class DamagedTensorFilesTest {
  private static final long FIRST_SEED = Long.getLong("helix.laws.seed", 0);
  private static final long FILES = Long.getLong("helix.damage.tensors", 250);

  /** Among fewer files there may be none that is damaged where it does not matter. */
  private static final int ENOUGH_TO_READ_ONE = 200;

  /** Only a seed that hangs needs as long for a thousand. */
  private static final int DEADLINE_SECONDS = 1_200;

  private static final int MOST_FAULTS = 30;

  @ParameterizedTest
  @EnumSource
  void aDamagedTensorFileIsReadOrRefusedInOneLine(TensorFormat format) throws Exception {
    TensorFileLaw law = new TensorFileLaw();
    SeedCheck check = seed -> law.broken(DamagedTensorFile.of(format, new SplittableRandom(seed)));
    check.of(FIRST_SEED); // Loads the classes, which takes memory once.
    assertEquals("", String.join("\n", run(check)));
    assertTrue(FILES < ENOUGH_TO_READ_ONE || law.accepted() > 0, "no file was read");
  }

  @ParameterizedTest
  @EnumSource
  void aDamagedDumpIsReadOrRefusedInOneLine(DamagedDump.Kind kind) throws Exception {
    AtomicLong accepted = new AtomicLong();
    SeedCheck check = seed -> broken(kind, seed, accepted);
    check.of(FIRST_SEED);
    assertEquals("", String.join("\n", run(check)));
    assertTrue(FILES < ENOUGH_TO_READ_ONE || accepted.get() > 0, "no dump was read");
  }

  /** Inputs that a campaign at night has found a fault with, which was mended. */
  @ParameterizedTest
  @CsvSource("MAP, 7007568")
  void aDumpThatOnceWasTakenWronglyIsTakenRightly(DamagedDump.Kind kind, long seed) {
    SeedCheck check = each -> broken(kind, each, new AtomicLong());
    check.of(FIRST_SEED);
    assertEquals(Optional.empty(), check.of(seed));
  }

  private static Optional<String> broken(DamagedDump.Kind kind, long seed, AtomicLong accepted) {
    DamagedDump damaged;
    try {
      damaged = kind.of(new SplittableRandom(seed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return TensorFileLaw.broken(
        DamagedDump.FOLDER,
        damaged.size(),
        () -> {
          damaged.read();
          accepted.incrementAndGet();
        });
  }

  /** Tries a seed, and says what is wrong. */
  private interface SeedCheck {
    Optional<String> of(long seed);
  }

  private static List<String> run(SeedCheck check) throws InterruptedException, ExecutionException {
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
      for (long done = 0; done < FILES && faults.size() < MOST_FAULTS; done += 1_000) {
        long first = FIRST_SEED + done;
        long end = FIRST_SEED + Math.min(FILES, done + 1_000);
        alone
            .submit(
                () -> {
                  for (long seed = first; seed < end; seed++) {
                    at.set(seed);
                    long now = seed;
                    check.of(seed).ifPresent(fault -> faults.add("seed " + now + ": " + fault));
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
