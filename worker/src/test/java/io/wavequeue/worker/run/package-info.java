@NullMarked
package io.wavequeue.worker.run;

import org.jspecify.annotations.NullMarked;
