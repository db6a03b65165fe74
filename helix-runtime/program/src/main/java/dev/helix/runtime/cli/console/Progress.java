package dev.helix.runtime.cli.console;

import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A bar on standard error for what takes longer than a moment, if somebody is there to see it. For
 * one thread at a time.
 */
public final class Progress implements AutoCloseable {
  private static final long A_MOMENT_NANOS = 1_000_000_000;

  private final String task;
  private final long steps;
  private final long start = System.nanoTime();
  private long done;
  private Optional<ProgressBar> bar = Optional.empty();

  /**
   * Starts.
   *
   * @param steps how many {@link #step} will be told of, in all
   */
  public Progress(String task, long steps) {
    this.task = task;
    this.steps = steps;
  }

  /** Says that {@code count} more steps are done. */
  public void step(long count) {
    done += count;
    if (bar.isEmpty() && somebodyWatches() && System.nanoTime() - start > A_MOMENT_NANOS) {
      bar =
          Optional.of(
              new ProgressBarBuilder()
                  .setTaskName(task)
                  .setInitialMax(steps)
                  .startsFrom(done, Duration.ofNanos(System.nanoTime() - start))
                  .setStyle(ProgressBarStyle.ASCII)
                  .clearDisplayOnFinish()
                  .build());
    }
    bar.ifPresent(shown -> shown.stepTo(done));
  }

  /** Prints lines where the bar stands; the next step shows it again below them. */
  public void print(Runnable lines) {
    close();
    lines.run();
  }

  /** From JDK 22 on there is a console also where output is redirected; it then is no terminal. */
  @SuppressWarnings("SystemConsoleNull") // isTerminal() exists only there
  private static boolean somebodyWatches() {
    return System.console() != null && System.getenv("CI") == null;
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
    bar = Optional.empty();
  }
}
