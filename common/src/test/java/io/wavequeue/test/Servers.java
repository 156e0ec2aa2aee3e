package io.wavequeue.test;

import static java.lang.System.Logger.Level.INFO;

import org.testcontainers.DockerClientFactory;

/** The switch, and the servers of this JVM. */
public final class Servers {
    private static final System.Logger LOG = System.getLogger(Servers.class.getName());
    private static final String SWITCH = "WAVEQUEUE_TEST_SERVERS";

    private Servers() {}

    /** A PostgreSQL that is started when it is first asked for. */
    public static TestPostgres postgres() {
        return PostgresHolder.SERVER;
    }

    /** A Kafka that is started when it is first asked for. */
    public static TestKafka kafka() {
        return KafkaHolder.SERVER;
    }

    /** Which side of the switch this JVM is on. */
    public static boolean isDocker() {
        return SideHolder.DOCKER;
    }

    private static boolean decide() {
        boolean docker = isDockerWanted();
        LOG.log(INFO, "PostgreSQL and Kafka for the tests are {0}", docker ? "containers" : "embedded servers");
        return docker;
    }

    private static boolean isDockerWanted() {
        String wanted = System.getenv().getOrDefault(SWITCH, "auto");
        return switch (wanted) {
            case "docker" -> true;
            case "embedded" -> false;
            case "auto" -> DockerClientFactory.instance().isDockerAvailable();
            default ->
                throw new IllegalArgumentException(SWITCH + " is \"" + wanted + "\"; it is docker, embedded or auto");
        };
    }

    private static final class SideHolder {
        static final boolean DOCKER = decide();
    }

    private static final class PostgresHolder {
        static final TestPostgres SERVER = TestPostgres.start(isDocker());
    }

    private static final class KafkaHolder {
        static final TestKafka SERVER = TestKafka.start(isDocker());
    }
}
