package io.wavequeue.job;

import java.util.Locale;

/** How the provider's bill can differ from what we know. */
public enum DifferenceKind {
    /** One prediction of ours was charged more than once, and the excess is not back. */
    CHARGED_TWICE,
    /** A prediction that we do not know, while an attempt of its model and time has none: it may be that attempt's. */
    CHARGED_WITHOUT_JOB,
    /** A prediction that we do not know, and no attempt that could have made it. */
    NOT_OURS,
    /** A prediction of ours was charged at another price than was expected at its claim. */
    OTHER_PRICE,
    /** A failed attempt was charged and the money is not back in time. */
    REFUND_MISSING;

    /** The name in the database and in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
