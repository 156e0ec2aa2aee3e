/**
 * Random schedules: the real rules of submitting, retrying, taking over and reconciling, in a world of virtual time whose
 * database, provider, network and processes fail as a seed says. What each class here stands for is I/O; what decides is
 * the production code.
 */
@NullMarked
package io.wavequeue.worker.schedules;

import org.jspecify.annotations.NullMarked;
