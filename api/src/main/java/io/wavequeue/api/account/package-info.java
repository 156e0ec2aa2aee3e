/**
 * The provider account: its limits, its budget, its use, and the switch that stops all submitting.
 *
 * <p>In come changes that are checked whole before any of them is made; out goes the account's row and its use at one
 * moment. The row is the truth for every worker: it is read by each claim.
 */
@NullMarked
package io.wavequeue.api.account;

import org.jspecify.annotations.NullMarked;
