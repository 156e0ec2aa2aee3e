package io.wavequeue.worker.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of the consumers whose defaults others fell over. */
class ConsumerSettingsTest {
    private final Properties settings = new Properties();

    @BeforeEach
    void read() throws IOException {
        try (InputStream file = getClass().getResourceAsStream("/application.properties")) {
            settings.load(file);
        }
    }

    private String of(String lane, String setting) {
        return settings.getProperty("mp.messaging.incoming.jobs-" + lane + "." + setting);
    }

    /** The default, throttled, calls the channel dead when a record waits for a minute (quarkus #22561, #37572). */
    @ParameterizedTest
    @ValueSource(strings = {"interactive", "bulk"})
    void shouldNotBeCalledDeadWhileARecordWaitsForTheDatabase(String lane) {
        assertThat(of(lane, "commit-strategy")).isEqualTo("latest");
        assertThat(of(lane, "throttled.unprocessed-record-max-age.ms")).isNull();
    }

    /** The default, fail, stops the channel at the first exception; delayed retries grow with what waits (smallrye #3313). */
    @ParameterizedTest
    @ValueSource(strings = {"interactive", "bulk"})
    void shouldNeitherStopNorRetryByTopicWhenABatchFails(String lane) {
        assertThat(of(lane, "failure-strategy")).isEqualTo("ignore");
        assertThat(of(lane, "batch")).isEqualTo("true");
    }

    /** Without it a blocked consumer goes on taking records into the heap: 561,000 of them, when it was measured. */
    @ParameterizedTest
    @ValueSource(strings = {"interactive", "bulk"})
    void shouldTakeOneBatchAtATime(String lane) {
        assertThat(settings.getProperty("smallrye.messaging.worker." + lane + ".max-concurrency"))
                .isEqualTo("1");
        assertThat(Integer.parseInt(of(lane, "max.poll.records"))).isLessThanOrEqualTo(500);
    }

    /** Kafka's default is 45 s, in which a dead worker's records wait; a poll time-out of 1 s is waited at each hand-over. */
    @ParameterizedTest
    @ValueSource(strings = {"interactive", "bulk"})
    void shouldHandADeadWorkersRecordsOverSoon(String lane) {
        assertThat(Integer.parseInt(of(lane, "session.timeout.ms"))).isBetween(6_000, 10_000);
        assertThat(Integer.parseInt(of(lane, "poll-timeout"))).isLessThanOrEqualTo(100);
        assertThat(of(lane, "auto.offset.reset")).isEqualTo("earliest");
    }
}
