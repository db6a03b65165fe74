package dev.helix.tests.damage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Damaged files of consecutive seeds, parsed by processes one after the other. Where one ends or
 * hangs, the next goes on behind the seed on which it did.
 */
final class ParsingCampaign {
  /** Files after which a process is replaced, so that native memory starts anew. */
  private static final long FILES_OF_A_PROCESS = 50_000;

  /** Only a process that hangs needs as long for one file. */
  private static final int DEADLINE_SECONDS = 1_200;

  /** Faults that are collected; a loader that is broken at every file need not be told of all. */
  private static final int MOST_FAULTS = 30;

  private static final String END = "";

  private final Path folder;
  private final List<String> faults = new ArrayList<>();
  private long accepted;

  /** For a campaign in a folder that is empty. */
  ParsingCampaign(Path folder) {
    this.folder = folder;
  }

  /** Parses the files of {@code count} seeds from {@code first} on. */
  void run(long first, long count) throws IOException, InterruptedException {
    long end = first + count;
    long next = first;
    while (next < end && faults.size() < MOST_FAULTS) {
      next = runProcess(next, Math.min(end - next, FILES_OF_A_PROCESS));
    }
  }

  /** Each fault with the seed that shows it. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** Files that were read as if they were whole. */
  long accepted() {
    return accepted;
  }

  /** The seed that is next. */
  private long runProcess(long first, long count) throws IOException, InterruptedException {
    Path errors = folder.resolve("stderr.txt");
    Process process =
        JavaProcess.of(
                ParsingWorker.HEAP_MEGABYTES,
                ParsingWorker.class,
                folder.toString(),
                String.valueOf(first),
                String.valueOf(count))
            .redirectError(errors.toFile())
            .start();
    try {
      BlockingQueue<String> lines = lines(process);
      long at = -1;
      while (true) {
        String line = lines.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
          faults.add("seed %d: the process hangs".formatted(at));
          return Math.max(at, first) + 1;
        }
        String[] words = line.split(" ", 3);
        switch (words[0]) {
          case "at" -> at = Long.parseLong(words[1]);
          case "fault" -> faults.add("seed %s: %s".formatted(words[1], words[2]));
          case "done" -> {
            accepted += Long.parseLong(words[1]);
            return first + count;
          }
          case END -> {
            if (at < 0) {
              throw new IllegalStateException("no process begins: " + firstLines(errors));
            }
            faults.add(
                "seed %d: the process ended with status %d: %s"
                    .formatted(at, process.waitFor(), firstLines(errors)));
            return at + 1;
          }
          default -> throw new IllegalStateException("not from the worker: " + line);
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** The lines of a process as they come, and {@link #END} behind the last. */
  private static BlockingQueue<String> lines(Process process) {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                out.lines().forEach(lines::add);
              } catch (UncheckedIOException | IOException e) {
                // The process was ended while it was read.
              } finally {
                lines.add(END);
              }
            });
    reader.setDaemon(true);
    reader.start();
    return lines;
  }

  private static String firstLines(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return text.lines().limit(3).reduce("", (a, b) -> a + " " + b).strip();
  }
}
