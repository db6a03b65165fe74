/**
 * The lesson: one page that shows in a browser, on a real forward pass, why a split KV cache leaves
 * attention exact. Start with {@link dev.helix.runtime.lesson.LessonPage}, which puts the page
 * together, and {@link dev.helix.runtime.lesson.LessonData}, which makes the numbers in it. The
 * page's own program is in the resources beside this package, as modules of JavaScript.
 */
package dev.helix.runtime.lesson;
