package io.wavequeue.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.job.AttemptStatus;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Lane;
import io.wavequeue.store.DispatchStore.DueJob;
import io.wavequeue.store.JobEvent;
import io.wavequeue.store.JobEvent.Change;
import io.wavequeue.store.JobEvent.Letter;
import io.wavequeue.store.JobEvent.LetterChange;
import io.wavequeue.store.JobEvent.Request;
import io.wavequeue.store.view.StoredJob;
import io.wavequeue.test.MessageSchemas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schemas, names in the code and what is written agree. What the triggers write is shown by {@link EveryChangeIT}. */
class MessageSchemaTest {
    private static final UUID ID = new UUID(0x01a1fe93d73c7de8L, 0x8d5173729471e5d5L);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MessageSchemas schemas = new MessageSchemas(Path.of("..", "deploy", "docs", "schema"));

    private List<String> names(String file, String pointer) {
        List<String> names = new ArrayList<>();
        schemas.text(file).at(pointer).forEach(name -> {
            if (!name.isNull()) {
                names.add(name.textValue());
            }
        });
        return names;
    }

    private static <T> List<String> codes(T[] values, Function<T, String> code) {
        return Arrays.stream(values).map(code).toList();
    }

    @Nested
    class Names {
        @Test
        void shouldBeThoseOfTheCode() {
            List<String> states = codes(JobStatus.values(), JobStatus::code);
            List<String> classes = codes(ErrorClass.values(), ErrorClass::code);

            assertThat(names(MessageSchemas.EVENT, "/$defs/status/enum")).isEqualTo(states);
            assertThat(names(MessageSchemas.EVENT, "/properties/type/enum"))
                    .hasSize(states.size() + 1)
                    .containsAll(states.stream()
                            .map(state -> EventRecords.TYPE_PREFIX + state)
                            .toList())
                    .contains(EventRecords.TYPE_PREFIX + EventRecords.ARCHIVED);
            assertThat(names(MessageSchemas.EVENT, "/$defs/error/properties/class/enum"))
                    .isEqualTo(classes);
            assertThat(names(MessageSchemas.DEAD_LETTER, "/$defs/error/properties/class/enum"))
                    .isEqualTo(classes);
            assertThat(names(MessageSchemas.EVENT, "/$defs/data/properties/hold_reason/enum"))
                    .isEqualTo(codes(HoldReason.values(), HoldReason::code));
            assertThat(names(MessageSchemas.DEAD_LETTER, "/$defs/attempt/properties/status/enum"))
                    .isEqualTo(codes(AttemptStatus.values(), AttemptStatus::code));
            assertThat(names(MessageSchemas.EVENT, "/$defs/data/properties/lane/enum"))
                    .isEqualTo(codes(Lane.values(), Lane::code));
            assertThat(names(MessageSchemas.JOB_RECORD, "/properties/lane/enum"))
                    .isEqualTo(codes(Lane.values(), Lane::code));
            assertThat(names(MessageSchemas.DEAD_LETTER, "/$defs/record/properties/topic/enum"))
                    .isEqualTo(codes(Lane.values(), Topics::of));
        }

        @Test
        void shouldStandInSchemasThatAreValid() {
            JsonNode ofSchemas = JSON.createObjectNode().put("$ref", "https://json-schema.org/draft/2020-12/schema");
            for (String file : List.of(MessageSchemas.EVENT, MessageSchemas.DEAD_LETTER, MessageSchemas.JOB_RECORD)) {
                JsonNode schema = schemas.text(file);
                assertThat(schemas.faults(ofSchemas, schema)).as(file).isEmpty();
                assertThat(schema.path("$id").textValue())
                        .isEqualTo("urn:wavequeue:schema:" + file.replace(".schema.json", ""));
            }
        }
    }

    @Nested
    class Written {
        private final JobEvent event = new JobEvent(
                ID,
                4,
                false,
                new Change("failed", "running", null, 1, false, new StoredJob.Error("internal", "it broke", false)),
                Instant.parse("2026-11-21T14:47:44Z"),
                null,
                new LetterChange.None(),
                null);

        private void assertFits(String file, byte[] value) {
            assertThat(schemas.faults(file, value))
                    .as(new String(value, StandardCharsets.UTF_8))
                    .isEmpty();
        }

        @Test
        void shouldFitWhenARecordIsPutAside() {
            JobError error = JobError.of(ErrorClass.INVALID_INPUT, "input: is required");
            for (String value : Arrays.asList("{\"model\":1}", "\0 no JSON \uD83C", "x".repeat(200_000), null)) {
                byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
                assertFits(
                        MessageSchemas.DEAD_LETTER,
                        DeadLetterJson.of(
                                new ConsumerRecord<>(Topics.of(Lane.BULK), 7, 1_204, null, bytes),
                                error,
                                Instant.EPOCH));
            }
        }

        @Test
        void shouldFitWhenALettersInputIsTooLarge() {
            String input = "{\"prompt\":\"" + "x".repeat(1 << 20) + "\"}";
            Letter letter = new Letter(
                    input, "{}", 3, 1, new StoredJob.Error("internal", "it broke", false), Instant.EPOCH, List.of());
            byte[] written = DeadLetterJson.of(event, new Request("m", "bulk", null, null), letter);

            assertThat(written.length).isLessThan(1_000);
            assertFits(MessageSchemas.DEAD_LETTER, written);
        }

        @ParameterizedTest
        @CsvSource({"1, ',\"max_attempts\":1'", "3, ''", "10, ',\"max_attempts\":10'"})
        void shouldFitWhenALetterTellsHowOftenItsJobMayBeTried(int maxAttempts, String told) {
            Letter letter = new Letter(
                    "{}",
                    "{}",
                    maxAttempts,
                    1,
                    new StoredJob.Error("internal", "it broke", false),
                    Instant.EPOCH,
                    List.of());
            byte[] written = DeadLetterJson.of(event, new Request("m", "bulk", null, null), letter);

            assertFits(MessageSchemas.DEAD_LETTER, written);
            assertThat(new String(written, StandardCharsets.UTF_8))
                    .startsWith("{\"id\":\"" + ID + "\",\"model\":\"m\",\"input\":{}" + told + ",\"attempt\":1,");
        }

        @Test
        void shouldFitWhenTheJobsRowIsGone() {
            assertThat(new EventRecords(ID).of(event))
                    .singleElement()
                    .satisfies(record -> assertFits(MessageSchemas.EVENT, record.value()));
        }

        @Test
        void shouldFitWhenAJobIsHandedOver() {
            assertFits(
                    MessageSchemas.JOB_RECORD,
                    JobSender.value(new DueJob(
                            ID, "m", Lane.BULK, 10, 2, 5, "{\"prompt\":\"x\"}", "{\"scene\":\"cave\"}", "hit_01", ID)));
            assertFits(
                    MessageSchemas.JOB_RECORD,
                    JobSender.value(
                            new DueJob(ID, "m", Lane.INTERACTIVE, 3, 0, 1, "{\"prompt\":\"x\"}", "{}", null, null)));
        }

        /** Whatever the code adds or leaves out is found: each field is needed, and no other is known. */
        @Test
        void shouldNotFitOtherwise() throws Exception {
            JsonNode whole =
                    JSON.readTree(new EventRecords(ID).of(event).getFirst().value());
            assertStrict(whole, "");
            assertStrict(whole, "/data");
            assertStrict(whole, "/data/error");
            for (Map.Entry<String, String> wrong : Map.of(
                            "/data/hold_reason", "\"paused\"",
                            "/data/status", "\"queued\"",
                            "/data/error", "null",
                            "/data/version", "0",
                            "/type", "\"io.wavequeue.job.archived\"",
                            "/time", "\"yesterday\"",
                            "/subject", "\"a job\"")
                    .entrySet()) {
                ObjectNode changed = whole.deepCopy();
                int name = wrong.getKey().lastIndexOf('/');
                ((ObjectNode) changed.at(wrong.getKey().substring(0, name)))
                        .set(wrong.getKey().substring(name + 1), JSON.readTree(wrong.getValue()));
                assertThat(schemas.faults(MessageSchemas.EVENT, changed))
                        .as(wrong.toString())
                        .isNotEmpty();
            }
        }

        private void assertStrict(JsonNode whole, String pointer) {
            ObjectNode more = whole.deepCopy();
            ((ObjectNode) more.at(pointer)).put("more", 1);
            assertThat(schemas.faults(MessageSchemas.EVENT, more)).isNotEmpty();
            whole.at(pointer).fieldNames().forEachRemaining(field -> {
                ObjectNode less = whole.deepCopy();
                ((ObjectNode) less.at(pointer)).remove(field);
                assertThat(schemas.faults(MessageSchemas.EVENT, less)).as(field).isNotEmpty();
            });
        }
    }
}
