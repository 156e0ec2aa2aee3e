@NullMarked
package io.wavequeue.quote;

import org.jspecify.annotations.NullMarked;
