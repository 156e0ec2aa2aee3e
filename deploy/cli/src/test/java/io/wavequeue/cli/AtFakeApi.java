package io.wavequeue.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that call the command in a folder of their own, against an API that answers as they say. */
abstract class AtFakeApi {

    @TempDir
    Path folder;

    FakeApi api;
    Shell shell;

    @BeforeEach
    void startApi() throws IOException {
        api = new FakeApi(FakeJob.Archive.in(folder));
        shell = new Shell(folder);
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    /** The exit code. */
    int run(String... args) {
        return shell.runAt(api, args);
    }
}
