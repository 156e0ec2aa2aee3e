/**
 * The one-command stack: an embedded PostgreSQL, an embedded Kafka, the simulator, the API and the workers on one machine.
 *
 * <p>In: the words of the command line and the environment. Out: running programs that know each other's addresses by
 * their environment only. It rests on the data folder being locked by one supervisor, and on the choice of the provider
 * being made once, in {@link io.wavequeue.local.Provider}: what must not pay is not even handed the key.
 * {@link io.wavequeue.local.PostgresServer} and {@link io.wavequeue.local.KafkaServerProcess} also serve the tests of
 * other modules.
 */
@NullMarked
package io.wavequeue.local;

import org.jspecify.annotations.NullMarked;
