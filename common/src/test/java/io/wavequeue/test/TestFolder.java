package io.wavequeue.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder that is gone when the JVM ends. */
final class TestFolder {
    private TestFolder() {}

    static Path create(String name) {
        try {
            return Files.createTempDirectory("wavequeue-" + name);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException gone) {
            // It is a temporary folder: what is left is the system's to remove.
        }
    }
}
