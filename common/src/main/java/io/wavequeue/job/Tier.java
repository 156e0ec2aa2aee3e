package io.wavequeue.job;

import io.wavequeue.job.Account.Limits;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The provider's account levels, the stricter of its two published tables (audio is named in neither). */
public enum Tier {
    BRONZE(2, 2),
    SILVER(500, 300),
    GOLD(3_000, 3_000),
    ULTRA(5_000, 10_000);

    private final int submitsPerMinute;
    private final int maxInFlight;

    Tier(int submitsPerMinute, int maxInFlight) {
        this.submitsPerMinute = submitsPerMinute;
        this.maxInFlight = maxInFlight;
    }

    /** The tier of that lower-case name. */
    public static Optional<Tier> of(String code) {
        return Arrays.stream(values()).filter(tier -> tier.code().equals(code)).findFirst();
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Limits limits() {
        return new Limits(code(), submitsPerMinute, maxInFlight);
    }
}
