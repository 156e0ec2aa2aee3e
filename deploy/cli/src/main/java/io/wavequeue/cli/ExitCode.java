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

    /** The manifest, its side file or its clips have faults; nothing was enqueued. */
    public static final int INVALID = 5;

    /** {@code plan --exit-code}: there is something to do. */
    public static final int CHANGES = 6;

    /** The plan would come out differently by now; nothing was enqueued. */
    public static final int OUTDATED = 7;

    /** The lock file has takes that the API does not know, and they would be bought again; nothing was enqueued. */
    public static final int LOCKED = 8;

    /** The person did not agree, or could not be asked; nothing was enqueued or changed. */
    public static final int NOT_CONFIRMED = 9;

    /** What is left waits for a person: it is held or paused, a guard left it alone, or it was named and left alone. */
    public static final int HELD = 10;

    /** A file of this machine cannot be read or written. */
    public static final int FILE = 11;

    /** A fault of this program. */
    public static final int INTERNAL = 70;

    /** Ended by the user. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
