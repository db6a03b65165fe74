package dev.helix.runtime.timing.machine;

import dev.helix.tensor.DType;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The limits of a GPU's hardware.
 *
 * @param name the name of the GPU
 * @param hbmBandwidth bandwidth of its memory
 * @param memory how much memory programs can use on one GPU
 * @param linkBandwidth bandwidth of one GPU into the switches, each way
 * @param boardGpus how many GPUs exchange without leaving their tray
 * @param domainGpus how many GPUs one NVLink domain connects; no layout can have more ranks
 * @param processors number of its streaming multiprocessors
 * @param l2Cache size of the cache that all processors share
 * @param peaks FLOP/s of dense matrix arithmetic in each number format
 */
public record Gpu(
    String name,
    Constant hbmBandwidth,
    Constant memory,
    Constant linkBandwidth,
    Constant boardGpus,
    Constant domainGpus,
    Constant processors,
    Constant l2Cache,
    Map<DType, Constant> peaks) {
  public Gpu {
    peaks = Collections.unmodifiableMap(new EnumMap<>(peaks));
  }

  static Gpu read(ConstantFields fields) {
    try (fields;
        ConstantFields peaks = fields.object("peaks")) {
      return new Gpu(
          fields.text("name"),
          fields.positive("hbmBandwidth", Unit.TERABYTES_PER_SECOND),
          fields.positive("memory", Unit.MEBIBYTES),
          fields.positive("linkBandwidth", Unit.GIGABYTES_PER_SECOND),
          fields.count("boardGpus", Unit.GPUS),
          fields.count("domainGpus", Unit.GPUS),
          fields.count("processors", Unit.PROCESSORS),
          fields.positive("l2Cache", Unit.MEBIBYTES),
          forEachDType(dtype -> peaks.positive(dtype.toString(), Unit.PETAFLOPS)));
    }
  }

  /** Reads a constant for each number format. */
  static Map<DType, Constant> forEachDType(Function<DType, Constant> read) {
    return Arrays.stream(DType.values()).collect(Collectors.toMap(dtype -> dtype, read));
  }

  /** Bandwidth of the memory at best, in bytes per microsecond. */
  public double hbmBytesPerMicro() {
    return hbmBandwidth.value() * 1e6;
  }

  /** Bandwidth of the link at best, each way, in bytes per microsecond. */
  public double linkBytesPerMicro() {
    return linkBandwidth.value() * 1e3;
  }

  /** FLOPs of dense matrix arithmetic per microsecond at best. */
  public double flopsPerMicro(DType arithmetic) {
    return peaks.get(arithmetic).value() * 1e9;
  }

  /** How much memory programs can use on one GPU, in bytes. */
  public long memoryBytes() {
    return (long) (memory.value() * (1 << 20));
  }

  /** Size of the cache that all processors share, in bytes. */
  public long l2Bytes() {
    return (long) (l2Cache.value() * (1 << 20));
  }

  /**
   * The same GPU with other speeds. Everything that is no speed stays.
   *
   * @param factors what memory, link and arithmetic are multiplied with
   */
  public Gpu faster(Speedup factors) {
    Map<DType, Constant> quicker = new EnumMap<>(DType.class);
    peaks.forEach((dtype, peak) -> quicker.put(dtype, peak.times(factors.arithmetic())));
    return new Gpu(
        name,
        hbmBandwidth.times(factors.memory()),
        memory,
        linkBandwidth.times(factors.link()),
        boardGpus,
        domainGpus,
        processors,
        l2Cache,
        quicker);
  }

  /** Factors on the speeds of a GPU. */
  public record Speedup(double memory, double link, double arithmetic) {}

  /** The same GPU on trays of another size. */
  public Gpu onBoardsOf(int gpus) {
    Constant board =
        new Constant(gpus, Unit.GPUS, "the board of the measured machine", boardGpus.date());
    return new Gpu(
        name, hbmBandwidth, memory, linkBandwidth, board, domainGpus, processors, l2Cache, peaks);
  }
}
