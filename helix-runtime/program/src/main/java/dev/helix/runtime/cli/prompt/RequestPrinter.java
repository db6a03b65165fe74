package dev.helix.runtime.cli.prompt;

import dev.helix.runtime.cli.console.Progress;
import dev.helix.runtime.decode.DecodeListener;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints the requests' texts one below the other, although all of them are decoded at once. The
 * first unfinished text is printed as its tokens come, and the others when it is their turn.
 */
final class RequestPrinter implements DecodeListener {
  private final PrintStream out;
  private final List<String> headings;
  private final List<? extends TokenText> texts;
  private final List<StringBuilder> waiting = new ArrayList<>();
  private final List<Boolean> done = new ArrayList<>();
  private final Progress loading;
  private final Progress reading;
  private int current;
  private boolean decoding;

  /**
   * Creates a printer for one run.
   *
   * @param headings printed before each request's text
   * @param texts turns each request's tokens into text
   * @param layers number of layers of the model, which is loaded first
   * @param promptTokens number of tokens that are read before all requests decode
   */
  RequestPrinter(
      PrintStream out,
      List<String> headings,
      List<? extends TokenText> texts,
      int layers,
      long promptTokens) {
    this.loading = new Progress("loading", layers);
    this.reading = new Progress("reading", promptTokens);
    this.out = out;
    this.headings = List.copyOf(headings);
    this.texts = List.copyOf(texts);
    for (int i = 0; i < headings.size(); i++) {
      waiting.add(new StringBuilder());
      done.add(false);
    }
  }

  /** Turns a request's tokens into text as they come. */
  interface TokenText {
    /** The text that the token adds; it may be empty while a character is incomplete. */
    String append(int token);

    /** The text that is still held back when no more tokens come. */
    String finish();
  }

  @Override
  public void loadedLayer() {
    loading.step(1);
  }

  @Override
  public void step(int rows) {
    if (!decoding) {
      reading.step(rows);
    }
  }

  @Override
  public void loaded() {
    loading.close();
    out.println(headings.get(0));
    out.flush();
  }

  @Override
  public void token(int request, int token, boolean last) {
    // Text and bar would write over each other.
    decoding = true;
    reading.close();
    StringBuilder text = waiting.get(request).append(texts.get(request).append(token));
    if (last) {
      text.append(texts.get(request).finish());
      done.set(request, true);
    }
    print();
  }

  private void print() {
    while (current < waiting.size()) {
      out.print(waiting.get(current));
      waiting.get(current).setLength(0);
      if (!done.get(current)) {
        break;
      }
      out.println();
      current++;
      if (current < waiting.size()) {
        out.println(headings.get(current));
      }
    }
    out.flush();
  }
}
