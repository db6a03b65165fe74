/**
 * Answers with one layout. Start with {@link dev.helix.runtime.advice.Advice}, which is the answer,
 * and {@link dev.helix.runtime.advice.Bottleneck}, which says what holds it up.
 */
package dev.helix.runtime.advice;
