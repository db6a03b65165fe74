package dev.helix.tensor.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.tensor.Collectives;
import dev.helix.tensor.Kernels;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A call that is not forwarded would take the interface's default, which readings override. */
final class ForwardingTest {
  @Test
  void everyOperationIsForwarded() {
    assertEquals(operations(Kernels.class), operations(ForwardingKernels.class));
    assertEquals(operations(Collectives.class), operations(ForwardingCollectives.class));
  }

  private static Set<String> operations(Class<?> declaring) {
    return Arrays.stream(declaring.getDeclaredMethods())
        .filter(method -> !method.isSynthetic() && !method.getName().equals("healthy"))
        .map(Method::getName)
        .collect(Collectors.toSet());
  }
}
