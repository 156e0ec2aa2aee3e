/**
 * Where outputs lie: a folder, or a bucket of S3-compatible storage.
 *
 * <p>Finished files enter under a key, whole or not at all, and with the SHA-256 that they are known by; a key is their path below
 * the folder, or behind the bucket's prefix. Nothing here knows what an output is. No key leads out of the folder.
 */
@NullMarked
package io.wavequeue.storage;

import org.jspecify.annotations.NullMarked;
