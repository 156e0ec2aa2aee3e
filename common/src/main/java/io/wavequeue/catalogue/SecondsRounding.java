package io.wavequeue.catalogue;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** How the provider counts a part of a second. */
public enum SecondsRounding {
    /** Exactly: half a second costs half. */
    NONE,
    /** A second that was begun is a whole one, once per run. */
    CEIL;

    BigDecimal apply(BigDecimal seconds) {
        return switch (this) {
            case NONE -> seconds;
            case CEIL -> seconds.setScale(0, RoundingMode.CEILING);
        };
    }
}
