/**
 * Makes the audio that the simulator serves and reads the length of audio that it was given.
 *
 * <p>In: a format, a length and a name; out: bytes that any decoder opens. {@code wav} and {@code flac} are written here
 * and are exactly as long as asked; the other five are fixtures of four seconds. Every file carries its prediction's id,
 * so that no two outputs are equal and a mix-up cannot go unnoticed.
 */
@NullMarked
package io.wavequeue.simulator.audio;

import org.jspecify.annotations.NullMarked;
