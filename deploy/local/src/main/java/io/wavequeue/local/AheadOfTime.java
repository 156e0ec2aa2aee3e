package io.wavequeue.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How a packaged Quarkus program is run: with the ahead-of-time cache that lies beside it (JEP 483, 514, 515), where there is
 * one; in training it is written when the program ends.
 *
 * <p>A cache of another build or JDK is passed over by the JVM, with a warning. A build removes it.
 */
enum AheadOfTime {
    USED {
        @Override
        List<String> options(Path cache) {
            return Files.isRegularFile(cache) ? List.of("-XX:AOTCache=" + cache) : List.of();
        }

        @Override
        Duration endsLater() {
            return Duration.ZERO;
        }
    },
    TRAINED {
        @Override
        List<String> options(Path cache) {
            return List.of("-XX:AOTCacheOutput=" + cache + NEW);
        }

        @Override
        Duration endsLater() {
            return Duration.ofSeconds(90);
        }
    };

    /** Until it is whole, and named by the script. */
    private static final String NEW = ".new";

    static final String TRAINING = "WAVEQUEUE_TRAINING";

    static AheadOfTime of(Map<String, String> environment) {
        return environment.getOrDefault(TRAINING, "").isBlank() ? USED : TRAINED;
    }

    /** The JVM's arguments from here on. */
    List<String> run(Path jar) {
        return Stream.concat(options(jar.resolveSibling("app.aot")).stream(), Stream.of("-jar", jar.toString()))
                .toList();
    }

    abstract List<String> options(Path cache);

    /** How much longer than usual it may take to end. */
    abstract Duration endsLater();
}
