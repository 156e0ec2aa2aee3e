/**
 * The domain: states, attempts, errors and identifiers, in plain Java.
 *
 * <p>Nothing enters or leaves: other packages speak in these words. The tables' checks repeat the enums, and a test
 * compares them. This package imports nothing of ours and no framework.
 */
@NullMarked
package io.wavequeue.job;

import org.jspecify.annotations.NullMarked;
