/** Pure tests of clips. */
@NullMarked
package io.wavequeue.api.media;

import org.jspecify.annotations.NullMarked;
