package io.wavequeue.simulator.audio;

import org.jspecify.annotations.Nullable;

/** The seven formats that a model may be asked for, with the content type under which each is served. */
public enum AudioFormat {
    MP3("audio/mpeg"),
    WAV("audio/wav"),
    FLAC("audio/flac"),
    OGG("audio/ogg"),
    OPUS("audio/ogg; codecs=opus"),
    M4A("audio/mp4"),
    AAC("audio/aac");

    private final String contentType;

    AudioFormat(String contentType) {
        this.contentType = contentType;
    }

    public String contentType() {
        return contentType;
    }

    /** The file name's ending, which is also the value of {@code output_format}. */
    public String extension() {
        return switch (this) {
            case MP3 -> "mp3";
            case WAV -> "wav";
            case FLAC -> "flac";
            case OGG -> "ogg";
            case OPUS -> "opus";
            case M4A -> "m4a";
            case AAC -> "aac";
        };
    }

    public static @Nullable AudioFormat ofExtension(String extension) {
        for (AudioFormat format : values()) {
            if (format.extension().equals(extension)) {
                return format;
            }
        }
        return null;
    }
}
