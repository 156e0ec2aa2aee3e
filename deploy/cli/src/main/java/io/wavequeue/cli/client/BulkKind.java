package io.wavequeue.cli.client;

/** What is done to many jobs as one thing. */
public enum BulkKind {
    /** Failed jobs go again. */
    REPLAY("replay", "replays", "replayed"),

    /** Jobs are ended for good. */
    CANCELLATION("cancellation", "cancellations", "cancelled"),

    /** Jobs wait until a person lets them go. */
    HOLD("hold", "holds", "held"),

    /** Jobs that a person holds are let go. */
    RELEASE("release", "releases", "released"),

    /** Submits in doubt are decided about. */
    RESOLUTION("resolution", "resolutions", "resolved");

    private final String word;
    private final String words;
    private final String done;

    BulkKind(String word, String words, String done) {
        this.word = word;
        this.words = words;
        this.done = done;
    }

    /** One of them, as events and people call it. */
    public String word() {
        return word;
    }

    /** Many of them, as the API's path and the command's word are. */
    public String words() {
        return words;
    }

    /** What a job is afterwards, as the API's count is called. */
    public String done() {
        return done;
    }
}
