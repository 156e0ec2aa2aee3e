@NullMarked
package io.wavequeue.fetch;

import org.jspecify.annotations.NullMarked;
