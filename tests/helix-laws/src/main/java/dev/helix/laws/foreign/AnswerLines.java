package dev.helix.laws.foreign;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The lines by which a serving program says that it has answered, read in a thread of their own.
 */
final class AnswerLines {
  /** The line that says that the answers are written. */
  static final String DONE = "done";

  /** The longest line that is read as one. */
  private static final int LONGEST = 4096;

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>(LONGEST);

  /** A line, or the end of all lines. */
  private record Line(Optional<String> text) {
    static final Line END = new Line(Optional.empty());
  }

  AnswerLines(InputStream from) {
    Thread reader = new Thread(() -> read(from), "helix-laws-answers");
    reader.setDaemon(true);
    reader.start();
  }

  /** Puts each line into the queue, and an empty entry behind the last. */
  private void read(InputStream from) {
    try {
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8));
      StringBuilder line = new StringBuilder();
      int next;
      while ((next = reader.read()) >= 0) {
        if (next == '\n' || line.length() == LONGEST) {
          lines.put(new Line(Optional.of(line.toString())));
          line.setLength(0);
        } else {
          line.append((char) next);
        }
      }
      lines.put(Line.END);
    } catch (IOException e) {
      lines.offer(Line.END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says how a program has ended. */
  interface Ending {
    String words() throws IOException;
  }

  /**
   * Waits for the line that says that the answers are written.
   *
   * @param round number of the file that was asked
   * @param meanwhile called now and then as long as there is no line
   * @param ending called if there will be no line
   */
  void await(long timeoutSeconds, int round, Runnable meanwhile, Ending ending) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    try {
      for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
        meanwhile.run();
        Line line = lines.poll(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
        if (line != null) {
          requireDone(line, round, ending);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProgramFailure("interrupted while the program ran");
    }
    throw new ProgramFailure(
        "late: no answer within %d s, to file %d".formatted(timeoutSeconds, round));
  }

  private static void requireDone(Line line, int round, Ending ending) throws IOException {
    if (line.text.isEmpty()) {
      throw new ProgramFailure("ended: %s, at file %d".formatted(ending.words(), round));
    }
    String text = line.text.get();
    if (!text.strip().equals(DONE)) {
      throw new ProgramFailure(
          "unknown: expected the line '%s' on standard output, got '%s', at file %d"
              .formatted(DONE, ExchangeFolder.quoted(text), round));
    }
  }
}
