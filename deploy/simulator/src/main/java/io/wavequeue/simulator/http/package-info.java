/**
 * The HTTP face: the provider's API below {@code /api/v3}, files, and the admin endpoints.
 *
 * <p>In: requests; out: answers as the provider would give them, unless a fault spoils them. {@link
 * io.wavequeue.simulator.http.ApiServer} is the way of every request: count, key, fault before, endpoint, fault after,
 * send. Endpoints turn a {@code Call} into a {@code Reply} and know nothing of faults. All of it runs on one event loop.
 */
@NullMarked
package io.wavequeue.simulator.http;

import org.jspecify.annotations.NullMarked;
