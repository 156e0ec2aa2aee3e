/**
 * Real servers for tests, through one switch: Testcontainers where Docker answers, embedded servers where it does not.
 *
 * <p>{@code WAVEQUEUE_TEST_SERVERS=docker|embedded} forces a side. Started once per JVM, stopped at its end.
 */
@NullMarked
package io.wavequeue.test;

import org.jspecify.annotations.NullMarked;
