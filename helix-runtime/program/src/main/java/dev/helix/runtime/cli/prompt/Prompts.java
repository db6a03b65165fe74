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
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Turns the requests' prompts into tokens, and their continuations into text. A model without a
 * tokenizer takes token ids and gives token ids.
 */
public final class Prompts implements Closeable {
  private final Optional<TextCodec> codec;
  private final List<List<Integer>> tokens = new ArrayList<>();

  private Prompts(Optional<TextCodec> codec) {
    this.codec = codec;
  }

  /**
   * Tokenizes the prompts that were given.
   *
   * @param console receives a warning about words that the tokenizer does not know
   * @throws InvalidInputException if nothing was given, or a prompt has no tokens
   */
  static Prompts of(Checkpoint checkpoint, List<PromptSource> sources, Console console) {
    if (sources.isEmpty()) {
      throw new InvalidInputException(
          "no prompt: expected --prompt or --tokens for model " + checkpoint.name());
    }
    boolean idsAlone = sources.stream().allMatch(PromptSource.Tokens.class::isInstance);
    Prompts prompts =
        new Prompts(
            idsAlone && !checkpoint.hasTokenizer()
                ? Optional.empty()
                : Optional.of(TextCodec.of(checkpoint)));
    try {
      for (PromptSource source : sources) {
        List<Integer> tokens = prompts.tokenize(source, console);
        if (tokens.isEmpty()) {
          throw new InvalidInputException(
              "--prompt: %s makes no token of it, expected at least one"
                  .formatted(checkpoint.tokenizerName()));
        }
        prompts.tokens.add(tokens);
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
   * @param layers number of layers of the model, for the progress of its loading
   */
  public DecodeListener printTo(PrintStream out, int layers) {
    List<String> headings = new ArrayList<>();
    List<RequestPrinter.TokenText> texts = new ArrayList<>();
    for (int request = 0; request < tokens.size(); request++) {
      int[] prompt = ids(tokens.get(request));
      String text = codec.map(c -> c.decode(prompt)).orElseGet(() -> spelled(prompt));
      headings.add("request " + request + "> " + text);
      texts.add(codec.map(c -> tokenText(c.stream(prompt))).orElseGet(Prompts::tokenIds));
    }
    long promptTokens = tokens.stream().mapToLong(List::size).sum();
    return new RequestPrinter(out, headings, texts, layers, promptTokens);
  }

  /** The text that each request's new tokens add; empty without a tokenizer. */
  public List<Optional<String>> texts(DecodeResult result) {
    return result.requests().stream()
        .map(request -> codec.map(c -> text(c.stream(ids(request.prompt())), request.newTokens())))
        .toList();
  }

  @Override
  public void close() {
    codec.ifPresent(TextCodec::close);
  }

  private static String text(TextStream stream, List<Integer> tokens) {
    StringBuilder text = new StringBuilder();
    tokens.forEach(token -> text.append(stream.append(token)));
    return text.append(stream.finish()).toString().strip();
  }

  private static RequestPrinter.TokenText tokenText(TextStream stream) {
    return new RequestPrinter.TokenText() {
      @Override
      public String append(int token) {
        return stream.append(token);
      }

      @Override
      public String finish() {
        return stream.finish();
      }
    };
  }

  /** Prints token ids in place of text, for a model without a tokenizer. */
  private static RequestPrinter.TokenText tokenIds() {
    return new RequestPrinter.TokenText() {
      @Override
      public String append(int token) {
        return " " + token;
      }

      @Override
      public String finish() {
        return "";
      }
    };
  }

  private static String spelled(int[] tokens) {
    return Arrays.stream(tokens).mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }

  private List<Integer> tokenize(PromptSource source, Console console) {
    if (source instanceof PromptSource.Tokens given) {
      return given.ids();
    }
    String text = ((PromptSource.Text) source).text();
    if (text.isBlank()) {
      throw new InvalidInputException("--prompt: expected text, got an empty prompt");
    }
    TextCodec words = codec.orElseThrow();
    List<String> unknown = words.unknownWords(text);
    if (!unknown.isEmpty()) {
      console.complain(
          "warning: the tokenizer does not know " + String.join(", ", unknown) + " in --prompt");
    }
    return Arrays.stream(words.encode(text)).boxed().toList();
  }

  private static int[] ids(List<Integer> tokens) {
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }
}
