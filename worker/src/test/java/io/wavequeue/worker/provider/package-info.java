@NullMarked
package io.wavequeue.worker.provider;

import org.jspecify.annotations.NullMarked;
