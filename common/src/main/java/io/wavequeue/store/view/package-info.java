/**
 * Jobs as they are read: by id, and in pages of the newest with filters; and sums of what they cost.
 *
 * <p>Read-only JPA entities and Panache repositories over the tables that the rest of {@code store} writes. Out go plain
 * records, so that nothing outside depends on Hibernate: a program that reads no jobs leaves this package out. The
 * schema is Flyway's; correctness rests on one snapshot per answer.
 */
@NullMarked
package io.wavequeue.store.view;

import org.jspecify.annotations.NullMarked;
