package dev.helix.tests.exact;

import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.Group;
import dev.helix.tensor.exact.ExactTensor;
import dev.helix.tensor.mesh.Communicator;
import dev.helix.tensor.mesh.ForwardingCommunicator;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The exact reading on ranks that come late to their exchanges, each at random. */
final class SlowLinks implements Reading<ExactTensor> {
  private static final long LONGEST_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

  private final ExactReading reading = new ExactReading();
  private final long seed;

  SlowLinks(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return reading.name();
  }

  @Override
  public RankOperations<ExactTensor> on(Communicator communicator) {
    return reading.on(
        new Late(communicator, new SplittableRandom(seed * 64 + communicator.rank())));
  }

  private static final class Late extends ForwardingCommunicator {
    private final SplittableRandom random;

    Late(Communicator link, SplittableRandom random) {
      super(link);
      this.random = random;
    }

    @Override
    public List<ByteBuffer> exchange(Group group, String call, List<ByteBuffer> outgoing) {
      LockSupport.parkNanos(random.nextLong(LONGEST_NANOS));
      return super.exchange(group, call, outgoing);
    }
  }
}
