package dev.helix.runtime.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * The labels of a row of blocks: inside of a block that is wide enough, and else in lines beside
 * the row, so that none covers another.
 *
 * @param labels one for each block
 */
record Labels(List<Label> labels) {
  /** About the width of a letter, in pixels. */
  private static final double LETTER = 6.2;

  private static final double EDGE = 1;

  /**
   * One label.
   *
   * @param from the middle of its block, or of the first of the blocks that share it
   * @param to the middle of the last of them
   * @param level 0 inside of the block, and else the number of its line, counted from the row
   */
  record Label(double from, double to, String text, int level) {
    double middle() {
      return (from + to) / 2;
    }

    /** Half of the room that it takes to the left and to the right. */
    private double half() {
      return LETTER * text.length() / 2 + EDGE;
    }
  }

  /**
   * Labels blocks that lie in one row. Narrow blocks of the same number share a label where they
   * lie too close for two.
   *
   * @param blocks by time
   * @param number what a block is called if it is narrow
   * @param name what is added where it fits
   */
  static Labels of(List<Block> blocks, ToIntFunction<Block> number, Function<Block, String> name) {
    List<Label> labels = new ArrayList<>();
    for (Block block : blocks) {
      String digits = String.valueOf(number.applyAsInt(block));
      String full = digits + "\u00a0" + name.apply(block);
      double middle = (block.from() + block.to()) / 2;
      double width = block.to() - block.from() - 2 * EDGE;
      if (width >= LETTER * digits.length()) {
        boolean fits = width >= LETTER * full.length();
        labels.add(new Label(middle, middle, fits ? full : digits, 0));
        continue;
      }
      Label narrow = new Label(middle, middle, digits, 1);
      int last = labels.size() - 1;
      if (last >= 0 && isSame(labels.get(last), narrow)) {
        Label shared = labels.get(last);
        labels.set(last, new Label(shared.from, middle, digits, shared.level));
      } else {
        labels.add(new Label(middle, middle, digits, freeLine(labels, narrow)));
      }
    }
    return new Labels(labels);
  }

  private static boolean isSame(Label before, Label after) {
    return before.level > 0 && before.text.equals(after.text) && collide(before, after);
  }

  private static int freeLine(List<Label> labels, Label narrow) {
    int line = 1;
    for (boolean free = false; !free; ) {
      int level = line;
      free = labels.stream().noneMatch(one -> one.level == level && collide(one, narrow));
      line += free ? 0 : 1;
    }
    return line;
  }

  private static boolean collide(Label before, Label after) {
    return before.to + before.half() > after.from - after.half();
  }

  /** Height of the lines beside the row, in pixels. */
  int height() {
    return 12 * labels.stream().mapToInt(Label::level).max().orElse(0);
  }
}
