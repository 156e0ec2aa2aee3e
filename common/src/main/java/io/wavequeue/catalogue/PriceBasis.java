package io.wavequeue.catalogue;

import java.util.Locale;
import java.util.Optional;

/** Which seconds a price per second counts, where the provider's words allow two readings. */
public enum PriceBasis {
    /** Only the seconds that are added to the source. */
    EXTENSION,
    /** The whole output: the source and what is added to it. */
    OUTPUT;

    /** Reads the word of the setting and of the catalogue files, {@code extension} or {@code output}. */
    public static Optional<PriceBasis> of(String word) {
        for (PriceBasis basis : values()) {
            if (basis.word().equals(word)) {
                return Optional.of(basis);
            }
        }
        return Optional.empty();
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
