package io.wavequeue.letters;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.admission.InputKeys;
import io.wavequeue.job.Lane;
import io.wavequeue.message.Topics;
import io.wavequeue.store.LettersChoice.Meant;
import io.wavequeue.store.view.JobFilter;
import io.wavequeue.test.TopicReader;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Letters of jobs that a Wavequeue sent to its workers, and whose database does not have them: they may have been paid. */
class UnknownJobLettersIT extends LetterTopic {
    private static final String RAIN = "{\"prompt\":\"rain\"}";

    private int offset;

    UnknownJobLettersIT() {
        super(2);
    }

    /** Under a key of its own, as a worker puts it aside. */
    private String putUnknown(UUID id, String input, int attempt, Instant producedAt) {
        String key = "%s-0-%d".formatted(Topics.of(Lane.BULK), at(0).getEpochSecond() + ++offset);
        String record =
                "{\"id\":\"%s\",\"model\":\"%s\",\"input\":%s,\"attempt\":%d}".formatted(id, MUSIC, input, attempt);
        put(
                key,
                letter(record, "unknown_job").replace("\"produced_at\":\"" + at(1), "\"produced_at\":\"" + producedAt));
        return key;
    }

    @Test
    void shouldPreferTheJobsOwnLetterAndRemoveTheOther() throws Exception {
        UUID id = UUID.randomUUID();
        putFailed(id, MUSIC, RAIN, "[" + attempt(1, "failed", "p-51", at(2), "null") + "]", at(3));
        String key = putUnknown(id, RAIN, 1, at(1));

        assertThat(items(replay(thisHour()))).containsExactly(id.toString());
        assertThat(store.text("select concat_ws('|', error_class, attempt, tries_from, reference) from job"))
                .isEqualTo("provider_error|2|0|cue-1");
        assertThat(store.text("select charged_usd from attempt")).isEqualTo("0.021700");
        assertThat(records(key).getLast().value()).isNull();
        assertThat(records(id.toString())).singleElement().satisfies(own -> assertThat(own.value())
                .isNotNull());
    }

    /** A failed job is sent again only when it is replayed: the record tells with which input, and that nobody knows the end. */
    @Test
    void shouldTakeWhatWasAskedForLastFromARecordThatWasSentAfterTheJobFailed() throws Exception {
        UUID id = UUID.randomUUID();
        putFailed(id, MUSIC, RAIN, "[" + attempt(1, "failed", "p-53", at(2), "null") + "]", at(3));
        String corrected = "{\"prompt\":\"rain\",\"duration\":12}";
        putUnknown(id, RAIN, 1, at(1));
        putUnknown(id, corrected, 3, at(4));
        made(MUSIC, "replayed", at(5), new InputKeys(catalogue, MUSIC).ofOurs(corrected), null);

        assertThat(items(replay(thisHour()))).containsExactly(id + " provider_has_it");
        assertThat(store.text("select concat_ws('|', error_class, attempt, tries_from, j.reference, input)"
                        + " from job j join job_payload p on p.job_id = j.id"))
                .isEqualTo("unknown_job|3|3|cue-1|" + corrected);
        assertThat(store.text("select charged_usd from attempt")).isEqualTo("0.021700");
    }

    /** The tombstone says that it was replayed; the record that was read again is that of the replay. */
    @Test
    void shouldBringBackAReplayThatNobodyKnowsTheEndOf() throws Exception {
        UUID id = UUID.randomUUID();
        putFailed(id, MUSIC, RAIN, "[" + attempt(1, "failed", "p-52", at(2), "null") + "]", at(3));
        put(id.toString(), null);
        String key = putUnknown(id, RAIN, 1, at(4));

        assertThat(items(replay(thisHour()))).containsExactly(id.toString());
        assertThat(store.text("select concat_ws('|', error_class, attempt, tries_from) from job"))
                .isEqualTo("unknown_job|1|1");
        assertThat(records(key).getLast().value()).isNull();

        publish();
        assertThat(TopicReader.text(records(id.toString()).getLast().value()))
                .as("from then on its letter is its own")
                .startsWith("{\"id\":\"" + id);
    }

    /** Of one that was cut nothing can be made, but whose it is can be told. */
    @Test
    void shouldTellWhoseACutRecordIs() throws Exception {
        UUID id = putFailed(RAIN, at(2));
        String cut = letter("{\"id\":\"" + id + "\",\"model\":\"" + MUSIC + "\",\"input\":{\"pro", "unknown_job")
                .replace("\"truncated\":false", "\"truncated\":true");
        put("cut-1", cut);
        put("cut-2", cut.replace(id.toString(), UUID.randomUUID().toString()));

        replay(thisHour());

        assertThat(records("cut-1").getLast().value()).isNull();
        assertThat(store.texts("select key || ' ' || reason from replay_refusal"))
                .containsExactly("cut-2 input_missing");
    }

    /** Of what was sent so long ago the provider tells nothing any more, be it made or not. */
    @Test
    void shouldNotBuyWhatWasSentBeforeTheHistoryBegins() throws Exception {
        UUID old = UUID.randomUUID();
        putUnknown(old, RAIN, 1, Instant.now().minus(Duration.ofDays(8)));
        UUID recent = UUID.randomUUID();
        putUnknown(recent, RAIN, 1, Instant.now().minus(Duration.ofDays(6)));

        assertThat(items(replay(thisHour()))).containsExactlyInAnyOrder(old + " history_unread", recent.toString());
        assertThat(store.text("select evidence_message from restored_job where evidence is not null"))
                .matches("it may have been made since 20.*Z, and the provider's history does not reach that far back");
    }

    @Test
    void shouldLetGoWhatFailedBeforeTheHistoryBegins() throws Exception {
        Instant weekAgo = at(3).minus(Duration.ofDays(8));
        UUID failed = putFailed(RAIN, weekAgo);

        assertThat(items(replay(new Meant(weekAgo, weekAgo.plusSeconds(1), JobFilter.ALL))))
                .containsExactly(failed.toString());
    }

    /** What was put aside by a database that is lost as well: the letter of its row does not tell when the record was sent. */
    @Test
    void shouldDoubtAnUnknownJobFromItsBeginningOnWhenTheDatabaseIsLostAgain() throws Exception {
        UUID told = new UUID(
                (at(0).toEpochMilli() << 16) | 0x7000L, UUID.randomUUID().getLeastSignificantBits());
        putUnknown(told, RAIN, 1, at(1));
        UUID untold = UUID.randomUUID();
        putUnknown(untold, "{\"prompt\":\"wind\"}", 1, at(1));
        replay(thisHour());
        publish();
        store.execute("truncate job cascade");
        made(MUSIC, "meanwhile", at(1).plusSeconds(30), new InputKeys(catalogue, MUSIC).ofOurs(RAIN), null);

        assertThat(items(replay(thisHour())))
                .containsExactlyInAnyOrder(told + " provider_has_it", untold + " history_unread");
    }
}
