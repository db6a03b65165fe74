package dev.helix.tests.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The loader takes every damaged file as it should. A few files are tried in every build, and very
 * many in the profile {@code nightly}. A seed is tried alone with {@code -Dhelix.laws.seed=SEED
 * -Dhelix.damage.parsed=1 -Dhelix.damage.runs=0}, or the last two the other way round.
 */
class DamagedFilesTest {
  private static final long FIRST_SEED = Long.getLong("helix.laws.seed", 0);
  private static final long PARSED = Long.getLong("helix.damage.parsed", 2_000);
  private static final int RUNS = Integer.getInteger("helix.damage.runs", 3);

  /** Among fewer files there may be none that is damaged where it does not matter. */
  private static final int ENOUGH_TO_READ_ONE = 1_000;

  @TempDir private Path folder;

  @Test
  void aDamagedFileIsReadOrRefusedInOneLine() throws IOException, InterruptedException {
    ParsingCampaign campaign = new ParsingCampaign(folder);
    campaign.run(FIRST_SEED, PARSED);
    assertEquals("", String.join("\n", campaign.faults()));
    assertTrue(PARSED < ENOUGH_TO_READ_ONE || campaign.accepted() > 0, "no file was read");
  }

  @Test
  void aRunOnADamagedFolderEndsWellOrInOneLine() throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      List<Future<Optional<String>>> runs = new ArrayList<>();
      for (int run = 0; run < RUNS; run++) {
        long seed = FIRST_SEED + run;
        runs.add(pool.submit(() -> faultOfRun(seed)));
      }
      List<String> faults = new ArrayList<>();
      for (Future<Optional<String>> run : runs) {
        run.get().ifPresent(faults::add);
      }
      assertEquals("", String.join("\n", faults));
    } finally {
      pool.shutdownNow();
    }
  }

  private Optional<String> faultOfRun(long seed) throws IOException, InterruptedException {
    Path own = Files.createDirectory(folder.resolve("run" + seed));
    try {
      return WholeRun.fault(seed, own);
    } finally {
      delete(own);
    }
  }

  /** Ten thousand models are more than a disk need hold. */
  private static void delete(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (var found = Files.walk(directory)) {
      found.forEach(entry -> entries.add(0, entry));
    }
    for (Path entry : entries) {
      Files.delete(entry);
    }
  }
}
