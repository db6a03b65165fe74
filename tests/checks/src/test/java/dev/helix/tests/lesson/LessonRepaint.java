package dev.helix.tests.lesson;

import dev.helix.runtime.lesson.LessonPage;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Measures in Chromium how long the lesson takes from a change of KVP to the next painted frame,
 * and until everything of the step is there. The story is the longest that the page takes. It
 * prints a line for each step, and passes no judgement: a machine that does other things is slower.
 */
final class LessonRepaint {
  private static final int STEPS = 10;
  private static final List<String> NAMES =
      List.of("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ivo", "June");
  private static final List<String> PLACES =
      List.of("attic", "cellar", "garden", "kitchen", "tower", "harbor", "mill", "cave", "stable");

  /** From KVP 1, whose decode is known, to others, whose decodes are not. */
  private static final List<Integer> KVPS = List.of(2, 4, 8);

  /** Chooses a KVP; calls back with the milliseconds to the frame, and to the last decode. */
  private static final String CHANGED =
      """
      const done = arguments[1];
      const complete = (then) => {
        const open = [...document.querySelectorAll(".step p, .step td")].some((e) => e.textContent.includes("…"));
        return open ? setTimeout(() => complete(then), 5) : then();
      };
      complete(() => {
        const kvp = document.getElementById("kvp");
        kvp.value = String(arguments[0]);
        const start = performance.now();
        kvp.dispatchEvent(new Event("change"));
        requestAnimationFrame(() => {
          // What comes after a frame's callbacks comes after its painting.
          const channel = new MessageChannel();
          channel.port1.onmessage = () => {
            const painted = performance.now() - start;
            complete(() => done([painted, performance.now() - start]));
          };
          channel.port2.postMessage(0);
        });
      });
      """;

  private LessonRepaint() {}

  /**
   * Measures.
   *
   * @param arguments how often each change is repeated; 3 times if nothing is given
   */
  public static void main(String[] arguments) throws IOException {
    int times = arguments.length == 0 ? 3 : Integer.parseInt(arguments[0]);
    Path folder = Files.createTempDirectory("lesson");
    Path file = Files.writeString(folder.resolve("lesson.html"), LessonPage.html());
    try (LessonBrowser browser =
        LessonBrowser.open(file, Files.createDirectory(folder.resolve("profile")))) {
      browser.layOut(1280);
      browser.go("", "#s=1");
      browser.await("#bits[data-done=true]");
      for (int step = 1; step <= STEPS; step++) {
        browser.show("#s=" + step + "&read=all");
        if (browser.script("return document.getElementById('kvp');") == null) {
          System.out.printf(Locale.ROOT, "step %2d: has no KVP to change%n", step);
          continue;
        }
        double[] painted = new double[times * KVPS.size()];
        double[] complete = new double[painted.length];
        for (int i = 0; i < painted.length; i++) {
          if (i % KVPS.size() == 0) {
            // A story that was not told before, so that no decode is known.
            browser.show(
                "#s=" + step + "&read=all&kvp=1&run=1&story=" + longest(step, i / KVPS.size()));
          }
          List<?> millis = (List<?>) browser.later(CHANGED, KVPS.get(i % KVPS.size()));
          painted[i] = ((Number) millis.get(0)).doubleValue();
          complete[i] = ((Number) millis.get(1)).doubleValue();
        }
        System.out.printf(
            Locale.ROOT, "step %2d: painted %s; complete %s%n", step, of(painted), of(complete));
      }
    }
  }

  /** A story of 154 words, another one for each step and time. */
  private static String longest(int step, int time) {
    List<String> sentences =
        new ArrayList<>(Collections.nCopies(17, "Ada put the lamp in the barn ."));
    sentences.add(
        "%s put the lamp in the %s ."
            .formatted(NAMES.get(step % NAMES.size()), PLACES.get(time % PLACES.size())));
    sentences.add("Where is the lamp ? The lamp is in the");
    return URLEncoder.encode(String.join(" ", sentences), StandardCharsets.UTF_8);
  }

  private static String of(double[] millis) {
    DoubleSummaryStatistics all = DoubleStream.of(millis).summaryStatistics();
    double median = DoubleStream.of(millis).sorted().skip(millis.length / 2).findFirst().orElse(0);
    return String.format(
        Locale.ROOT, "%.0f to %.0f ms, median %.0f", all.getMin(), all.getMax(), median);
  }
}
