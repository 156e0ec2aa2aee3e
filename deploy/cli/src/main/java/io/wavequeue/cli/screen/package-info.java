/**
 * What people read: tables, money, seconds, and what kind of terminal they read it on. In come values, out goes plain
 * text without escape sequences, so that it stays readable in a log, a pipe and a CI job.
 *
 * <p>Nothing here knows the API or a command.
 */
@NullMarked
package io.wavequeue.cli.screen;

import org.jspecify.annotations.NullMarked;
