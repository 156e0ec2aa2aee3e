/**
 * Turns a request as somebody wrote it into a job that may become a row, or into the list of everything wrong with it.
 *
 * <p>In come bytes of a REST body or of another service's Kafka record. Out go a priced {@code NewJob}, or every fault at
 * once. What is kept as input is what was asked, numbers as they were written and without the model's defaults.
 * Correctness rests on the catalogue for the input's own fields; nothing here writes to the database.
 */
@NullMarked
package io.wavequeue.admission;

import org.jspecify.annotations.NullMarked;
