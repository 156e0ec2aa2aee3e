package io.wavequeue.worker.schedules;

/** Errors that are planted to show that the schedules find them. */
enum Bug {
    /** A row is changed whoever holds it. */
    FENCE_IGNORED,
    /** A row is changed whatever its state. */
    STATUS_IGNORED,
    /** Two attempts may have one prediction. */
    PREDICTION_TWICE,
    /** A POST starts however long ago its claim and its heartbeat were. */
    NO_GATE,
    /** Absence counts while the history may still lag. */
    NO_LAG,
    /** Absence counts as soon as the POST cannot start any more, though it may be on its way. */
    NO_SUBMIT_TIMEOUT,
    /** The two clocks are compared however far apart they were read. */
    CLOCKS_APART,
    /** Submits are judged that somebody else has settled since they were read. */
    STALE_DOUBTS,
    /** What the provider answered with 5xx counts as refused. */
    SERVER_ERROR_IS_REFUSAL,
    /** A broken connection counts as not sent. */
    BROKEN_IS_NOT_SENT,
    /** A worker is dead after two seconds of silence. */
    DEAD_TOO_SOON,
    /** A lost reply to a commit counts as taken over. */
    LOST_REPLY_IS_TAKEN_OVER,
    /** Records claim whatever their dispatch number, and a claim's state is not looked at. */
    OLD_RECORDS_CLAIM,
    /** A cancel ends a job whose submit is uncertain, for ever in flight. */
    CANCEL_ENDS_UNCERTAIN,
    /** A claim looks at no limit. */
    NO_PERMITS
}
