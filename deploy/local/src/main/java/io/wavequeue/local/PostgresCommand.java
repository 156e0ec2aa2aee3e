package io.wavequeue.local;

import com.sun.security.auth.module.UnixSystem;
import io.wavequeue.local.supervise.LogFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs one of PostgreSQL's own programs to its end; what it says goes to the server's log. */
record PostgresCommand(Path programs, LogFile log) {
    private static final long ROOT = 0;
    private static final String ROOT_REFUSED = "it does not run as root, and this machine gives root no user namespace:"
            + " run wavequeue as an ordinary user, or set DATABASE_URL to a server of your own";

    /** As root PostgreSQL refuses to run; in a user namespace of its own it is nobody, with the same files. */
    private static final List<String> AS_NOBODY = List.of("unshare", "-U");

    /** Fails with a sentence for a person where PostgreSQL could not run at all. */
    static void requireUser() throws IOException, InterruptedException {
        if (!isRoot()) {
            return;
        }
        int code;
        try {
            code = new ProcessBuilder("unshare", "-U", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IOException(ROOT_REFUSED, e);
        }
        if (code != 0) {
            throw new IOException(ROOT_REFUSED);
        }
    }

    void run(String program, List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        if (isRoot()) {
            command.addAll(AS_NOBODY);
        }
        command.add(programs.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.path().toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        int code = builder.start().waitFor();
        if (code != 0) {
            throw new IOException(program + " ended with exit code " + code);
        }
    }

    private static boolean isRoot() {
        return new UnixSystem().getUid() == ROOT;
    }
}
