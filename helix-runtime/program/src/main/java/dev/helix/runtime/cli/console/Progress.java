package dev.helix.runtime.cli.console;

import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar on standard error for work that takes longer than a moment. It is shown only on a
 * terminal. Several threads may tell of their steps.
 */
public final class Progress implements AutoCloseable {
  private static final long A_MOMENT_NANOS = 1_000_000_000;

  private final String task;
  private long steps;
  private final long start = System.nanoTime();
  private long done;
  private String beside = "";
  private Optional<ProgressBar> bar = Optional.empty();

  /**
   * Shows the bar.
   *
   * @param steps the number of steps that {@link #step} will be told of in all
   */
  public Progress(String task, long steps) {
    this.task = task;
    this.steps = steps;
  }

  /** Tells of more steps than were known when the bar was created. */
  public void expect(long more) {
    steps += more;
    tell("");
    bar.ifPresent(shown -> shown.maxHint(steps));
  }

  /** Records that {@code count} more steps are done. */
  public synchronized void step(long count) {
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
                  .build()
                  .setExtraMessage(beside));
    }
    bar.ifPresent(shown -> shown.stepTo(done));
  }

  /** Says beside the bar what is done that no steps count; an empty text says nothing. */
  public synchronized void tell(String words) {
    beside = words;
    bar.ifPresent(shown -> shown.setExtraMessage(words));
  }

  /** Prints lines in place of the bar. The next step shows the bar again below them. */
  public synchronized void print(Runnable lines) {
    close();
    lines.run();
  }

  /**
   * Whether standard error goes to a terminal. From JDK 22 on there is a console even if output is
   * redirected, but it is then no terminal.
   */
  @SuppressWarnings("SystemConsoleNull") // isTerminal() exists only in these JDKs
  private static boolean somebodyWatches() {
    return System.console() != null && System.getenv("CI") == null;
  }

  @Override
  public synchronized void close() {
    bar.ifPresent(ProgressBar::close);
    bar = Optional.empty();
  }
}
