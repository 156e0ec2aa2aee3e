package io.wavequeue.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.AdmissionResult.Admitted;
import io.wavequeue.admission.AdmissionResult.Refused;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.Lane;
import io.wavequeue.job.NewJob;
import io.wavequeue.job.NewJob.Tag;
import io.wavequeue.store.MediaStore.Media;
import io.wavequeue.test.MessageSchemas;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    private static final UUID ID = new UUID(1, 2);
    private static final String KNOWN = "a".repeat(64);
    private static final String MUSIC = "stability-ai/stable-audio-3/music";

    private final Admission admission = new Admission(
            Catalogue.load(null, null),
            sha256s -> sha256s.contains(KNOWN)
                    ? List.of(new Media(KNOWN, 10, "audio/wav", "a.wav", new BigDecimal("12.5"), null))
                    : List.of());

    private AdmissionResult admit(String request, RequestForm form) {
        JsonNode json = ((JsonRead.Value) StrictJson.read(request.getBytes(StandardCharsets.UTF_8))).json();
        return admission.admit(ID, json, form);
    }

    private NewJob admitted(String request, RequestForm form) {
        AdmissionResult result = admit(request, form);
        assertThat(result).isInstanceOf(Admitted.class);
        return ((Admitted) result).job();
    }

    private List<FieldError> refused(String request) {
        AdmissionResult result = admit(request, RequestForm.BODY);
        assertThat(result).isInstanceOf(Refused.class);
        return ((Refused) result).errors();
    }

    @Nested
    class Admit {
        @Test
        void shouldTakeTheWholeRequest() {
            NewJob job = admitted("""
                    {"model": "%s", "input": {"duration": 30.0, "prompt": "a\\nb"}, "reference": "hit_01", "lane": "bulk",
                     "labels": {"scene": "cave"}, "max_attempts": 1}
                    """.formatted(MUSIC), RequestForm.BODY);
            assertThat(job)
                    .isEqualTo(new NewJob(
                            ID,
                            MUSIC,
                            Lane.BULK,
                            "{\"duration\":30.0,\"prompt\":\"a\\nb\"}",
                            "{\"scene\":\"cave\"}",
                            new Tag("hit_01", null),
                            1,
                            new BigDecimal("0.021700"),
                            new BigDecimal("0.021700")));
        }

        @Test
        void shouldFillInWhatIsLeftOutButNotTheInput() {
            NewJob job = admitted(
                    "{\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":\"x\"},\"reference\":null,\"labels\":null}",
                    RequestForm.BODY);
            assertThat(job.input()).isEqualTo("{\"prompt\":\"x\"}");
            assertThat(job.lane()).isEqualTo(Lane.INTERACTIVE);
            assertThat(job.labels()).isEqualTo("{}");
            assertThat(job.maxAttempts()).isEqualTo(3);
            assertThat(job.tag()).isEqualTo(Tag.NONE);
        }

        @Test
        void shouldTakeTheFurtherFieldsOfARecord() {
            String record = "{\"id\":\"" + ID + "\",\"attempt\":0,\"batch_id\":\"" + ID + "\",\"model\":\"" + MUSIC
                    + "\",\"input\":{\"prompt\":\"x\"}}";
            NewJob job = admitted(record, RequestForm.record(Lane.BULK));
            assertThat(job.lane()).isEqualTo(Lane.BULK);
            assertThat(job.tag()).isEqualTo(new Tag(null, ID));
            assertThat(refused(record)).extracting(FieldError::field).containsExactly("id", "attempt", "batch_id");
        }

        @Test
        void shouldPriceByTheClipsLength() {
            NewJob job = admitted(
                    "{\"model\":\"wavespeed-ai/ace-step/audio-outpaint\",\"input\":{\"audio\":\"media:sha256:" + KNOWN
                            + "\",\"tags\":\"calm\"}}",
                    RequestForm.BODY);
            assertThat(job.estimatedUsd()).isEqualByComparingTo("0.006");
            assertThat(job.reserveUsd()).isEqualByComparingTo("0.0085");
        }
    }

    @Nested
    class Refuse {
        @Test
        void shouldListEveryFaultAtOnce() {
            assertThat(refused("""
                            {"model": "%s", "input": {"promt": "x", "duration": 0.5}, "referense": "a", "reference": "",
                             "lane": 3, "labels": {"": "x", "a:b": "x", "n": 1, "t": "a\\tb"}, "max_attempts": 0}
                            """.formatted(MUSIC)))
                    .extracting(FieldError::field)
                    .contains(
                            "referense",
                            "input.prompt",
                            "input.promt",
                            "reference",
                            "lane",
                            "labels.",
                            "labels.a:b",
                            "labels.n",
                            "labels.t",
                            "max_attempts");
        }

        @Test
        void shouldCheckTheRestWhenTheModelIsUnknown() {
            assertThat(refused("{\"model\":\"stability-ai/stable-audio-3/musics\",\"input\":{},\"max_attempts\":99}"))
                    .extracting(FieldError::field)
                    .containsExactly("model", "max_attempts");
        }

        @Test
        void shouldNameTheFieldOfAClipThatWasNeverUploaded() {
            assertThat(refused(
                            "{\"model\":\"stability-ai/stable-audio-3/audio-to-audio\",\"input\":{\"audio\":\"media:sha256:"
                                    + "b".repeat(64) + "\",\"prompt\":\"x\"}}"))
                    .singleElement()
                    .satisfies(error -> {
                        assertThat(error.field()).isEqualTo("input.audio");
                        assertThat(error.message()).contains("POST /v1/media");
                    });
        }

        @ParameterizedTest
        @CsvSource({"[], a list", "null, null", "1, 1", "'\"x\"', x"})
        void shouldRefuseWhatIsNoObject(String request, String shown) {
            assertThat(refused(request)).singleElement().satisfies(error -> assertThat(error.message())
                    .contains(shown));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {"reference | 201 | 1", "reference | 200 | 0", "labels | 257 | 1", "labels | 256 | 0"})
        void shouldKeepToTheLengths(String field, int length, int faults) {
            String text = "\"" + "😀".repeat(length) + "\"";
            String value = field.equals("labels") ? "{\"k\":" + text + "}" : text;
            AdmissionResult result = admit(
                    "{\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":\"x\"},\"" + field + "\":" + value + "}",
                    RequestForm.BODY);
            assertThat(result instanceof Refused(var errors) ? errors.size() : 0)
                    .isEqualTo(faults);
        }

        @Test
        void shouldRefuseMoreThan32Labels() {
            StringBuilder labels = new StringBuilder();
            for (int i = 0; i < 33; i++) {
                labels.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":\"v\"");
            }
            assertThat(refused(
                            "{\"model\":\"" + MUSIC + "\",\"input\":{\"prompt\":\"x\"},\"labels\":{" + labels + "}}"))
                    .extracting(FieldError::field)
                    .containsExactly("labels");
        }
    }

    /** What {@code deploy/docs/schema/job-record.schema.json} tells other services is what is taken. */
    @Nested
    class Record {
        private final MessageSchemas schemas = new MessageSchemas(Path.of("..", "deploy", "docs", "schema"));

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '~',
                value = {
                    "true | `id`:null,`reference`:null,`lane`:null,`labels`:null,`max_attempts`:null,`batch_id`:null",
                    "true | `id`:`00000000-0000-0001-0000-000000000002`,`attempt`:0,`lane`:`bulk`,`labels`:{`k`:``}",
                    "false | `reference`:``",
                    "false | `reference`:7",
                    "false | `reference`:`a\\tb`",
                    "false | `reference`:`a\\u0085b`",
                    "false | `lane`:`fast`",
                    "false | `labels`:{`a:b`:`c`}",
                    "false | `labels`:{``:`c`}",
                    "false | `labels`:{`a`:1}",
                    "false | `labels`:[]",
                    "false | `max_attempts`:0",
                    "false | `max_attempts`:11",
                    "false | `max_attempts`:`3`",
                    "false | `batch_id`:`mine`",
                    "false | `takes`:2"
                })
        void shouldBeTakenAsItsSchemaSays(boolean taken, String fields) {
            String record =
                    "{\"model\":\"%s\",\"input\":{\"prompt\":\"x\"},%s}".formatted(MUSIC, fields.replace('`', '"'));

            assertThat(admit(record, RequestForm.record(Lane.BULK)) instanceof Admitted)
                    .isEqualTo(taken);
            assertThat(schemas.faults(MessageSchemas.JOB_RECORD, record.getBytes(StandardCharsets.UTF_8))
                            .isEmpty())
                    .isEqualTo(taken);
        }
    }
}
