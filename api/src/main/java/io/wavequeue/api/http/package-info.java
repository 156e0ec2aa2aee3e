/**
 * What every call passes: host and key check, bodies and query parameters read strictly, problems in one form.
 *
 * <p>In come requests as strangers send them; out go values that may be trusted, or an RFC 9457 problem that lists
 * everything that is wrong. Bad input never becomes a 500: a 500 is a fault of ours, and tells nothing of our insides.
 */
@NullMarked
package io.wavequeue.api.http;

import org.jspecify.annotations.NullMarked;
