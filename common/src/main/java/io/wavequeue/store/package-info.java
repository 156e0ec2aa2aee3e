/**
 * The only user of SQL and JPA.
 *
 * <p>Reads by key and pages go through Panache repositories; claims, transitions, dispatch and bulk work are native SQL
 * over the same pool. Every change of a job names the expected state and the fence, and its row count becomes a typed
 * result. Correctness rests on PostgreSQL keeping what it committed; it does not rest on Kafka or on any process living.
 */
@NullMarked
package io.wavequeue.store;

import org.jspecify.annotations.NullMarked;
