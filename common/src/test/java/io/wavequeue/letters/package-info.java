@NullMarked
package io.wavequeue.letters;

import org.jspecify.annotations.NullMarked;
