package dev.helix.runtime.cli.prompt;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.cli.console.Console;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.text.TextCodec;
import dev.helix.runtime.text.TextStream;
import dev.helix.tensor.InvalidInputException;
import java.io.Closeable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The requests' prompts as tokens, and their continuations as text. */
public final class Prompts implements Closeable {
  private final TextCodec codec;
  private final List<List<Integer>> tokens = new ArrayList<>();

  private Prompts(TextCodec codec) {
    this.codec = codec;
  }

  /**
   * Tokenizes what was given.
   *
   * @param console hears of words that the tokenizer does not know
   * @throws InvalidInputException if nothing was given, or a prompt is empty
   */
  static Prompts of(Checkpoint checkpoint, List<PromptSource> sources, Console console) {
    if (sources.isEmpty()) {
      throw new InvalidInputException(
          "no prompt: expected --prompt or --tokens for model " + checkpoint.name());
    }
    Prompts prompts = new Prompts(TextCodec.of(checkpoint));
    try {
      for (PromptSource source : sources) {
        prompts.tokens.add(prompts.tokenize(source, console));
      }
    } catch (InvalidInputException e) {
      prompts.close();
      throw e;
    }
    return prompts;
  }

  public List<List<Integer>> tokens() {
    return List.copyOf(tokens);
  }

  /**
   * Prints each prompt, and below it its text as it is decoded.
   *
   * @param layers of the model, for the progress of its loading
   */
  public DecodeListener printTo(PrintStream out, int layers) {
    List<String> headings = new ArrayList<>();
    List<RequestPrinter.TokenText> texts = new ArrayList<>();
    for (int request = 0; request < tokens.size(); request++) {
      int[] prompt = ids(tokens.get(request));
      headings.add("request " + request + "> " + codec.decode(prompt));
      TextStream stream = codec.stream(prompt);
      texts.add(
          new RequestPrinter.TokenText() {
            @Override
            public String append(int token) {
              return stream.append(token);
            }

            @Override
            public String finish() {
              return stream.finish();
            }
          });
    }
    long promptTokens = tokens.stream().mapToLong(List::size).sum();
    return new RequestPrinter(out, headings, texts, layers, promptTokens);
  }

  /** The text that each request's new tokens add. */
  public List<String> texts(DecodeResult result) {
    List<String> texts = new ArrayList<>();
    for (DecodeResult.Request request : result.requests()) {
      TextStream stream = codec.stream(ids(request.prompt()));
      StringBuilder text = new StringBuilder();
      request.newTokens().forEach(token -> text.append(stream.append(token)));
      texts.add(text.append(stream.finish()).toString().strip());
    }
    return texts;
  }

  @Override
  public void close() {
    codec.close();
  }

  private List<Integer> tokenize(PromptSource source, Console console) {
    if (source instanceof PromptSource.Tokens given) {
      return given.ids();
    }
    String text = ((PromptSource.Text) source).text();
    if (text.isBlank()) {
      throw new InvalidInputException("--prompt: expected text, got an empty prompt");
    }
    List<String> unknown = codec.unknownWords(text);
    if (!unknown.isEmpty()) {
      console.complain(
          "warning: the tokenizer does not know " + String.join(", ", unknown) + " in --prompt");
    }
    return Arrays.stream(codec.encode(text)).boxed().toList();
  }

  private static int[] ids(List<Integer> tokens) {
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }
}
