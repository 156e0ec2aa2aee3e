package io.wavequeue.cli.demo;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds archived files. The API names them within the data folder's {@code outputs}, or with their whole path.
 *
 * @param data the data folder of the installation
 * @param working the folder in which the command was called; paths are shown from there
 */
record OutputFiles(Path data, Path working) {

    OutputFiles {
        working = working.toAbsolutePath().normalize();
        data = working.resolve(data).normalize();
    }

    /** Where the file lies; it need not exist. */
    Path locate(String file) {
        Path named = Path.of(file);
        if (named.isAbsolute()) {
            return named;
        }
        Path inOutputs = data.resolve("outputs").resolve(named);
        Path inData = data.resolve(named);
        return !Files.exists(inOutputs) && Files.exists(inData) ? inData : inOutputs;
    }

    /** The path as a person in the working folder would type it. */
    String shown(String file) {
        Path path = locate(file).normalize();
        return path.startsWith(working) ? working.relativize(path).toString() : path.toString();
    }
}
