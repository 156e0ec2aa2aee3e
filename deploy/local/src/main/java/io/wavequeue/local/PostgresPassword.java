package io.wavequeue.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The database's password: made once, readable by the owner alone, since every user of a machine reaches its loopback. */
final class PostgresPassword {
    private static final int BYTES = 16;

    private PostgresPassword() {}

    static Path file(Path folder) {
        return folder.resolve("password");
    }

    static String of(Path folder) throws IOException {
        Files.createDirectories(folder);
        var file = file(folder);
        if (!Files.exists(file)) {
            var bytes = new byte[BYTES];
            new SecureRandom().nextBytes(bytes);
            var draft = Files.createTempFile(
                    folder,
                    "password",
                    null,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, HexFormat.of().formatHex(bytes) + "\n");
            Files.move(draft, file);
        }
        return Files.readString(file).strip();
    }
}
