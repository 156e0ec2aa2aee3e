/** Files that are whole under their name, or not there: temporary name, fsync, rename. */
@NullMarked
package io.wavequeue.cli.file;

import org.jspecify.annotations.NullMarked;
