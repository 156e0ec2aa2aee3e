package io.wavequeue.message;

/** Names of the headers of our own job records. Other services need none of them. */
public final class JobHeaders {
    /** Version of the record's form, a decimal number. */
    public static final String SCHEMA = "wavequeue-schema";

    /** Number of the dispatch, a decimal number: an older record claims nothing. */
    public static final String DISPATCH = "wavequeue-dispatch";

    /** Id of the installation that sent it, a UUID. */
    public static final String INSTALLATION = "wavequeue-installation";

    /** On a dead letter only: the lane that the job was in. */
    public static final String LANE = "wavequeue-lane";

    /** The form that this version writes, and the highest that it reads. */
    public static final int SCHEMA_VERSION = 1;

    private JobHeaders() {}
}
