package dev.helix.runtime.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.io.Closeable;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Turns text into tokens and back, by a model's {@code tokenizer.json}. Threads may use it at the
 * same time.
 */
public final class TextCodec implements Closeable {
  private final String name;
  private final Vocabulary vocabulary;
  private final HuggingFaceTokenizer tokenizer;

  private TextCodec(String name, Vocabulary vocabulary, HuggingFaceTokenizer tokenizer) {
    this.name = name;
    this.vocabulary = vocabulary;
    this.tokenizer = tokenizer;
  }

  /**
   * Opens the tokenizer of a checkpoint; the checkpoint may be closed afterwards.
   *
   * @throws InvalidInputException naming the file and the fault
   */
  public static TextCodec of(Checkpoint checkpoint) {
    return of(checkpoint.tokenizerName(), checkpoint.tokenizerJson());
  }

  /**
   * Reads the text of a {@code tokenizer.json}.
   *
   * @param name what messages call it
   * @throws InvalidInputException naming it and what is wrong with it
   */
  public static TextCodec of(String name, byte[] tokenizerJson) {
    Vocabulary vocabulary = Vocabulary.of(JsonObject.parse(name, tokenizerJson));
    return new TextCodec(name, vocabulary, TokenizerLibrary.tokenizer(name, tokenizerJson));
  }

  /**
   * The tokens of a text of any length, with those that the model expects around it. For example, a
   * text usually begins with a token that marks the beginning.
   *
   * @throws InvalidInputException if the tokenizer cannot encode the text, or gives an id that none
   *     of its tokens has
   */
  public int[] encode(String text) {
    return Arrays.stream(encoding(text).getIds()).mapToInt(this::known).toArray();
  }

  /**
   * The words of a text that the tokenizer does not know and that {@link #encode} replaces by the
   * unknown token, each once, in the text's order. Tokenizers that spell every word have none.
   */
  public List<String> unknownWords(String text) {
    if (vocabulary.unknown().isEmpty()) {
      return List.of();
    }
    int unknown = vocabulary.unknown().getAsInt();
    String unknownItself = tokenizer.decode(new long[] {unknown}, false);
    Encoding encoding = encoding(text);
    long[] ids = encoding.getIds();
    Set<String> words = new LinkedHashSet<>();
    for (int i = 0; i < ids.length; i++) {
      CharSpan span = encoding.getCharTokenSpans()[i];
      if (span != null && ids[i] == unknown) {
        String word = codePoints(text, span);
        // A text may spell the unknown token itself, "<unk>".
        if (!word.equals(unknownItself)) {
          words.add(word);
        }
      }
    }
    return List.copyOf(words);
  }

  /** The text of tokens, without special ones. Ids that the tokenizer does not have are skipped. */
  public String decode(int[] tokens) {
    return tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
  }

  /** The text that tokens will add after {@code prompt}, step by step. */
  public TextStream stream(int[] prompt) {
    return new TextStream(this::decode, prompt);
  }

  /** One more than the largest id that {@link #encode} can give. */
  public int vocabularySize() {
    return vocabulary.size();
  }

  /** Frees the native tokenizer. Nothing can be encoded or decoded afterwards. */
  @Override
  public void close() {
    tokenizer.close();
  }

  private Encoding encoding(String text) {
    try {
      return tokenizer.encode(text);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(name + " is closed", e);
    } catch (RuntimeException e) {
      throw new InvalidInputException(
          "%s: text cannot be encoded: %s".formatted(name, TokenizerLibrary.reason(e)), e);
    }
  }

  /**
   * Refuses an id that no token of the file has. A post-processor may put such ids around a text.
   */
  private int known(long id) {
    if (id < 0 || id >= vocabulary.size()) {
      throw new InvalidInputException(
          "%s: a text begins or ends with token %d, expected ids from 0 to %d"
              .formatted(name, id, vocabulary.size() - 1));
    }
    return (int) id;
  }

  /**
   * Cuts a part out of a text. The library counts characters, but Java counts the halves of
   * surrogate pairs.
   */
  private static String codePoints(String text, CharSpan span) {
    int start = text.offsetByCodePoints(0, span.getStart());
    return text.substring(start, text.offsetByCodePoints(start, span.getEnd() - span.getStart()));
  }
}
