/**
 * What the provider tells us by itself.
 *
 * <p>A signed webhook enters, a row of evidence leaves; no job is changed here. Its correctness rests on the signature over
 * the raw body and on the token, which one submit alone was given. Nothing rests on webhooks coming: polling and the
 * provider's history find the same, later.
 */
@NullMarked
package io.wavequeue.api.webhook;

import org.jspecify.annotations.NullMarked;
