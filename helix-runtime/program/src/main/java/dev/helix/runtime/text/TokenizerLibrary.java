package dev.helix.runtime.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.util.cuda.CudaUtils;
import dev.helix.tensor.ControlCharacters;
import dev.helix.tensor.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.Map;

/**
 * Loads DJL's tokenizers such that they never use the network or a GPU. They run the library for
 * CPUs that is inside their jar, which is unpacked once, under {@code .djl.ai} in the user's home
 * directory. Left to itself, DJL reports its use from Amazon's machines, loads the CUDA runtime to
 * count GPUs, warns if that does not fit the driver, and downloads a CUDA build if it does.
 *
 * <p>The settings hold for the whole JVM. A program that has set the same properties keeps its own.
 */
final class TokenizerLibrary {
  private static final String OFFLINE = "ai.djl.offline";
  private static final String COUNT_GPUS_IN_ANOTHER_PROCESS = "ai.djl.util.cuda.fork";

  /**
   * The largest length of a reason, as the library quotes what it does not understand, however long
   * that is.
   */
  private static final int MAX_REASON_CHARS = 300;

  /** The options of the library. Without them DJL would cut every text at 512 tokens. */
  private static final Map<String, String> OPTIONS =
      Map.of("truncation", "do_not_truncate", "padding", "do_not_pad");

  static {
    if (System.getProperty(OFFLINE) == null) {
      System.setProperty(OFFLINE, "true");
    }
    if (System.getProperty(COUNT_GPUS_IN_ANOTHER_PROCESS) == null) {
      doWithoutCuda();
    }
  }

  private TokenizerLibrary() {}

  /**
   * Makes a tokenizer.
   *
   * @param name what messages call {@code json}
   * @throws InvalidInputException if the library does not understand {@code json}
   * @throws IllegalStateException if the library does not run on this machine
   */
  static HuggingFaceTokenizer tokenizer(String name, byte[] json) {
    requireLoaded();
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw new InvalidInputException(
          "%s: expected a Hugging Face tokenizer, got: %s".formatted(name, reason(e)), e);
    }
  }

  /** The words of the native library about a failure, on one line. */
  static String reason(RuntimeException failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    String line = ControlCharacters.escaped(message.replaceAll("\\s+", " "));
    return line.length() <= MAX_REASON_CHARS ? line : line.substring(0, MAX_REASON_CHARS) + "…";
  }

  /**
   * Makes DJL do without CUDA. DJL's class for CUDA loads the runtime when it is initialised,
   * unless another process is to count the GPUs, and without a runtime it finds none. So the class
   * is initialised here, while that property is set.
   */
  private static void doWithoutCuda() {
    System.setProperty(COUNT_GPUS_IN_ANOTHER_PROCESS, "true");
    try {
      MethodHandles.lookup().ensureInitialized(CudaUtils.class);
    } catch (IllegalAccessException e) {
      throw new AssertionError("CudaUtils is public", e);
    } finally {
      System.clearProperty(COUNT_GPUS_IN_ANOTHER_PROCESS);
    }
  }

  private static void requireLoaded() {
    try {
      LibUtils.checkStatus();
    } catch (EngineException | LinkageError e) {
      throw new IllegalStateException(
          "the tokenizer library does not load on %s, %s: %s"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), e),
          e);
    }
  }
}
