package io.wavequeue.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.Lane;
import io.wavequeue.message.JobRecords.ReadRecord;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.DispatchStore.DueJob;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobRecordsTest {
    private static final UUID OURS = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final UUID JOB = UUID.fromString("00000000-0000-7000-8000-0000000000aa");

    private final JobRecords records = new JobRecords(OURS);

    private static ConsumerRecord<byte[], byte[]> record(
            String value, String installation, String schema, String dispatch) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", 0, 0, new byte[0], bytes(value));
        record.headers().add(JobHeaders.INSTALLATION, bytes(installation));
        record.headers().add(JobHeaders.SCHEMA, bytes(schema));
        record.headers().add(JobHeaders.DISPATCH, bytes(dispatch));
        return record;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldWriteTheWholeRequestAndReadItBack() {
        DueJob job = new DueJob(
                JOB, "m", Lane.BULK, 3, 2, 5, "{\"guidance_scale\":1.50}", "{\"a\":\"b\"}", "cue \"7\"", OURS);

        String value = new String(JobSender.value(job), StandardCharsets.UTF_8);

        assertThat(value)
                .isEqualTo("{\"id\":\"" + JOB + "\",\"model\":\"m\",\"input\":{\"guidance_scale\":1.50},"
                        + "\"reference\":\"cue \\\"7\\\"\",\"batch_id\":\"" + OURS
                        + "\",\"labels\":{\"a\":\"b\"},\"attempt\":2}");
        assertThat(records.read(record(value, OURS.toString(), "1", "5")))
                .isEqualTo(new ReadRecord.Ours(new Candidate(JOB, 2, 5)));
    }

    @ParameterizedTest
    @CsvSource({"1, ',\"max_attempts\":1'", "3, ''", "10, ',\"max_attempts\":10'"})
    void shouldWriteHowOftenItMayBeTriedWhenThatIsNotAsUsual(int maxAttempts, String written) {
        DueJob job = new DueJob(JOB, "m", Lane.BULK, maxAttempts, 2, 5, "{}", "{}", null, null);

        String value = new String(JobSender.value(job), StandardCharsets.UTF_8);

        assertThat(value)
                .isEqualTo("{\"id\":\"" + JOB + "\",\"model\":\"m\",\"input\":{}" + written + ",\"attempt\":2}");
        assertThat(records.read(record(value, OURS.toString(), "1", "5")))
                .isEqualTo(new ReadRecord.Ours(new Candidate(JOB, 2, 5)));
    }

    @Test
    void shouldTellForeignNewerAndEmptyRecords() {
        assertThat(records.read(new ConsumerRecord<>("t", 0, 0, new byte[0], bytes("{}"))))
                .isInstanceOf(ReadRecord.Foreign.class);
        assertThat(records.read(record("{}", OURS.toString(), "2", "1"))).isEqualTo(new ReadRecord.Newer(2));
        assertThat(records.read(new ConsumerRecord<>("t", 0, 0, new byte[0], null)))
                .isInstanceOf(ReadRecord.Bad.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000-0000-7000-8000-000000000002", "no id at all", ""})
    void shouldTellThatAnotherInstallationSentItWhateverItsForm(String sender) {
        assertThat(records.read(record("{\"id\":\"" + JOB + "\",\"attempt\":1}", sender, "99", "x")))
                .isEqualTo(new ReadRecord.Others(JOB));
        assertThat(records.read(record("{\"model\":\"m\"}", sender, "1", "1"))).isInstanceOf(ReadRecord.Bad.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"id\":7}", "{\"id\":\"no uuid\"}", "{\"id\":", "\u0000"})
    void shouldNeverThrowForWhatCannotBeRead(String value) {
        assertThat(records.read(record(value, OURS.toString(), "1", "1"))).isInstanceOf(ReadRecord.Bad.class);
        assertThat(records.read(record(value, OURS.toString(), "x", "1"))).isInstanceOf(ReadRecord.Bad.class);
    }

    @Test
    void shouldKeepNoLongName() {
        String value = "{\"%s\":1,\"id\":\"" + JOB + "\"}";

        assertThat(records.read(record(value.formatted("n".repeat(1_000)), OURS.toString(), "1", "1")))
                .isInstanceOf(ReadRecord.Ours.class);
        assertThat(records.read(record(value.formatted("n".repeat(1_004)), OURS.toString(), "1", "1")))
                .isInstanceOf(ReadRecord.Bad.class);
    }
}
