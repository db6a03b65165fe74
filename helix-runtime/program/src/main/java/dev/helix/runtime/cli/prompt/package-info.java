/**
 * The request of a run: a model, prompts as text or as token ids, and how many tokens may follow.
 * Start with {@link dev.helix.runtime.cli.prompt.RequestOptions}, which collects what was given,
 * and {@link dev.helix.runtime.cli.prompt.Prompts}, which turns it into tokens and the tokens of
 * the run back into text.
 */
package dev.helix.runtime.cli.prompt;
