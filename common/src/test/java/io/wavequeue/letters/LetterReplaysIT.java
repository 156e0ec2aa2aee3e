package io.wavequeue.letters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.admission.InputKeys;
import io.wavequeue.job.Lane;
import io.wavequeue.job.SkipReason;
import io.wavequeue.letters.LetterReplays.Letters;
import io.wavequeue.message.JobHeaders;
import io.wavequeue.store.LettersChoice.Meant;
import io.wavequeue.store.view.JobFilter;
import io.wavequeue.test.TopicReader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What a replay makes of the letters that stand on the topic. */
class LetterReplaysIT extends LetterTopic {
    private static final Set<SkipReason> NOTHING = Set.of();

    LetterReplaysIT() {
        super(3);
    }

    @Test
    void shouldMakeAFailedJobsRowOutOfItsLetterAndTheSameLetterOutOfTheRow() throws Exception {
        UUID id = new UUID((at(0).toEpochMilli() << 16) | 0x7000L, 0x8000_0000_0000_0001L);
        String broke = "{\"class\":\"provider_error\",\"message\":\"it broke\",\"retryable\":true}";
        putFailed(
                id,
                MUSIC,
                "{\"prompt\":\"rain\",\"duration\":1.50}",
                "[" + attempt(1, "failed", "p-1", at(2), broke) + "," + attempt(2, "refused", null, at(3), broke) + "]",
                at(4));

        UUID replay = replay(thisHour());

        assertThat(items(replay)).containsExactly(id.toString());
        assertThat(store.text(
                        "select concat_ws('|', status, model, lane, reference, batch_id, max_attempts, attempt, replays,"
                                + " estimated_usd, reserve_usd, error_class, error_message, error_retryable, to_json(created_at at time zone"
                                + " 'utc')#>>'{}', settled_at = '" + at(4) + "', version > 1000) from job"))
                .isEqualTo("failed|" + MUSIC + "|interactive|cue-1|3|2|0|0.021700|0.021700|provider_error|it broke|t|"
                        + at(0).toString().replace("Z", "") + "|t|t");
        assertThat(store.text("select input || labels::text || model || reference from job_payload"))
                .isEqualTo("{\"prompt\":\"rain\",\"duration\":1.50}{\"team\": \"fx\"}" + MUSIC + "cue-1");
        assertThat(store.texts(
                        "select concat_ws('|', number, status, prediction_id, submitted_at = claimed_at, polls, reserved_usd,"
                                + " charged_usd, error_class) from attempt order by number"))
                .containsExactly(
                        "1|failed|p-1|t|3|0.000000|0.021700|provider_error", "2|refused|t|3|0.000000|provider_error");
        assertThat(store.text("select committed_usd from budget_day where day = '"
                        + at(2).toString().substring(0, 10) + "'"))
                .isEqualTo("0.021700");

        publish();
        List<ConsumerRecord<byte[], byte[]>> letters = records(id.toString());
        assertThat(letters).hasSize(2);
        assertThat(TopicReader.text(letters.get(1).value()))
                .isEqualTo(TopicReader.text(letters.get(0).value()));
        assertThat(items(replay(thisHour()))).as("read again").containsExactly(id.toString());
        assertThat(store.text("select count(*) from job")).isEqualTo("1");
    }

    @Test
    void shouldKeepWhatMayBeChargedAndLookAtWhatMayStillEnd() throws Exception {
        String deadline = "{\"class\":\"provider_timeout\",\"message\":\"late\",\"retryable\":false}";
        UUID id = UUID.randomUUID();
        putFailed(
                id,
                MUSIC,
                "{\"prompt\":\"rain\"}",
                "[" + attempt(1, "completed", "p-11", at(2), "null") + ","
                        + attempt(2, "accepted", "p-12", at(3), "null") + ","
                        + attempt(3, "failed", "p-13", at(3), deadline) + ","
                        + attempt(4, "failed", "p-14", at(3), deadline.replace("false", "true")) + ","
                        + attempt(5, "uncertain", null, at(4), "null") + "]",
                at(5));

        replay(thisHour());

        assertThat(
                        store.texts(
                                "select concat_ws('|', status, prediction_id, reserved_usd, error_class) from attempt order by number"))
                .containsExactly(
                        "failed|p-11|0.000000|provider_timeout",
                        "failed|p-12|0.000000|provider_timeout",
                        "failed|p-13|0.000000|provider_timeout",
                        "failed|p-14|0.000000|provider_timeout",
                        "failed|0.021700|uncertain_submission");
        assertThat(store.text("select attempt from job")).isEqualTo("5");
        assertThat(store.texts("select prediction_id from lookout where ended_at is null order by 1"))
                .as("but not what the provider itself had ended")
                .containsExactly("p-11", "p-12", "p-13");
        assertThat(store.text("select sum(committed_usd) from budget_day")).isEqualTo("0.108500");
    }

    /** A batch, and the letter of a job of it that was charged for. */
    private void putFailedOfABatch(UUID batch) {
        store.execute("insert into batch (id, lane, jobs, estimated_usd, unknown_price) values ('" + batch
                + "', 'bulk', 1, 1, 0)");
        UUID id = UUID.randomUUID();
        String letter = """
                {"id":"%s","model":"%s","input":{"prompt":"rain"},"batch_id":"%s","attempt":1,\
                "error":{"class":"provider_error","message":"it broke","retryable":true},"attempts":[%s],"failed_at":"%s"}""";
        putOfAnother(
                id, Lane.BULK, letter.formatted(id, MUSIC, batch, attempt(1, "failed", "p-41", at(2), "null"), at(3)));
    }

    @Test
    void shouldNotCountAgainWhatAJobCostThatWasRemovedByRule() throws Exception {
        UUID batch = UUID.randomUUID();
        putFailedOfABatch(batch);
        store.execute("update batch set committed_usd = 0.0217");
        store.execute(
                "insert into past_jobs (batch_id, model, day, jobs, succeeded, failed, cancelled, archived, charged_usd, ended_at)"
                        + " values ('" + batch + "', '" + MUSIC + "', timestamptz '" + at(2)
                        + "' at time zone 'utc', 1, 0, 1, 0, 0, 0.0217, now())");

        replay(thisHour());

        assertThat(store.text("select status from job")).isEqualTo("failed");
        assertThat(store.text("select committed_usd from batch")).isEqualTo("0.021700");
        assertThat(store.texts("select committed_usd from budget_day")).isEmpty();
    }

    @Test
    void shouldCountWhatRestoredAttemptsCostWhenTheReplayIsMadeAndNotInADryRun() throws Exception {
        putFailedOfABatch(UUID.randomUUID());

        try (Letters letters = replays.prepare(thisHour(), NOTHING, null)) {
            assertThat(store.tried(
                            letters.choice(),
                            "select concat_ws('|', (select count(*) from attempt), (select count(*) from budget_day),"
                                    + " (select committed_usd from batch))"))
                    .as("nobody's claim waits for it")
                    .isEqualTo("1|0|0.000000");
        }
        replay(thisHour());
        replay(thisHour());

        assertThat(store.texts("select committed_usd from budget_day union all select committed_usd from batch"))
                .as("once")
                .containsExactly("0.021700", "0.021700");
    }

    @Test
    void shouldTakeTheLastOfEachKeyWithinTheTimesAndTheFilterAndLeaveNothingWhenRolledBack() throws Exception {
        UUID replayed = putFailed("{\"prompt\":\"replayed\"}", at(2));
        put(replayed.toString(), null);
        UUID twice = putFailed("{\"prompt\":\"first\"}", at(2));
        putFailed(twice, MUSIC, "{\"prompt\":\"second\"}", "[]", at(3));
        UUID early = putFailed("{\"prompt\":\"early\"}", at(1));
        UUID late = putFailed("{\"prompt\":\"late\"}", at(9));
        UUID other = UUID.randomUUID();
        putFailed(other, "gone/model", "{\"prompt\":\"other\"}", "[]", at(3));
        Meant meant = new Meant(
                at(2),
                at(9),
                JobFilter.builder().model(MUSIC).labels(Map.of("team", "fx")).build());

        try (Letters letters = replays.prepare(meant, NOTHING, null)) {
            assertThat(store.tried(letters.choice(), "select string_agg(input, ' ') from job_payload"))
                    .isEqualTo("{\"prompt\":\"second\"}");
        }
        assertThat(store.texts(
                        "select id from job union all select id from resolution union all select job_id from event"))
                .isEmpty();

        assertThat(items(replay(meant))).containsExactly(twice.toString());
        assertThat(items(replay(thisHour())))
                .containsExactlyInAnyOrder(twice.toString(), early.toString(), late.toString(), other.toString());
        assertThat(store.text("select estimated_usd is null from job where model = 'gone/model'"))
                .as("a job stays one, whatever the catalogue says today")
                .isEqualTo("t");
    }

    @Test
    void shouldAdmitOthersRecordsAndSayWhyNotOfTheRest() throws Exception {
        UUID own = UUID.randomUUID();
        put(
                "team-a/" + own,
                "{\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":\"theirs\"},\"lane\":\"interactive\"}");
        put(
                "team-b/" + own,
                letter(
                        "{\"id\":\"" + own + "\",\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":7}}",
                        "invalid_input"));
        UUID unknown = UUID.randomUUID();
        put(
                unknown.toString(),
                letter(
                        "{\"id\":\"" + unknown + "\",\"model\":\"" + MUSIC
                                + "\",\"input\":{\"prompt\":\"x\"},\"attempt\":1}",
                        "unknown_job"));
        put("bad-1", "{no json");
        put("bad-2", letter("{\"model\":\"no/such\",\"input\":{}}", "invalid_input"));
        put("bad-3", letter("{}", "invalid_input").replace("\"truncated\":false", "\"truncated\":true"));
        put("bad-5", "{\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":\"x\"},\"bogus\":1}");
        put("bad-6", "{\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":\"x\"},\"failed_at\":\"monday\"}");
        put("bad-4", "{\"model\":\"" + MUSIC + "\"}", JobHeaders.SCHEMA, "99");

        UUID replay = replay(thisHour());

        UUID derived =
                UUID.fromString(store.text("select id from job where id not in ('" + own + "', '" + unknown + "')"));
        assertThat(items(replay)).containsExactlyInAnyOrder(own.toString(), unknown.toString(), derived.toString());
        assertThat(
                        store.texts(
                                "select concat_ws('|', lane, error_class, attempt, tries_from, estimated_usd) from job order by 1"))
                .containsExactly(
                        "bulk|unknown_job|1|1|0.021700",
                        "interactive|internal|0|0|0.021700",
                        "interactive|invalid_input|0|0");
        assertThat(store.texts("select concat_ws('|', key, reason, message) from replay_refusal order by number"))
                .satisfiesExactly(
                        refused -> assertThat(refused).startsWith("bad-1|record_invalid|it is not JSON: "),
                        refused -> assertThat(refused).startsWith("bad-4|record_invalid|it is of form \"99\""),
                        refused -> assertThat(refused)
                                .startsWith("bad-5|record_invalid|bogus: unknown field; known fields: id, ")
                                .endsWith("attempt, error, attempts, failed_at"),
                        refused -> assertThat(refused)
                                .startsWith("bad-6|record_invalid|failed_at: \"monday\" is not a time such as "),
                        refused ->
                                assertThat(refused).startsWith("bad-2|record_invalid|model: unknown model \"no/such\""),
                        refused -> assertThat(refused).startsWith("bad-3|input_missing|"));
        assertThat(records("team-a/" + own).getLast().value()).isNull();
        assertThat(records("team-b/" + own).getLast().value()).isNull();
        assertThat(records(unknown.toString()).getLast().value()).isNotNull();

        publish();
        assertThat(items(replay(thisHour())))
                .as("by the letters of their rows")
                .containsExactlyElementsOf(items(replay));
    }

    /** A job, and a bad record of its id that was put aside under its key. */
    private UUID here(String columns, String values) {
        UUID id = UUID.randomUUID();
        store.execute("insert into job (id, model, lane, max_attempts, " + columns + ") values ('" + id + "', '" + MUSIC
                + "', 'bulk', 3, " + values + ")");
        store.execute("insert into job_payload (job_id, input) values ('" + id + "', '{\"prompt\":\"corrected\"}')");
        publish();
        put(
                id.toString(),
                letter(
                        "{\"id\":\"" + id + "\",\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":7}}",
                        "invalid_input"));
        return id;
    }

    /** Another service's bad record was put aside, before or after one of the same id became a job. */
    @Test
    void shouldWriteAnewALetterThatIsNotThatOfItsRow() throws Exception {
        UUID succeeded = here("status, settled_at", "'succeeded', now()");
        UUID queued = here("status, dispatch_at", "'queued', now()");
        UUID failed = here(
                "status, settled_at, error_class, error_message, error_retryable",
                "'failed', now(), 'internal', 'it broke', false");

        try (Letters letters = replays.prepare(thisHour(), NOTHING, null)) {
            store.tried(letters.choice(), "select 'a dry run'");
        }
        publish();
        assertThat(records(succeeded.toString()).getLast().value()).isNotNull();
        assertThat(items(replay(thisHour())))
                .containsExactlyInAnyOrder(succeeded.toString(), queued.toString(), failed.toString());
        publish();

        assertThat(records(succeeded.toString()).getLast().value()).isNull();
        assertThat(records(queued.toString()).getLast().value()).isNull();
        assertThat(TopicReader.text(records(failed.toString()).getLast().value()))
                .startsWith("{\"id\":\"" + failed + "\",\"model\":");
        store.execute("delete from job");
        assertThat(items(replay(thisHour())))
                .as("what had succeeded is not bought when its row is gone")
                .isEmpty();
    }

    @Test
    void shouldHoldAgainstALetterWhatTheProviderMadeSinceOncePerPrediction() throws Exception {
        String rain = "{\"prompt\":\"rain\"}";
        UUID oldest = putFailed(rain, at(2));
        UUID newer = putFailed(rain, at(3));
        UUID newest = putFailed("{\"duration\":30,\"prompt\":\"rain\"}", at(30));
        UUID wind = putFailed("{\"prompt\":\"wind\"}", at(2));
        UUID paid = UUID.randomUUID();
        putFailed(
                paid,
                MUSIC,
                "{\"prompt\":\"wind\"}",
                "[" + attempt(1, "failed", "known", at(20), "null") + "]",
                at(21));
        InputKeys keys = new InputKeys(catalogue, MUSIC);
        made(MUSIC, "before", at(1), keys.ofOurs(rain), null);
        made(MUSIC, "since", at(10), keys.ofOurs(rain), null);
        made(MUSIC, "since-2", at(11), keys.ofOurs(rain), null);
        made(MUSIC, "known", at(20), keys.ofOurs("{\"prompt\":\"wind\"}"), null);

        UUID replay = replay(thisHour());

        assertThat(items(replay))
                .containsExactlyInAnyOrder(
                        oldest + " provider_has_it",
                        newer + " provider_has_it",
                        newest.toString(),
                        wind.toString(),
                        paid.toString());
        assertThat(store.text("select evidence_message from restored_job where job_id = '" + oldest + "'"))
                .isEqualTo(
                        "the provider made prediction since of its model with an equal input at %s, after its letter was"
                                        .formatted(at(10))
                                + " written, and no attempt here has it");

        made(MUSIC, "untold", at(25), null, null);
        assertThat(items(replay(thisHour())))
                .as(
                        "what was restored before is asked about again; and an input that nobody tells may be any older one's")
                .containsExactlyInAnyOrder(
                        oldest + " provider_has_it",
                        newer + " provider_has_it",
                        newest.toString(),
                        wind + " history_unread",
                        paid + " history_unread");
    }

    @Test
    void shouldNotBuyAClipsWorkAgainWhenTheClipsAddressIsForgotten() throws Exception {
        String clip = "{\"prompt\":\"rain\",\"audio\":\"media:sha256:" + "a".repeat(64) + "\"}";
        UUID id = UUID.randomUUID();
        putFailed(id, AUDIO, clip, "[]", at(2));
        made(AUDIO, "uploaded", at(10), "b".repeat(64), new InputKeys(catalogue, AUDIO).withoutClips(clip));

        assertThat(items(replay(thisHour()))).containsExactly(id + " history_unread");
    }

    @Test
    void shouldSayHowFarTheHistoryIsReadAndGoOnWithoutWhenForced() throws Exception {
        store.execute("delete from history_question");
        UUID id = putFailed("{\"prompt\":\"rain\"}", at(2));

        assertThatThrownBy(() -> replay(thisHour()))
                .isInstanceOf(HistoryUnreadException.class)
                .hasMessageContaining(MUSIC + ", 0 predictions so far; ask again");
        store.execute("update worker set ended_at = now(), end_reason = 'stopped'");
        assertThatThrownBy(() -> replay(thisHour())).hasMessageContaining("no worker is running");
        store.execute("update worker set ended_at = null, end_reason = null");

        try (Letters letters = replays.prepare(thisHour(), Set.of(SkipReason.HISTORY_UNREAD), null)) {
            assertThat(items(store.chosen(letters.choice()))).containsExactly(id + " history_unread");
        }
    }
}
