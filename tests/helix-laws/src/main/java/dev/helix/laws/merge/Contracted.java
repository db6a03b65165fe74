package dev.helix.laws.merge;

import dev.helix.attention.convention.Contract;
import dev.helix.attention.convention.Empties;
import dev.helix.laws.merge.states.Stack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Wraps an implementation so that it is asked only what its contract promises. A question with more
 * parts than a call takes becomes a tree of calls. One with fewer is a single part, whose merge is
 * that part. Where a row without tokens in any part must not be given, the row is filled with other
 * data, and its answer is not looked at.
 */
final class Contracted implements Subject {
  private final Subject subject;
  private final Contract contract;

  private Contracted(Subject subject, Contract contract) {
    this.subject = subject;
    this.contract = contract;
  }

  /** Wraps a subject. One that takes everything is returned as it is. */
  static Subject to(Subject subject) {
    Contract contract = subject.convention().contract();
    boolean any =
        contract.leastShards() == 1
            && contract.mostShards() == Integer.MAX_VALUE
            && contract.empties().occurrence() != Empties.Occurrence.NOT_IN_ALL_SHARDS;
    return any ? subject : new Contracted(subject, contract);
  }

  @Override
  public Declaration declaration() {
    return subject.declaration();
  }

  @Override
  public Supplier<Answer> merge(Stack asked) {
    if (asked.shards() < contract.leastShards()) {
      Answer same = Answer.of(asked, asked.outputsOf(0), asked.lsesOf(0));
      return () -> same.without(asked, asked.emptyRows());
    }
    if (asked.shards() <= contract.mostShards()) {
      return filled(asked);
    }
    Stack level = asked;
    while (level.shards() > contract.mostShards()) {
      level = Stack.join(next(level));
    }
    Supplier<Answer> root = filled(level);
    return () -> root.get().to(asked);
  }

  /** The answers to calls of as many parts as one takes, each as a part. */
  private List<Stack> next(Stack level) {
    List<Supplier<Answer>> answers = new ArrayList<>();
    int most = contract.mostShards();
    for (int from = 0; from < level.shards(); from += most) {
      int[] some = IntStream.range(from, Math.min(level.shards(), from + most)).toArray();
      answers.add(merge(level.select(some)));
    }
    return answers.stream().map(answer -> answer.get().asStack()).toList();
  }

  private Supplier<Answer> filled(Stack asked) {
    if (contract.empties().occurrence() != Empties.Occurrence.NOT_IN_ALL_SHARDS) {
      return subject.merge(asked);
    }
    boolean[] empty = asked.emptyRows();
    if (IntStream.range(0, empty.length).noneMatch(row -> empty[row])) {
      return subject.merge(asked);
    }
    Supplier<Answer> answer = subject.merge(withTokens(asked, empty));
    return () -> answer.get().without(asked, empty);
  }

  /** The question with a part of weight 1 and output 0 in the first shard of these rows. */
  private static Stack withTokens(Stack asked, boolean[] rows) {
    double[] outputs = asked.outputs();
    double[] lses = asked.lses();
    for (int row = 0; row < rows.length; row++) {
      if (rows[row]) {
        lses[row] = 0;
        Arrays.fill(outputs, row * asked.dim(), (row + 1) * asked.dim(), 0);
      }
    }
    return asked.withOutputs(outputs).withLses(lses);
  }
}
