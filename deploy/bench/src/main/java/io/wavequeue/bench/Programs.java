package io.wavequeue.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Built programs, each started in a JVM of its own that inherits stderr. */
final class Programs {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OPTIONS = List.of(
            "-Xmx512m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    private static final List<String> SIMULATOR_OPTIONS = OPTIONS.subList(0, 3);

    private final Path home;

    /** @param home the repository's folder */
    Programs(Path home) {
        this.home = home;
    }

    /** The simulator, in memory; it is ready when it has said so, in its first line. */
    Process simulator(List<String> words) throws IOException {
        Path target = home.resolve("deploy/simulator/target");
        return start(
                SIMULATOR_OPTIONS, List.of(target + "/*", target + "/lib/*"), "io.wavequeue.simulator.Main", words);
    }

    /**
     * Runs a program among the worker's tests, which sees what is not public there, with the worker's heap.
     *
     * @param line is told each line of JSON that it prints
     * @throws BenchFailedException when it ends with anything but 0
     */
    void workerTests(String main, List<String> words, Consumer<JsonNode> line)
            throws IOException, InterruptedException {
        run(jars(home.resolve("worker/target"), "worker"), main, words, line);
    }

    /** The same among the tests of common; the embedded servers are there too. */
    void commonTests(String main, List<String> words, Consumer<JsonNode> line)
            throws IOException, InterruptedException {
        Path local = home.resolve("deploy/local/target");
        List<String> jars = new ArrayList<>(jars(home.resolve("common/target"), "common"));
        jars.add(local + "/*");
        jars.add(local + "/lib/*");
        run(jars, main, words, line);
    }

    private void run(List<String> jars, String main, List<String> words, Consumer<JsonNode> line)
            throws IOException, InterruptedException {
        Path application = home.resolve("worker/target/quarkus-app");
        List<String> classPath = new ArrayList<>(jars);
        classPath.add(application + "/quarkus/*");
        classPath.add(application + "/lib/main/*");
        classPath.add(application + "/lib/boot/*");
        Process process = start(OPTIONS, classPath, main, words);
        try (BufferedReader out = process.inputReader()) {
            for (String text = out.readLine(); text != null; text = out.readLine()) {
                line.accept(JSON.readTree(text));
            }
            if (process.waitFor() != 0) {
                throw new BenchFailedException(main + " ended with " + process.exitValue());
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> jars(Path target, String module) throws IOException {
        try (var files = Files.newDirectoryStream(target, module + "-*.jar")) {
            List<String> jars = new ArrayList<>();
            files.forEach(jar -> jars.add(jar.toString()));
            if (jars.stream().noneMatch(jar -> jar.endsWith("-tests.jar"))) {
                throw new BenchFailedException(
                        "%s holds no %s-…-tests.jar: build with mvn -DskipTests package".formatted(target, module));
            }
            return jars;
        }
    }

    private static Process start(List<String> options, List<String> classPath, String main, List<String> words)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), main));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeIf(name -> name.startsWith("WAVE"));
        return builder.start();
    }
}
