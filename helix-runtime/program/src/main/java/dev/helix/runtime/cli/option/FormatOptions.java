package dev.helix.runtime.cli.option;

import dev.helix.tensor.formats.CacheFormat;
import java.util.List;
import picocli.CommandLine.Option;

/** The option {@code --kv}: the number format of the KV cache. */
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
}
