/**
 * What an audio file holds, and whether that is what was asked for.
 *
 * <p>A file enters; a measurement leaves the probe, and with what was expected it becomes a verdict. Decoders are other
 * people's and old: they run in a process of their own ({@link io.wavequeue.worker.audio.ProbeMain}), which may hang, run out
 * of memory or die, and takes nothing along.
 */
@NullMarked
package io.wavequeue.worker.audio;

import org.jspecify.annotations.NullMarked;
