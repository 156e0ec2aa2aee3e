package io.wavequeue.cli;

/** What the command's exit code says. Scripts rely on these numbers: a new case gets a new number. */
public final class ExitCode {

    /** Done as asked. */
    public static final int OK = 0;

    /** It ran to its end, and the end is not what it should be. */
    public static final int FAILED = 1;

    /** The command was written wrongly. */
    public static final int USAGE = 2;

    /** Nothing answers at the API's address. */
    public static final int UNREACHABLE = 3;

    /** The API refused the request, or its answer makes no sense. */
    public static final int REFUSED = 4;

    /** A fault of this program. */
    public static final int INTERNAL = 70;

    /** Ended by the user. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
