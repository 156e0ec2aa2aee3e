package io.wavequeue.local;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The class path for a broker in a JVM of its own, made from the one of this JVM, whoever started it: our script, or
 * Surefire for any module (which may hide it in the manifest of a jar, or in a property of its own).
 */
final class KafkaClassPath {
    private static final List<String> PROPERTIES =
            List.of("surefire.real.class.path", "surefire.test.class.path", "java.class.path");
    // What the broker loads; a module's other libraries, SLF4J providers above all, would only be in its way.
    private static final Pattern NEEDED = Pattern.compile(
            "(kafka|scala|slf4j-api|slf4j-simple|log4j|jackson|metrics-core|pcollections|re2j|caffeine|argparse4j|"
                    + "jopt-simple|jose4j|commons-|hash4j|HdrHistogram|lz4|snappy|zstd|opentelemetry-proto|jspecify)"
                    + ".*\\.jar");

    private static final Pattern OWN_JAR = Pattern.compile("local-.*\\.jar");
    private static final String MAIN_CLASS = KafkaServer.class.getName().replace('.', '/') + ".class";

    private KafkaClassPath() {}

    static String find() {
        var entries = Stream.concat(
                        PROPERTIES.stream().map(System::getProperty).map(KafkaClassPath::split),
                        codeSource().stream().map(KafkaClassPath::withLibraries))
                .map(KafkaClassPath::expanded)
                .filter(KafkaClassPath::holdsTheBroker)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the Kafka broker is not on the class path"));
        return entries.stream()
                .filter(entry ->
                        isThisModule(entry) || NEEDED.matcher(fileName(entry)).matches())
                .map(Path::toString)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Optional<Path> codeSource() {
        var source = KafkaClassPath.class.getProtectionDomain().getCodeSource();
        return Optional.ofNullable(source)
                .map(CodeSource::getLocation)
                .filter(location -> "file".equals(location.getProtocol()))
                .map(location -> Path.of(URI.create(location.toString())));
    }

    private static List<Path> withLibraries(Path own) {
        return Stream.concat(Stream.of(own), besides(own).stream()).toList();
    }

    private static List<Path> besides(Path own) {
        var libraries = own.resolveSibling("lib");
        if (!Files.isDirectory(libraries)) {
            return List.of();
        }
        try (var files = Files.list(libraries)) {
            return files.toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<Path> split(@Nullable String classPath) {
        return classPath == null
                ? List.of()
                : Stream.of(classPath.split(File.pathSeparator, -1))
                        .filter(entry -> !entry.isEmpty())
                        .map(Path::of)
                        .toList();
    }

    private static List<Path> expanded(List<Path> entries) {
        var all = new ArrayList<Path>(entries);
        for (var entry : entries) {
            if (entry.toString().endsWith(".jar") && Files.isRegularFile(entry)) {
                all.addAll(namedInManifest(entry));
            }
        }
        return all;
    }

    private static List<Path> namedInManifest(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            var manifest = file.getManifest();
            var value = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return value == null
                    ? List.of()
                    : Stream.of(value.trim().split(" +"))
                            .map(relative -> jar.toUri().resolve(relative))
                            .filter(uri -> "file".equals(uri.getScheme()))
                            .map(Path::of)
                            .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean holdsTheBroker(List<Path> entries) {
        return entries.stream().anyMatch(entry -> fileName(entry).startsWith("kafka_2.13"))
                && entries.stream().anyMatch(KafkaClassPath::isThisModule);
    }

    private static boolean isThisModule(Path entry) {
        return Files.isDirectory(entry)
                ? Files.exists(entry.resolve(MAIN_CLASS))
                : OWN_JAR.matcher(fileName(entry)).matches();
    }

    private static String fileName(Path path) {
        var name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
