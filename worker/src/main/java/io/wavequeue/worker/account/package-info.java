/**
 * What the provider says of our account.
 *
 * <p>The balance enters, the account's row keeps it for the API to show. Nothing is decided by it.
 */
@NullMarked
package io.wavequeue.worker.account;

import org.jspecify.annotations.NullMarked;
