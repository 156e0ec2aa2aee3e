/** Tests of the storage of outputs, and a real S3-compatible server for those and others. */
@NullMarked
package io.wavequeue.storage;

import org.jspecify.annotations.NullMarked;
