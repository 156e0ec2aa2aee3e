@NullMarked
package io.wavequeue.library;

import org.jspecify.annotations.NullMarked;
