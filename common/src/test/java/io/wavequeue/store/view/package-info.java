/** Pure tests of what is read. */
@NullMarked
package io.wavequeue.store.view;

import org.jspecify.annotations.NullMarked;
