/** Tests of the API over HTTP against a real PostgreSQL, and of its pure parts. */
@NullMarked
package io.wavequeue.api;

import org.jspecify.annotations.NullMarked;
