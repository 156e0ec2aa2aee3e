package io.wavequeue.worker.audio;

/** What went wrong while a file was decoded. */
public enum Fault {
    /** It has less than it says itself. */
    TRUNCATED,
    /** A part of it could not be decoded. */
    DAMAGED,
    /** Nothing of it could be decoded. */
    UNDECODABLE,
    /** Nothing here decodes its format. */
    NO_DECODER
}
