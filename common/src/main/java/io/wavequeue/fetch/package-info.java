/**
 * Where this program may connect to when somebody else names the address.
 *
 * <p>An address of a caller or of the provider enters, the very IP address to connect to leaves, or why there is none. Whoever
 * connects must use that IP address, and ask again for every redirect: a name may lead elsewhere the next time.
 */
@NullMarked
package io.wavequeue.fetch;

import org.jspecify.annotations.NullMarked;
