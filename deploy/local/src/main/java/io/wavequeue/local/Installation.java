package io.wavequeue.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The repository's folder with its built programs; the launcher script names it in {@code wavequeue.home}. */
record Installation(Path home) {
    private static final String HOME = "wavequeue.home";

    static Installation ofSystemProperty() throws CannotStartException {
        var home = System.getProperty(HOME);
        if (home == null) {
            throw new CannotStartException("The system property " + HOME + " does not name the repository's folder.");
        }
        return new Installation(Path.of(home).toAbsolutePath().normalize());
    }

    Path api() throws CannotStartException {
        return built(home.resolve("api/target/quarkus-app/quarkus-run.jar"));
    }

    Path worker() throws CannotStartException {
        return built(home.resolve("worker/target/quarkus-app/quarkus-run.jar"));
    }

    String simulatorClassPath() throws CannotStartException {
        return classPath("simulator");
    }

    String cliClassPath() throws CannotStartException {
        return classPath("cli");
    }

    private String classPath(String module) throws CannotStartException {
        var target = home.resolve("deploy").resolve(module).resolve("target");
        return jars(target, module + "-*.jar") + File.pathSeparator + target.resolve("lib") + File.separator + "*";
    }

    private static String jars(Path target, String pattern) throws CannotStartException {
        var found = "";
        if (Files.isDirectory(target)) {
            try (var jars = Files.newDirectoryStream(target, pattern)) {
                found = StreamSupport.stream(jars.spliterator(), false)
                        .map(Path::toString)
                        .sorted()
                        .collect(Collectors.joining(File.pathSeparator));
            } catch (IOException e) {
                throw new CannotStartException(target + " cannot be read: " + e.getMessage());
            }
        }
        if (found.isEmpty()) {
            throw notBuilt(target.resolve(pattern));
        }
        return found;
    }

    private static Path built(Path program) throws CannotStartException {
        if (!Files.isRegularFile(program)) {
            throw notBuilt(program);
        }
        return program;
    }

    private static CannotStartException notBuilt(Path program) {
        return new CannotStartException(program + " is not there: build the project first (./wavequeue does it).");
    }
}
