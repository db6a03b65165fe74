package dev.helix.runtime.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.runtime.strategy.Strategy;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A call that is not forwarded would take the interface's default, which strategies override. */
final class ForwardingStrategyTest {
  @Test
  void everyQuestionIsForwarded() {
    assertEquals(questions(Strategy.class), questions(ForwardingStrategy.class));
  }

  private static Set<String> questions(Class<?> declaring) {
    return Arrays.stream(declaring.getDeclaredMethods())
        .filter(method -> !method.isSynthetic() && !method.getName().equals("toString"))
        .map(Method::getName)
        .collect(Collectors.toSet());
  }
}
