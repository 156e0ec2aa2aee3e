@NullMarked
package io.wavequeue.bulk;

import org.jspecify.annotations.NullMarked;
