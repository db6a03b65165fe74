package dev.helix.runtime.cli.option;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.weights.WeightFormat;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.CacheFormat;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * The options {@code --kv} and {@code --weights}: number formats of the KV cache and of weights.
 */
public final class FormatOptions {
  @Option(
      names = "--kv",
      paramLabel = "FORMAT",
      defaultValue = "fp64",
      converter = CacheFormats.class,
      description =
          "Keep the KV cache in this format: fp64, as computed; bf16; fp8, E4M3 with the"
              + " checkpoint's scales or 1; fp8-ds-mla, DeepSeek's entry of 656 bytes; mxfp8;"
              + " nvfp4; or mxfp4. The rank that owns a token rounds it once (default:"
              + " ${DEFAULT-VALUE}).")
  private CacheFormat cache;

  @Option(
      names = "--weights",
      paramLabel = "FORMAT",
      defaultValue = "as-stored",
      converter = WeightFormats.class,
      description =
          "Round the projections of attention and FFN and the head to this format before any rank"
              + " takes its slice: as-stored, not at all; fp8; mxfp8; nvfp4; or mxfp4 (default:"
              + " ${DEFAULT-VALUE}).")
  private WeightFormat weights;

  /** The values of {@code --weights}. */
  static final class WeightFormats extends OneOf<WeightFormat> {
    WeightFormats() {
      super(List.of(WeightFormat.values()));
    }
  }

  /** The values of {@code --kv}. */
  static final class CacheFormats extends OneOf<CacheFormat> {
    CacheFormats() {
      super(List.of(CacheFormat.values()));
    }
  }

  /** The format of the KV cache. */
  public CacheFormat cache() {
    return cache;
  }

  /** The format to which weights are rounded. */
  public WeightFormat weights() {
    return weights;
  }

  /**
   * The checkpoint with its weights in the format. It is closed if it cannot be.
   *
   * @throws InvalidInputException if the format does not fit a weight
   */
  public Checkpoint of(Checkpoint stored) {
    try {
      return stored.quantized(weights);
    } catch (InvalidInputException e) {
      stored.close();
      throw e;
    }
  }

  /** What the title of a run says of formats: nothing, if all are as usual. */
  public String title() {
    return (weights == WeightFormat.AS_STORED ? "" : "; weights in " + weights)
        + (cache.quantizes() ? "; KV cache in " + cache : "");
  }
}
