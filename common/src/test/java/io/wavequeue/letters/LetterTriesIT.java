package io.wavequeue.letters;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.Lane;
import io.wavequeue.test.TopicReader;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How often a job may be tried, and so be charged, is what was asked for: without its database as with it. */
class LetterTriesIT extends LetterTopic {
    private static final String TOLD = "\"max_attempts\":";

    LetterTriesIT() {
        super(5);
    }

    /** A failed job of this database, whose letter is on the topic. */
    private UUID failedHere(String model, int maxAttempts) {
        UUID id = UUID.randomUUID();
        store.execute(
                "insert into job (id, model, lane, max_attempts, attempt, status, settled_at, error_class, error_message,"
                        + " error_retryable) values ('%s', '%s', 'bulk', %d, 1, 'failed', '%s', 'provider_error', 'it broke', true)"
                                .formatted(id, model, maxAttempts, at(4)));
        store.execute("insert into job_payload (job_id, input) values ('" + id + "', '{\"prompt\":\"rain\"}')");
        publish();
        return id;
    }

    /** A letter of another installation, with such further fields, and a comma behind each. */
    private UUID putWith(String fields, Instant failedAt) {
        UUID id = UUID.randomUUID();
        putOfAnother(id, Lane.BULK, """
                {"id":"%s","model":"%s","input":{"prompt":"rain"},%s"attempt":1,\
                "error":{"class":"provider_error","message":"it broke","retryable":true},"attempts":[],"failed_at":"%s"}""".formatted(id, MUSIC, fields, failedAt));
        return id;
    }

    /** As a worker puts a record aside whose job it does not know, with such further fields of the record. */
    private void putUnknown(UUID id, String fields) {
        String record = "{\"id\":\"%s\",\"model\":\"%s\",\"input\":{\"prompt\":\"rain\"},%s\"attempt\":1}"
                .formatted(id, MUSIC, fields);
        put("unknown-" + id, letter(record, "unknown_job"));
    }

    private String lastLetter(UUID id) {
        return TopicReader.text(records(id.toString()).getLast().value());
    }

    @ParameterizedTest
    @CsvSource({MUSIC + ", 1, true", MUSIC + ", 3, false", MUSIC + ", 10, true", "gone/model, 1, true"})
    void shouldBeInTheRowAgainAndInTheLetterThatTheRowWrites(String model, int maxAttempts, boolean isTold)
            throws Exception {
        UUID id = failedHere(model, maxAttempts);
        String letter = lastLetter(id);
        assertThat(letter.contains(TOLD)).as(letter).isEqualTo(isTold);
        store.execute("truncate job cascade");

        assertThat(items(replay(thisHour()))).containsExactly(id.toString());

        assertThat(store.text("select concat_ws('|', max_attempts, attempt, tries_from) from job"))
                .isEqualTo(maxAttempts + "|1|0");
        publish();
        assertThat(records(id.toString())).hasSize(2);
        assertThat(lastLetter(id)).isEqualTo(letter);
    }

    /** And in the letter of its row, when this database is lost as well. */
    @Test
    void shouldBeThoseOfARecordThatWasPutAside() throws Exception {
        UUID id = UUID.randomUUID();
        putUnknown(id, TOLD + "1,");

        assertThat(items(replay(thisHour()))).containsExactly(id.toString());
        assertThat(store.text("select concat_ws('|', error_class, max_attempts, attempt, tries_from) from job"))
                .isEqualTo("unknown_job|1|1|1");
        publish();
        assertThat(lastLetter(id)).contains(TOLD + "1,\"attempt\":1,");
        store.execute("truncate job cascade");

        replay(thisHour());

        assertThat(store.text("select max_attempts from job")).isEqualTo("1");
    }

    /** The other was written by a version that did not tell them. */
    @ParameterizedTest
    @CsvSource({"true, true, 1", "true, false, 1", "false, true, 1", "false, false, 3"})
    void shouldBeThoseOfTheLetterOrOfTheRecordThatWasSentSince(boolean letter, boolean record, int maxAttempts)
            throws Exception {
        UUID id = putWith(letter ? TOLD + "1," : "", at(0));
        putUnknown(id, record ? TOLD + "1," : "");

        replay(thisHour());

        assertThat(store.text("select concat_ws('|', error_class, max_attempts) from job"))
                .isEqualTo("unknown_job|" + maxAttempts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "11", "2.5", "\"1\""})
    void shouldBeRefusedWhenNobodyCouldHaveAskedForThem(String told) throws Exception {
        putWith(TOLD + told + ",", at(3));
        putUnknown(UUID.randomUUID(), TOLD + told + ",");
        put(
                "team-a/" + UUID.randomUUID(),
                "{\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":\"rain\"}," + TOLD + told + "}");

        assertThat(items(replay(thisHour()))).isEmpty();

        String refused = "record_invalid|max_attempts: " + told + " is not allowed; it must be an integer from 1 to 10";
        assertThat(store.texts("select reason || '|' || message from replay_refusal"))
                .containsExactly(refused, refused, refused);
        assertThat(store.texts("select id from job")).isEmpty();
    }
}
