/**
 * The command that writes the lesson. Start with {@link
 * dev.helix.runtime.cli.lesson.LessonCommand}, then read {@link
 * dev.helix.runtime.lesson.LessonPage}.
 */
package dev.helix.runtime.cli.lesson;
